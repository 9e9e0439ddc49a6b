import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';

/** Tables that grow with every request, and those with a row for many of them. */
const GROWING = [
  'requests',
  'attempts',
  'usage_hours',
  'usage_sums',
  'usage_months',
  'request_hours',
  'usage_minutes',
  'ledger_entries',
];

const ROUTES = [
  ...[
    '/overview',
    '/status',
    '/storage',
    '/alerts',
    '/changes',
    '/members',
    '/keys',
    '/limits',
    '/quotas',
    '/plans',
  ],
  ...[
    '/models',
    '/providers',
    '/presets',
    '/ip-blocks',
    '/settings',
    '/billing',
    '/billing/sessions',
    '/connect/tools',
  ],
  ...[
    '/members/1',
    '/members/1/limits',
    '/members/1/ledger',
    '/limits/tightest?memberIds=1',
    '/limits/state?model=m',
  ],
  ...[
    '/requests',
    '/requests/1',
    '/requests?format=csv',
    '/requests?format=jsonl',
    '/usage/providers',
    '/diagnostics',
  ],
  ...[
    'memberId=1',
    'keyId=1',
    'model=ntl%2Fecho',
    'providerId=1',
    'tool=curl',
    'endpoint=chat',
    'address=127.0.0.1',
  ].map((filter) => `/requests?${filter}`),
  ...[
    'status=502',
    'code=upstream_error',
    'outcome=refused',
    'outcome=running',
    'outcome=ok',
    'streamed=true',
  ].map((filter) => `/requests?${filter}`),
  ...[
    'keyPrefix=ntl_live_',
    'requestId=0199a5b2-7c00-7000-8000-0123456789ab',
    'model=ntl%2Fecho&tool=curl&memberId=1',
  ].map((filter) => `/requests?${filter}`),
  ...['hour', 'day', 'total'].flatMap((step) =>
    ['', 'model', 'member', 'key', 'provider', 'tool', 'model,member'].map((groups) =>
      `/usage?step=${step}&groupBy=${groups}&timeZoneOffsetMinutes=60`.replace('&groupBy=&', '&'),
    ),
  ),
  ...['hour', 'day', 'week', 'month', 'total'].flatMap((step) =>
    ['model', 'member', 'key', 'model,member'].map((groups) =>
      `/usage?step=${step}&groupBy=${groups}&top=2&metric=cost&startDate=2020-01-01`.replace(
        'startDate=2020-01-01',
        step === 'hour' ? 'timeZoneOffsetMinutes=60' : 'startDate=2020-01-01&timeZoneOffsetMinutes=60',
      ),
    ),
  ),
  ...['memberId=1', 'keyId=1', 'model=ntl%2Fecho'].map(
    (filter) => `/usage?${filter}&timeZoneOffsetMinutes=60`,
  ),
];

let gateway: TestGateway;
const statements = new Set<string>();

beforeAll(async () => {
  const { prepare } = Database.prototype;
  vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (this: Database.Database, sql: string) {
    statements.add(sql);
    return prepare.call(this, sql) as never;
  });
  gateway = await startGateway();
});
afterAll(async () => {
  vi.restoreAllMocks();
  await gateway[Symbol.asyncDispose]();
});

/** Lines of a plan that go through all of a growing table, unless the statement says how many rows it wants. */
function fullScans(db: Database.Database, sql: string): string[] {
  const named = new Map(GROWING.map((table) => [table, table]));
  for (const [, table = '', alias = ''] of sql.matchAll(/\b([a-z_]+) (?:AS )?([a-z])\b(?! *\()/g))
    if (named.has(table)) named.set(alias, table);
  const names = Object.fromEntries([...sql.matchAll(/@(\w+)/g)].map(([, name = '']) => [name, 1]));
  const values = [...sql.matchAll(/\?/g)].map(() => 1);
  const explain = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
  const plan = explain.all(...(Object.keys(names).length > 0 ? [names] : values));
  return (
    plan
      .map(({ detail }) => detail)
      .filter((detail) => named.has(/^SCAN (\w+)/.exec(detail)?.[1] ?? ''))
      // This index holds what runs at the moment, and nothing else.
      .filter((detail) => !detail.endsWith('USING INDEX requests_running'))
      .filter(() => !/\bLIMIT\b/.test(sql))
  );
}

it('no statement goes through all of a table that grows', async () => {
  const chat = { model: 'ntl/echo', messages: [{ role: 'user', content: 'hello' }] };
  for (let count = 0; count < 3; count++) await gateway.post('/v1/chat/completions', chat);
  await gateway.post('/v1/chat/completions', { ...chat, model: 'nobody' });
  await until('the rows', async () => (await gateway.rows()).length === 4);
  for (const route of ROUTES) {
    const { status, body } = await gateway.admin('GET', route);
    expect([route, status, status === 200 ? null : body]).toEqual([route, 200, null]);
  }
  const db = new Database(`${gateway.dataDir}/ntl.db`, { readonly: true });
  try {
    const growing = [...statements].filter((sql) =>
      GROWING.some((table) => new RegExp(`\\b${table}\\b`).test(sql)),
    );
    expect(growing.length).toBeGreaterThan(50);
    const scans = growing.flatMap((sql) => {
      const found = fullScans(db, sql.replace(/^EXPLAIN QUERY PLAN /, ''));
      return found.length === 0 ? [] : [`${found.join('; ')}: ${sql.replace(/\s+/g, ' ').slice(0, 300)}`];
    });
    expect(scans).toEqual([]);
  } finally {
    db.close();
  }
});
