import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { type Provider, startProvider } from '../../support/provider/provider.ts';
import { reply } from '../../support/provider/reply.ts';
import { until } from '../../support/until.ts';
import { ask, codeOf, HELLO } from '../member/ask.ts';

let gateway: TestGateway;
let provider: Provider;

beforeAll(async () => {
  provider = await startProvider();
  gateway = await startGateway();
  await gateway.publish(provider, ['gpt-4o']);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
});

const make = (key: string, body: unknown = {}) => ask(gateway, '/tenant/keys', { key, method: 'POST', body });
const revoke = (key: string, id: string) => ask(gateway, `/tenant/keys/${id}`, { key, method: 'DELETE' });
const chat = (key: string) => gateway.post('/v1/chat/completions', HELLO, { key });

describe('POST /tenant/keys', () => {
  it('makes a key that works at once, and shows it this once', async () => {
    const { id, key } = await gateway.member({ name: 'Noor' });
    const made = await make(key, { name: 'laptop' });
    expect(made.status).toBe(201);
    expect(made.headers.get('cache-control')).toBe('no-store');
    expect(made.body).toEqual({
      ...{ id: expect.any(String), name: 'laptop', kind: 'standard' },
      prefix: made.body.key.slice(0, 15),
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      ...{ expires_at: null, revoked_at: null, last_used_at: null },
      key: expect.stringMatching(/^ntl_live_[A-Za-z0-9]{40}$/),
    });
    expect((await chat(made.body.key)).status).toBe(200);
    const [row] = await gateway.rows();
    expect(row).toMatchObject({ memberId: id, keyId: made.body.id });
    for (const path of ['/tenant/keys', `/tenant/keys/${made.body.id}`]) {
      expect(JSON.stringify((await ask(gateway, path, { key })).body)).not.toContain(made.body.key);
    }
    expect((await ask(gateway, `/tenant/keys/${made.body.id}`, { key })).body.last_used_at).not.toBeNull();
  });

  it('needs no body; a form as curl names it is read as JSON', async () => {
    const { key } = await gateway.member();
    expect((await ask(gateway, '/tenant/keys', { key, method: 'POST' })).body.name).toBe('API key');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const made = await ask(gateway, '/tenant/keys', {
      key,
      method: 'POST',
      body: '{"name":"curl"}',
      headers,
    });
    expect(made.body.name).toBe('curl');
  });

  it.each([
    ['{"name":', null],
    [{ name: '' }, 'name'],
    [{ name: 5 }, 'name'],
    [{ kind: 'admin' }, 'kind'],
    [{ expires_at: 'tomorrow' }, 'expires_at'],
    [{ expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
  ])('400 for %j, with the tier', async (body, param) => {
    const { key } = await gateway.member();
    const answer = await make(key, body);
    expect([answer.status, answer.body.error.code, answer.body.error.param]).toEqual([
      400,
      'invalid_request',
      param,
    ]);
    expect(answer.headers.get('x-ntl-tier')).toBe('pro');
  });

  it('is in the log of changes without the key, and in the store after a restart', async () => {
    const { id, key } = await gateway.member();
    const made = (await make(key, { name: 'noted' })).body;
    const changes = (await gateway.admin('GET', '/changes?pageSize=1')).body.data;
    expect(changes).toMatchObject([
      {
        actor: 'member',
        action: 'key.create',
        subject: `key:${made.id}`,
        after: { memberId: id, name: 'noted' },
      },
    ]);
    expect(JSON.stringify(changes)).not.toContain(made.key);
    await gateway.restart();
    expect((await chat(made.key)).status).toBe(200);
  });
});

describe('a key makes none that could do more than itself', () => {
  it.each(['standard', 'subscription', 'pay_per_token'])(
    'a %s key makes its own kind alone',
    async (kind) => {
      const { key } = await gateway.member({}, { kind });
      for (const wanted of ['standard', 'subscription', 'pay_per_token']) {
        const answer = await make(key, { kind: wanted });
        if (wanted === kind) expect(answer.body.kind).toBe(kind);
        else expect([answer.status, codeOf(answer)]).toEqual([403, 'route_not_allowed']);
      }
      expect((await make(key)).body.kind).toBe(kind);
    },
  );

  it('none that lives longer', async () => {
    const hour = 3_600_000;
    const expiresAt = new Date(Date.now() + 2 * hour).toISOString();
    const { key } = await gateway.member({}, { expiresAt });
    expect((await make(key)).body.expires_at).toBe(expiresAt);
    expect((await make(key, { expires_at: null })).body.expires_at).toBe(expiresAt);
    const sooner = new Date(Date.now() + hour).toISOString();
    expect((await make(key, { expires_at: sooner })).body.expires_at).toBe(sooner);
    const later = await make(key, { expires_at: new Date(Date.now() + 3 * hour).toISOString() });
    expect([later.status, later.body.error.param]).toEqual([400, 'expires_at']);
  });

  it('none without the limits that the owner set on it', async () => {
    const { key, keyId } = await gateway.member();
    const limit = { scope: 'key', subjectId: keyId, metric: 'requests', windowSeconds: 60 };
    await gateway.admin('PUT', '/limits', { ...limit, amount: 5 });
    expect(codeOf(await make(key))).toBe('route_not_allowed');
    await gateway.admin('DELETE', '/limits', limit);
    expect((await make(key)).status).toBe(201);
  });

  it('under the same limits, allow-list and plan', async () => {
    const { id, key } = await gateway.member({ planId: 'free', allowedModels: ['gpt-4o'] });
    const limit = { scope: 'member', subjectId: id, metric: 'requests', windowSeconds: 60, amount: 1 };
    await gateway.admin('PUT', '/limits', limit);
    const made = (await make(key, { allowedModels: null, planId: 'enterprise', memberId: '1' })).body.key;
    expect(codeOf(await chat(made))).toBe('model_not_allowed');
    const allowed = (asked: string) =>
      gateway.post('/v1/chat/completions', { ...HELLO, model: 'gpt-4o' }, { key: asked });
    expect((await allowed(made)).status).toBe(200);
    expect(codeOf(await allowed(key))).toBe('rate_limit_minute');
    expect((await allowed(made)).headers.get('x-ntl-tier')).toBe('free');
  });

  it('and not without end', async () => {
    const { id, key } = await gateway.member();
    const made = [];
    for (let count = 0; count < 99; count++) made.push((await make(key)).body.id);
    const full = await make(key);
    expect([full.status, codeOf(full)]).toEqual([409, 'conflict']);
    // Revoking does not open a way around it.
    await revoke(key, made[0]);
    expect((await make(key)).status).toBe(409);
    // The owner has no such bound.
    expect((await gateway.admin('POST', '/keys', { memberId: id, name: 'one more' })).status).toBe(201);
  });
});

describe('DELETE /tenant/keys/{id}', () => {
  it('refuses later requests, while a running stream goes on to its end', async () => {
    const { key } = await gateway.member();
    const made = (await make(key)).body;
    provider.script(reply.gated(reply.text('to the very last word')));
    const running = fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${made.key}` },
      body: JSON.stringify({ ...HELLO, model: 'gpt-4o', stream: true }),
    });
    await until('the stream to begin', () => provider.requests.length > 0);
    const answer = await revoke(key, made.id);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id: made.id, revoked_at: expect.any(String) });
    expect([(await chat(made.key)).status, codeOf(await chat(made.key))]).toEqual([401, 'key_revoked']);
    expect(codeOf(await ask(gateway, '/tenant/keys', { key: made.key }))).toBe('key_revoked');
    provider.requests.at(-1)?.releaseAll();
    const text = await (await running).text();
    expect(text).toContain('word');
    expect(text).toContain('[DONE]');
    // Once more changes nothing.
    expect((await revoke(key, made.id)).body.revoked_at).toBe(answer.body.revoked_at);
  });

  it('may be of the key that asks', async () => {
    const { key, keyId } = await gateway.member();
    expect((await revoke(key, keyId)).status).toBe(200);
    expect(codeOf(await revoke(key, keyId))).toBe('key_revoked');
  });
});

describe('GET /tenant/keys', () => {
  it('lists the newest first, revoked ones too, a page at a time', async () => {
    const { key, keyId } = await gateway.member({ planId: 'free' });
    const made = [];
    for (let count = 0; count < 54; count++) made.unshift((await make(key)).body.id);
    await revoke(key, made[0]);
    const { body } = await ask(gateway, '/tenant/keys?pageSize=1000', { key });
    expect(body.pagination).toEqual({ page: 1, limit: 50, total: 55 });
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual(made.slice(0, 50));
    expect(body.data[0].revoked_at).not.toBeNull();
    const last = await ask(gateway, '/tenant/keys?page=2', { key });
    expect(last.body.data.map(({ id }: { id: string }) => id)).toEqual([...made.slice(50), keyId]);
    expect((await ask(gateway, '/tenant/keys?pageSize=10&page=9', { key })).body.data).toEqual([]);
  });

  it('has a history window, whose pages are empty, not errors', async () => {
    const { key } = await gateway.member({ planId: 'free' });
    const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    const total = async (query: string) => {
      const { status, body } = await ask(gateway, `/tenant/keys?${query}`, { key });
      expect(status).toBe(200);
      return body.pagination.total;
    };
    expect(await total(`startDate=${day(7)}`)).toBe(1);
    expect(await total(`startDate=${day(8)}`)).toBe(0);
    expect(await total(`startDate=${day(0)}&endDate=${day(0)}`)).toBe(1);
    expect(await total(`endDate=${day(1)}`)).toBe(0);
    expect(await total('startDate=&endDate=')).toBe(1);
  });
});

describe('the self-service switch', () => {
  it('lets a member see its keys, and neither make nor revoke one', async () => {
    const { id, key, keyId } = await gateway.member({ selfService: false });
    const refused = await make(key);
    expect([refused.status, codeOf(refused)]).toEqual([403, 'route_not_allowed']);
    expect(refused.headers.get('x-ntl-tier')).toBe('pro');
    expect(codeOf(await revoke(key, keyId))).toBe('route_not_allowed');
    expect(codeOf(await revoke(key, '1'))).toBe('route_not_allowed');
    expect((await ask(gateway, '/tenant/keys', { key })).body.data).toMatchObject([{ revoked_at: null }]);
    expect((await chat(key)).status).toBe(200);
    // From the next request on.
    await gateway.admin('PATCH', `/members/${id}`, { selfService: true });
    expect((await make(key)).status).toBe(201);
  });
});
