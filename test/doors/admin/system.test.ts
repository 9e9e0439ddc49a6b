import { describe, expect, it } from 'vitest';
import { openAdmin } from './admin-app.ts';

describe('settings', () => {
  it('change only in what the PATCH names, and stay', async () => {
    const { call, parts } = await openAdmin();
    const where = {
      ...{ port: null, portInUse: 7411, portFrom: 'default', url: 'http://127.0.0.1:7411' },
      ...{ trustedProxies: [], trustedProxyHeader: 'x-forwarded-for', joining: false },
      ...{ ollama: false, ollamaKeyId: null, ollamaPort: null, ollamaUrl: null, ollamaProblem: null },
    };
    expect((await call('GET', '/settings')).body).toEqual({
      ...{ defaultModel: null, retentionDays: 365, metrics: false },
      ...where,
    });
    const changed = await call('PATCH', '/settings', { defaultModel: 'ntl/echo', retentionDays: 30 });
    expect(changed.body).toEqual({ defaultModel: 'ntl/echo', retentionDays: 30, metrics: false, ...where });
    expect((await call('PATCH', '/settings', { metrics: true, defaultModel: null })).body).toEqual({
      ...{ defaultModel: null, retentionDays: 30, metrics: true },
      ...where,
    });
    expect(parts.settings.get('metrics')).toBe(true);
  });

  it.each([
    [{ defaultModel: 'nobody' }, 'defaultModel'],
    [{ retentionDays: 0 }, 'retentionDays'],
    [{ metrics: 'yes' }, 'metrics'],
    [{ vaultScope: 'x' }, 'vaultScope'],
    [{ port: 0 }, 'port'],
    [{ port: 70_000 }, 'port'],
  ])('are refused as %j', async (body, param) => {
    const { call } = await openAdmin();
    expect((await call('PATCH', '/settings', body)).body.error).toMatchObject({
      code: 'invalid_request',
      param,
    });
  });
});

describe('the status', () => {
  it('says how the gateway is', async () => {
    const { call, parts, dataDir } = await openAdmin();
    const { body } = await call('GET', '/status');
    expect(body).toMatchObject({
      ...{
        version: '1.2.3',
        pid: 4711,
        addresses: ['http://127.0.0.1:7411'],
        notices: [],
        runningRequests: 0,
        ...{ dataDir, desktop: false, paused: false },
      },
      vault: { kind: 'file-key', protection: parts.vault.protection },
      counts: { providers: 0, models: 7, members: 1, keys: 1, unseenAlerts: 0 },
      ledger: { balanced: true, differingMemberIds: [] },
    });
  });

  it('notices a balance that is not the sum of its ledger', async () => {
    const { call, store, clock } = await openAdmin();
    await call('POST', '/members/1/grants', { tokens: 100 });
    expect((await call('GET', '/status')).body.ledger.balanced).toBe(true);
    store.db.prepare('UPDATE balances SET tokens = 101').run();
    clock.now += 11 * 60_000;
    expect((await call('GET', '/status')).body.ledger).toMatchObject({
      balanced: false,
      differingMemberIds: ['1'],
    });
  });
});

describe('alerts', () => {
  it('are listed newest first, and marked as seen', async () => {
    const { call, parts } = await openAdmin();
    for (const id of [1, 2])
      for (let count = 0; count < 3; count++) parts.alerts.providerFailing(id, 'It is down.');
    parts.store.commits.flush();
    const { body } = await call('GET', '/alerts');
    expect(body).toMatchObject({
      data: [
        { id: '2', kind: 'provider_failing', seenAt: null },
        { id: '1', message: expect.stringContaining('It is down.') },
      ],
      pagination: { page: 1, limit: 100, total: 2 },
    });
    const seen = await call('POST', '/alerts/2/seen');
    expect(Date.parse(seen.body.seenAt)).toBe(parts.clock.wall());
    expect((await call('GET', '/alerts?unseen=true')).body.data).toMatchObject([{ id: '1' }]);
    expect((await call('GET', '/status')).body.counts.unseenAlerts).toBe(1);
    expect((await call('POST', '/alerts/9/seen')).status).toBe(404);
  });
});

describe('changes', () => {
  it('tell what was there before and what is now', async () => {
    const { call } = await openAdmin();
    const { body: member } = await call('POST', '/members', { name: 'Mia' });
    await call('PATCH', `/members/${member.id}`, { status: 'suspended' });
    await call('DELETE', '/members/1');
    const { body } = await call('GET', '/changes');
    expect(body.pagination.total).toBe(2);
    expect(body.data[0]).toMatchObject({
      ...{ id: '2', actor: 'window', action: 'member.update', subject: `member:${member.id}` },
      ...{ before: { status: 'active' }, after: { status: 'suspended', name: 'Mia' } },
    });
    expect(body.data[1]).toMatchObject({ action: 'member.create', before: null });
    expect((await call('GET', '/changes?endDate=2001-01-01')).body.data).toEqual([]);
  });

  it('ask for a backup each, and refused ones for none', async () => {
    const { call, backupsAsked } = await openAdmin();
    const limit = { scope: 'plan', subjectId: 'pro', metric: 'tokens', windowSeconds: 60, amount: 1 };
    await call('PUT', '/limits', limit);
    expect(backupsAsked()).toBe(1);
    await call('PUT', '/limits', { ...limit, amount: -1 });
    await call('GET', '/limits');
    expect(backupsAsked()).toBe(1);
    expect((await call('GET', '/changes')).body.data).toMatchObject([
      { action: 'limit.set', subject: 'plan:pro tokens/60 all', before: null, after: { amount: 1 } },
    ]);
  });
});

describe('errors', () => {
  it.each([
    ['broken JSON', '{"name":', 'JSON'],
    ['no body', undefined, 'JSON object'],
    ['a list', '[]', 'JSON object'],
    ['a poisoned prototype', '{"__proto__":{"owner":true},"name":"x"}', 'not valid JSON'],
  ])('of %s are plain', async (_name, body, words) => {
    const { app } = await openAdmin();
    const answer = await app.inject({
      ...{ method: 'POST', url: '/admin/api/members', remoteAddress: 'in-process' },
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { payload: body }),
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error).toMatchObject({
      type: 'invalid_request_error',
      code: 'invalid_request',
      param: null,
    });
    expect(answer.json().error.message).toContain(words);
  });

  it('of a body that is too large', async () => {
    const { call } = await openAdmin();
    const answer = await call('POST', '/members', { name: 'x'.repeat(2_000_000) });
    expect([answer.status, answer.body.error.code]).toEqual([413, 'request_too_large']);
  });

  it('of a full disk say so, and nothing of SQLite', async () => {
    const { call, store, parts } = await openAdmin();
    const pages = Number(store.db.pragma('page_count', { simple: true }));
    store.db.pragma(`max_page_count = ${pages}`);
    const allowedModels = Array.from({ length: 900 }, (_, index) => `${'m'.repeat(100)}${index}`);
    const answer = await call('POST', '/members', { name: 'Mia', allowedModels });
    expect([answer.status, answer.body.error.code]).toEqual([503, 'audit_unavailable']);
    expect(answer.body.error.message).toBe('The disk is full: free some space and try again.');
    expect(parts.members.list()).toHaveLength(1);
  });

  it('nobody expected show nothing of the inside', async () => {
    const { call, parts } = await openAdmin();
    parts.plans.list = () => {
      throw new Error('secret detail at /home/joe/x.ts');
    };
    const answer = await call('GET', '/plans');
    expect(answer.status).toBe(500);
    expect(answer.body.error).toEqual({
      ...{
        type: 'server_error',
        code: 'internal',
        message: 'The gateway failed to handle the request.',
        param: null,
      },
    });
  });
});

describe('openapi.json', () => {
  it('lists every route with its answers', async () => {
    const { app, call } = await openAdmin();
    const { body, status } = await call('GET', '/openapi.json');
    expect(status).toBe(200);
    expect(body.openapi).toBe('3.1.0');
    const listed = Object.entries<Record<string, { responses: Record<string, unknown>; summary: string }>>(
      body.paths,
    );
    const routes = listed.flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(routes.sort()).toEqual(registered(app.printRoutes({ commonPrefix: false })).sort());
    for (const [, methods] of listed) {
      for (const { responses, summary } of Object.values(methods)) {
        expect(summary).not.toBe('');
        expect(Object.keys(responses).map((code) => code.toLowerCase())).toEqual(
          expect.arrayContaining(['4xx', '5xx']),
        );
      }
    }
  });

  it('describes bodies and answers', async () => {
    const { call } = await openAdmin();
    const { paths } = (await call('GET', '/openapi.json')).body;
    const body = paths['/admin/api/limits'].put.requestBody.content['application/json'].schema;
    expect(body).toMatchObject({ type: 'object', additionalProperties: false });
    expect(body.required).toEqual(
      expect.arrayContaining(['scope', 'subjectId', 'metric', 'windowSeconds', 'amount']),
    );
    const row = paths['/admin/api/requests'].get.responses['200'].content['application/json'].schema;
    expect(Object.keys(row.properties.data.items.properties)).toContain('chargedTokens');
  });
});

/** The admin routes as Fastify itself prints them. */
function registered(printed: string): string[] {
  const routes: string[] = [];
  const path: string[] = [];
  for (const line of printed.split('\n')) {
    const found = /^([│├└─\s]*)(\S+)(?: \((.+)\))?$/.exec(line);
    if (found === null) continue;
    const [, indent = '', part = '', methods] = found;
    path.length = indent.length / 4 - 1;
    path.push(part);
    const whole = path.join('');
    if (methods !== undefined && whole.startsWith('/admin/api')) {
      for (const method of methods.split(', ')) routes.push(`${method} ${whole}`);
    }
  }
  return routes;
}
