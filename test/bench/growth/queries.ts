import { join } from 'node:path';
import Database from 'better-sqlite3';
import { MODELS, PROVIDERS } from './people.ts';

const DAY_MS = 86_400_000;

/** What the panel and the admin API ask of a grown database: a name and a path each. */
export function adminQueries(dataDir: string): [name: string, path: string][] {
  const facts = factsOf(dataDir);
  const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
  const today = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS).toISOString();
  const zone = 'timeZoneOffsetMinutes';
  const spans = [1, 7, 30, 90, 365] as const;
  return [
    ['home: overview', `/overview?${zone}=60`],
    ['home: newest rows', '/requests?pageSize=20'],
    ['home: 24 h by model', `/usage?step=hour&groupBy=model&startDate=${ago(1)}`],
    ['providers today', `/usage/providers?startDate=${today}`],
    ['providers, 30 d (as told)', '/usage/providers'],
    ['providers, 365 d', `/usage/providers?startDate=${ago(365)}`],
    ['models today', `/usage?step=total&groupBy=model&startDate=${today}&pageSize=100000`],
    ['members today', `/usage?step=total&groupBy=member&startDate=${today}&pageSize=100000`],
    // The usage page: bars of the four largest groups and the rest, and a table of the hundred largest.
    ...spans.flatMap((days) =>
      (['model', 'member', 'key', 'tool', 'provider'] as const).flatMap((by): [string, string][] => {
        const asked = `groupBy=${by}&startDate=${ago(days)}&${zone}=60&metric=cost`;
        const bar = days < 3 ? 'hour' : days > 120 ? 'week' : 'day';
        return [
          [`usage ${days} d by ${by}: bars`, `/usage?step=${bar}&top=4&${asked}`],
          [`usage ${days} d by ${by}: table`, `/usage?step=total&pageSize=100&${asked}`],
        ];
      }),
    ),
    ...(['model', 'member', 'key'] as const).map((by): [string, string] => [
      `usage 365 d by ${by}, every day`,
      `/usage?step=day&groupBy=${by}&startDate=${ago(365)}&${zone}=60&pageSize=100000`,
    ]),
    ['usage 365 d by model, UTC', `/usage?step=day&groupBy=model&startDate=${ago(365)}`],
    ['usage 365 d by model, Tokyo', `/usage?step=day&groupBy=model&startDate=${ago(365)}&${zone}=540`],
    ['usage 365 d total', `/usage?step=total&startDate=${ago(365)}`],
    ['usage 365 d total by member', `/usage?step=total&groupBy=member&startDate=${ago(365)}`],
    ['usage 365 d total by key', `/usage?step=total&groupBy=key&startDate=${ago(365)}&pageSize=100`],
    [
      'usage 365 d of a busy member by model',
      `/usage?step=day&groupBy=model&memberId=${facts.busyMember}&startDate=${ago(365)}`,
    ],
    [
      'usage 365 d of a model by provider',
      `/usage?step=day&groupBy=provider&model=${facts.busyModel}&startDate=${ago(365)}`,
    ],
    ['usage 90 d of a tool by model', `/usage?step=day&groupBy=model&tool=codex&startDate=${ago(90)}`],
    ['usage CSV, 365 d by model', `/usage?step=day&groupBy=model&format=csv&startDate=${ago(365)}`],
    ['audit: all', '/requests?pageSize=500'],
    ['audit: page 100', '/requests?pageSize=500&page=100'],
    ['audit: last 24 h', `/requests?pageSize=500&startDate=${ago(1)}`],
    ['audit: a day a year ago', `/requests?pageSize=500&startDate=${ago(365)}&endDate=${ago(364)}`],
    ['audit: busy member', `/requests?pageSize=500&memberId=${facts.busyMember}`],
    ['audit: quiet member', `/requests?pageSize=500&memberId=${facts.quietMember}`],
    ['audit: busy key', `/requests?pageSize=500&keyId=${facts.busyKey}`],
    ['audit: quiet key', `/requests?pageSize=500&keyId=${facts.quietKey}`],
    ['audit: key by its prefix', `/requests?pageSize=500&keyPrefix=${facts.quietPrefix}`],
    ['audit: busy model', `/requests?pageSize=500&model=${facts.busyModel}`],
    ['audit: rare model', `/requests?pageSize=500&model=${facts.rareModel}`],
    ['audit: model nobody asked', '/requests?pageSize=500&model=quota%2Fopus-max'],
    ['audit: provider', `/requests?pageSize=500&providerId=${PROVIDERS}`],
    ['audit: tool', '/requests?pageSize=500&tool=aider'],
    ['audit: endpoint', '/requests?pageSize=500&endpoint=responses'],
    ['audit: quiet address', `/requests?pageSize=500&address=${facts.quietAddress}`],
    ['audit: refused', '/requests?pageSize=500&outcome=refused'],
    ['audit: failed', '/requests?pageSize=500&outcome=failed'],
    ['audit: went well', '/requests?pageSize=500&outcome=ok'],
    ['audit: running', '/requests?pageSize=500&outcome=running'],
    ['audit: code', '/requests?pageSize=500&code=invalid_key'],
    ['audit: status', '/requests?pageSize=500&status=502'],
    ['audit: a status nobody got', '/requests?pageSize=500&status=418'],
    ['audit: not streamed', '/requests?pageSize=500&streamed=false'],
    ['audit: request id', `/requests?requestId=${facts.requestId}`],
    ['audit: model and tool', `/requests?pageSize=500&model=${facts.busyModel}&tool=aider`],
    ['audit: rare model, failed', `/requests?pageSize=500&model=${facts.rareModel}&outcome=failed`],
    [
      'audit: member, refused, 24 h',
      `/requests?memberId=${facts.busyMember}&outcome=refused&startDate=${ago(1)}&pageSize=200`,
    ],
    ['audit: CSV page', `/requests?format=csv&page=1&pageSize=500`],
    ['audit: one row', `/requests/${facts.oneRow}`],
    ['member', `/members/${facts.busyMember}`],
    [
      'member: 30 days',
      `/usage?memberId=${facts.busyMember}&step=day&startDate=${ago(30)}&${zone}=60&pageSize=1000`,
    ],
    ['member: latest', `/requests?memberId=${facts.busyMember}&pageSize=6`],
    ['member: limits', `/members/${facts.busyMember}/limits`],
    ['member: ledger', `/members/${facts.busyMember}/ledger?pageSize=50`],
    [
      'tightest of 100 members',
      `/limits/tightest?memberIds=${Array.from({ length: 100 }, (_, index) => index + 2).join(',')}`,
    ],
    ['members, a page', '/members?pageSize=100'],
    ['members, all (panel)', '/members?pageSize=100000'],
    ['keys, a page', '/keys?pageSize=100'],
    ['keys, all (panel)', '/keys?pageSize=100000'],
    ['keys of a member', `/keys?memberId=${facts.busyMember}`],
    ['limits', '/limits'],
    ['limits of a model', `/limits/state?model=${facts.busyModel}`],
    ['quotas', '/quotas'],
    ['plans', '/plans'],
    ['models', '/models?pageSize=100000'],
    ['providers', '/providers?pageSize=100000'],
    ['presets', '/presets'],
    ['alerts', '/alerts?pageSize=20&unseen=true'],
    ['alerts, all', '/alerts?pageSize=100'],
    ['changes', '/changes?pageSize=100'],
    ['blocks', '/ip-blocks'],
    ['status', '/status'],
    ['storage', '/storage'],
    ['settings', '/settings'],
    ['billing', '/billing'],
    ['billing sessions', '/billing/sessions'],
    ['connect', '/connect/tools'],
    ['diagnostics', '/diagnostics'],
    ['logs', '/logs'],
  ];
}

/** Who is busy and what is rare in it. */
function factsOf(dataDir: string) {
  const db = new Database(join(dataDir, 'ntl.db'), { readonly: true });
  try {
    const one = (sql: string, ...values: unknown[]) =>
      db
        .prepare(sql)
        .pluck()
        .get(...values) as string | number;
    const last = Number(one('SELECT max(id) FROM requests'));
    const lately = `FROM requests WHERE id > ${last - 200_000} AND key_id IS NOT NULL`;
    const modelBy = (order: string) =>
      one(
        `SELECT text FROM names WHERE id = (SELECT model ${lately} GROUP BY model ORDER BY count(*) ${order} LIMIT 1)`,
      );
    const keyBy = (order: string) =>
      Number(one(`SELECT key_id ${lately} GROUP BY key_id ORDER BY count(*) ${order} LIMIT 1`));
    const quietKey = keyBy('ASC');
    const address = one(`SELECT address FROM key_addresses WHERE key_id = ?`, quietKey);
    const middle = one('SELECT hex(request_id) FROM requests WHERE id = ?', Math.floor(last / 2)) as string;
    return {
      busyMember: one(`SELECT member_id ${lately} GROUP BY member_id ORDER BY count(*) DESC LIMIT 1`),
      quietMember: one(`SELECT member_id ${lately} GROUP BY member_id ORDER BY count(*) LIMIT 1`),
      busyKey: keyBy('DESC'),
      quietKey,
      quietPrefix: one('SELECT prefix FROM api_keys WHERE id = ?', quietKey),
      busyModel: encodeURIComponent(modelBy('DESC')),
      rareModel: encodeURIComponent(modelBy('ASC')),
      quietAddress: one('SELECT text FROM names WHERE id = ?', address),
      requestId: middle.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
      oneRow: Math.floor(last / 3),
      models: MODELS,
    };
  } finally {
    db.close();
  }
}
