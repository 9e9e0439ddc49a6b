import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameOf, operationsOf, sampleOf } from '../../docs/operations.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { ask, codeOf, HELLO } from './ask.ts';

/** Every route of the member API, each with the ids of another member in every place they might be looked for. */

let gateway: TestGateway;
let mia: { id: string; key: string; keyId: string };
let other: { id: string; key: string; keyId: string };

const SECRET = 'the-other-members-own';

beforeAll(async () => {
  gateway = await startGateway();
  mia = await gateway.member({ name: 'Mia' });
  other = await gateway.member(
    { name: SECRET, email: `${SECRET}@example.com`, planId: 'free' },
    { name: SECRET },
  );
  await gateway.admin('POST', `/members/${other.id}/grants`, { tokens: 987_654, micros: 456_789 });
  await gateway.admin('PUT', '/limits', {
    ...{ scope: 'member', subjectId: other.id, metric: 'requests', windowSeconds: 86_400, amount: 4_321 },
  });
  for (let count = 0; count < 7; count++)
    await gateway.post('/v1/chat/completions', HELLO, { key: other.key });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const operations = async () =>
  (await operationsOf(gateway)).filter(({ path }) => !path.startsWith('/v1/') && !path.startsWith('/{tool}'));

/** As names of parameters, fields and headers. */
const NAMES = [
  'member',
  'memberId',
  'member_id',
  'userId',
  'user_id',
  'tenant',
  'tenantId',
  'keyId',
  'key_id',
  'id',
];

function withOthersIds(path: string): string {
  const query = NAMES.map((name) => `${name}=${/key/i.test(name) ? other.keyId : other.id}`).join('&');
  return `${path}?${query}`;
}

async function stateOf(memberId: string) {
  const [keys, member, limits] = await Promise.all([
    gateway.admin('GET', `/keys?memberId=${memberId}`),
    gateway.admin('GET', `/members/${memberId}`),
    gateway.admin('GET', `/limits?subjectId=${memberId}`),
  ]);
  return JSON.stringify([keys.body.data, member.body, limits.body.data]);
}

describe('no key reaches another member', () => {
  it('by an id in a path: it is as if there were no such thing', async () => {
    const before = await stateOf(other.id);
    for (const operation of (await operations()).filter(({ path }) => path.includes('{'))) {
      const asked = sampleOf(operation, other.keyId);
      const answer = await ask(gateway, asked.path, { ...asked, key: mia.key });
      const nothing = await ask(gateway, asked.path.replace(other.keyId, '999999'), {
        ...asked,
        key: mia.key,
      });
      expect([nameOf(operation), answer.status, codeOf(answer)]).toEqual([
        nameOf(operation),
        404,
        'not_found',
      ]);
      expect(answer.body).toEqual(nothing.body);
    }
    expect(await stateOf(other.id)).toBe(before);
    expect((await gateway.post('/v1/chat/completions', HELLO, { key: other.key })).status).toBe(200);
  });

  it('by an id in a query, a body or a header: each answers of its own member', async () => {
    const before = await stateOf(other.id);
    const headers = Object.fromEntries(NAMES.map((name) => [`x-${name.replace('_', '-')}`, other.id]));
    const fields = { ...Object.fromEntries(NAMES.map((name) => [name, other.id])), planId: 'enterprise' };
    for (const operation of await operations()) {
      const own = sampleOf(operation, mia.keyId);
      // The key that asks goes on.
      if (operation.method === 'DELETE') continue;
      const body = operation.method === 'GET' ? {} : { body: { ...(own.body as object), ...fields } };
      const answer = await ask(gateway, withOthersIds(own.path), {
        ...{ method: own.method, key: mia.key, headers },
        ...body,
      });
      const told = JSON.stringify(answer.body);
      for (const others of [SECRET, other.key.slice(0, 15), '987654', '456789', '4321']) {
        expect(`${nameOf(operation)}: ${told}`).not.toContain(others);
      }
      if (answer.headers.has('x-ntl-tier')) expect(answer.headers.get('x-ntl-tier')).toBe('pro');
    }
    expect(await stateOf(other.id)).toBe(before);
  });

  it('by another form of an id', async () => {
    const { keyId } = other;
    for (const id of [
      `0${keyId}`,
      `${keyId}.0`,
      `%20${keyId}`,
      `${mia.keyId}%2F..%2F${keyId}`,
      `${keyId}%00`,
    ]) {
      const answer = await ask(gateway, `/tenant/keys/${id}`, { key: mia.key });
      expect([id, answer.status]).toEqual([id, 404]);
    }
  });

  it('by a second key beside its own: the first that counts is whose it is', async () => {
    const answer = await ask(gateway, '/tenant/credits', {
      key: mia.key,
      headers: { 'x-api-key': other.key },
    });
    expect(answer.body).toEqual({ balance_micros: 0, balance_tokens: 0 });
    expect(answer.headers.get('x-ntl-tier')).toBe('pro');
  });
});

describe('no key raises its own rights', () => {
  it('by any route: plan, status, limits, allow-list and balance stay as they were', async () => {
    const member = await gateway.member({ name: 'Ada', planId: 'free', allowedModels: ['ntl/echo'] });
    const settings = async () => {
      const {
        keys: _,
        lastRequestAt: __,
        ...facts
      } = (await gateway.admin('GET', `/members/${member.id}`)).body;
      return facts;
    };
    const before = await settings();
    const wishes = {
      ...{
        plan: 'enterprise',
        planId: 'enterprise',
        plan_id: 'enterprise',
        status: 'active',
        prepaid: false,
      },
      ...{ allowedModels: null, allowed_models: null, selfService: true, self_service: true, owner: true },
      ...{ tokens: 1e9, micros: 1e9, balance_tokens: 1e9, amount: 1e9 },
    };
    for (const operation of await operations()) {
      for (const method of ['POST', 'PUT', 'PATCH']) {
        const { path } = sampleOf(operation, member.keyId);
        const { status } = await ask(gateway, path, { method, key: member.key, body: wishes });
        expect([nameOf(operation), method, status < 500 || status === 503]).toEqual([
          nameOf(operation),
          method,
          true,
        ]);
      }
    }
    expect(await settings()).toEqual(before);
  });

  it('the admin API takes no key', async () => {
    for (const path of ['/admin/api/members', '/admin/api/keys', '/admin/api/limits', '/admin/api/quotas']) {
      expect((await ask(gateway, path, { key: mia.key })).status).toBe(401);
    }
  });
});

describe('every answer', () => {
  it('carries a request id, and the tier once the key is known, whatever its status', async () => {
    for (const state of [
      {},
      { status: 'suspended' },
      { status: 'pending' },
      { allowedIps: ['10.0.0.0/8'] },
    ]) {
      const member = await gateway.member({ ...state, planId: 'free' });
      const key = (await gateway.admin('POST', '/keys', { memberId: member.id, name: 'asks' })).body.key;
      for (const operation of await operations()) {
        for (const query of ['', '?page=none', '?startDate=2020-01-01']) {
          const { path, ...request } = sampleOf(operation, member.keyId);
          const { headers } = await ask(gateway, path + query, { ...request, key });
          expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
          const tier = path.startsWith('/pricing') ? null : 'free';
          expect([nameOf(operation), query, headers.get('x-ntl-tier')]).toEqual([
            nameOf(operation),
            query,
            tier,
          ]);
          if (tier !== null) expect(headers.get('cache-control')).toBe('no-store');
        }
      }
    }
  });

  it('meters nothing, and takes each form of a key alike', async () => {
    const { key } = await gateway.member();
    for (const headers of [
      { authorization: `Bearer ${key}` },
      { authorization: 'Bearer something-else', 'x-api-key': key },
      { 'api-key': key },
      { 'x-goog-api-key': key },
    ]) {
      expect((await ask(gateway, '/tenant/credits', { key: '', headers })).status).toBe(200);
    }
    expect((await ask(gateway, '/tenant/usage', { key })).body.data).toEqual([]);
  });

  it('has the tier of the next request on, once the owner changes it', async () => {
    const { id, key } = await gateway.member();
    const tier = async () => (await ask(gateway, '/tenant/credits', { key })).headers.get('x-ntl-tier');
    expect(await tier()).toBe('pro');
    await gateway.admin('PATCH', `/members/${id}`, { planId: 'free' });
    expect(await tier()).toBe('free');
  });
});
