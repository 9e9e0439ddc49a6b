/** Behind a proxy the true client counts, and only a proxy that the owner named may say who that is. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';

const CHAT = { model: 'ntl/echo', messages: [{ role: 'user', content: 'hello' }] };
const FAR = '203.0.113.9';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => trust([]));

async function trust(trustedProxies: string[], trustedProxyHeader = 'x-forwarded-for'): Promise<void> {
  const answer = await gateway.admin('PATCH', '/settings', { trustedProxies, trustedProxyHeader });
  expect(answer.body).toMatchObject({ trustedProxies, trustedProxyHeader });
}

const ask = (headers: Record<string, string>, key = gateway.key) =>
  gateway.post('/v1/chat/completions', CHAT, { headers, key });
const lastAddress = async () => (await gateway.rows())[0].address;

it('without one, nobody says from where a request comes', async () => {
  expect((await ask({ 'x-forwarded-for': FAR, forwarded: `for=${FAR}` })).status).toBe(200);
  expect(await lastAddress()).toBe('127.0.0.1');
});

it('through one, the true address is logged, blocked, allowed and told of', async () => {
  const mia = await gateway.member({ name: 'Mia', allowedIps: ['198.51.100.0/24'] });
  await trust(['127.0.0.1']);
  expect((await ask({ 'x-forwarded-for': FAR })).status).toBe(200);
  expect(await lastAddress()).toBe(FAR);
  expect((await ask({ forwarded: `for=${FAR}` })).status).toBe(200);
  expect(await lastAddress()).toBe('127.0.0.1');

  const refused = await ask({ 'x-forwarded-for': FAR }, mia.key);
  expect(refused.body.error).toMatchObject({ code: 'ip_blocked' });
  expect(refused.body.error.message).toContain(FAR);
  expect((await ask({ 'x-forwarded-for': '::ffff:198.51.100.7' }, mia.key)).status).toBe(200);

  await gateway.admin('POST', '/ip-blocks', { cidr: '203.0.113.0/24' });
  for (const path of ['/v1/models', '/tenant/credits', '/pricing']) {
    const answer = await fetch(gateway.url + path, {
      headers: { authorization: `Bearer ${gateway.key}`, 'x-forwarded-for': `127.0.0.1, ${FAR}` },
    });
    expect(answer.status, path).toBe(403);
  }
  expect((await ask({ 'x-forwarded-for': `127.0.0.1, ${FAR}` })).body.error.code).toBe('ip_blocked');
  expect((await ask({})).status).toBe(200);
});

it('many wrong keys through one block who sent them, and neither the proxy nor the others behind it', async () => {
  await trust(['127.0.0.1'], 'forwarded');
  const burst = { forwarded: 'for=192.0.2.66' };
  for (let count = 0; count < 20; count += 1) await ask(burst, 'ntl_live_wrong');
  expect((await ask(burst)).body.error.code).toBe('ip_blocked');
  expect((await ask({ forwarded: 'for=192.0.2.67' })).status).toBe(200);
  expect((await ask({})).status).toBe(200);
  await until('the alert', async () => {
    const { data } = (await gateway.admin('GET', '/alerts')).body;
    return data.some(
      (alert: { kind: string; address: string }) =>
        alert.kind === 'refused_keys' && alert.address === '192.0.2.66',
    );
  });
});

it('what comes through a proxy on this computer is not this computer for the owner’s door', async () => {
  for (const proxies of [[], ['127.0.0.1']]) {
    await trust(proxies);
    for (const header of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'cf-connecting-ip']) {
      const { status } = await fetch(`${gateway.url}/admin/api/session`, {
        headers: { [header]: '127.0.0.1' },
      });
      expect(status, header).toBe(403);
    }
    expect((await gateway.admin('GET', '/session')).status).toBe(200);
  }
});

it('refuses what is no address', async () => {
  const answer = await gateway.admin('PATCH', '/settings', { trustedProxies: ['10.0.0.1', 'proxy.local'] });
  expect(answer.status).toBe(400);
  expect(answer.body.error.param).toBe('trustedProxies[1]');
});
