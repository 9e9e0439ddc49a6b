import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AuditRow } from '../../gateway/doors/admin/contract.ts';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { AdminError, readLatestRequests, readStatus, readUsageSince } from '../../renderer/api/admin-api.ts';
import { withRow } from '../../renderer/api/latest-rows.ts';
import { type LiveEvent, watchEvents } from '../../renderer/api/live-events.ts';
import type { Overview, Trouble } from '../../renderer/api/use-overview.ts';
import { Unreachable } from '../../renderer/components/unreachable.tsx';
import { startOfDay } from '../../renderer/format.ts';
import { HomePage } from '../../renderer/pages/home/home-page.tsx';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';

const { signal } = new AbortController();

describe('what the panel reads of a running gateway', () => {
  let gateway: TestGateway;
  let token: string | undefined;

  beforeAll(async () => {
    gateway = await startGateway();
    const { fetch } = globalThis;
    // The page's paths, on the gateway's address and with the owner's right.
    vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
      if (!path.startsWith('/')) return fetch(path, init);
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return fetch(gateway.url + path, { ...init, headers });
    });
  });
  afterAll(async () => {
    vi.unstubAllGlobals();
    await gateway[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    token = readRuntimeFile(gateway.dataDir)?.adminToken;
  });

  test('a request shows at once, in the list and in today’s sums', async () => {
    const gone = new AbortController();
    const opened = Promise.withResolvers<void>();
    const events: LiveEvent[] = [];
    const watching = watchEvents(gone.signal, opened.resolve, (event) => events.push(event));
    await opened.promise;

    await gateway.post('/v1/chat/completions', {
      model: 'ntl/echo',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    await gateway.post('/v1/chat/completions', {
      model: 'no such',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    await until('both events', () => events.filter(({ type }) => type === 'request').length === 2);
    gone.abort();
    await expect(watching).rejects.toThrow();

    const told = events.flatMap((event) => (event.type === 'request' ? [event.data] : []));
    const rows = await readLatestRequests(20, signal);
    expect(rows).toHaveLength(2);
    expect(told.reduce<AuditRow[]>((list, row) => withRow(list, row, 20), []).map(({ id }) => id)).toEqual(
      rows.map(({ id }) => id),
    );

    const today = await readUsageSince(startOfDay(new Date()), signal);
    expect(today).toMatchObject({ requests: 1, refused: 1 });

    const status = await readStatus(signal);
    const page = textOf({ status, today, rows, draining: false });
    expect(page).toContain('Gateway is running');
    expect(page).toContain(`${gateway.url}/api/v1`);
    expect(page).toContain(`${gateway.url}/api<`);
    expect(page).toContain('unknown_model');
    expect(page).toContain('Built in');
    expect(page).toContain(status.vault.protection);
  });

  test('without a session the gateway’s refusal is told as such', async () => {
    token = undefined;
    const refusal = await readStatus(signal).catch((error) => error);
    expect(refusal).toBeInstanceOf(AdminError);
    expect(refusal.status).toBe(401);
    expect(refusal.message).toContain('Sign in');
  });

  test('old data stays, marked, while the gateway does not answer', async () => {
    const status = await readStatus(signal);
    const today = await readUsageSince(startOfDay(new Date()), signal);
    const trouble = { kind: 'unreachable', message: 'The gateway does not answer.' } as const;
    const page = textOf({ status, today, rows: [], draining: false }, trouble);
    expect(page).toContain('What is below was true before.');
    expect(page).toContain('No request yet.');
    expect(page).not.toContain('Gateway is running');
  });
});

test('a browser that is not signed in learns how', () => {
  const page = renderToStaticMarkup(createElement(Unreachable, { trouble: { kind: 'signed-out' } }));
  expect(page).toContain('not signed in');
  expect(page).toContain('npm run -s ntl -- status');
});

describe('rows that are told live', () => {
  const row = (id: string, second: number) =>
    ({ id, at: new Date(second * 1_000).toISOString() }) as AuditRow;

  test('stand by the moment they began, and no more than asked for', () => {
    const rows = withRow([row('3', 3), row('1', 1)], row('2', 2), 2);
    expect(rows.map(({ id }) => id)).toEqual(['3', '2']);
  });

  test('take the place of their earlier selves', () => {
    const rows = withRow([row('2', 2), row('1', 1)], { ...row('1', 1), status: 200 }, 20);
    expect(rows.map(({ id, status }) => [id, status])).toEqual([
      ['2', undefined],
      ['1', 200],
    ]);
  });
});

function textOf(data: Overview, trouble: Trouble | null = null): string {
  return renderToStaticMarkup(createElement(HomePage, { data, trouble }));
}
