import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { DEFAULT_CREDENTIAL, startProvider } from '../../support/provider/provider.ts';
import { until } from '../../support/until.ts';

const CHAT = { model: 'ntl/echo', messages: [{ role: 'user', content: 'hello' }] };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
  await gateway.admin('PATCH', '/settings', { trustedProxies: ['127.0.0.1'] });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const from = (address: string, key: string) =>
  gateway.post('/v1/chat/completions', CHAT, { key, headers: { 'x-forwarded-for': address } });
// biome-ignore lint/suspicious/noExplicitAny: looked into field by field
const open = async (kind: string): Promise<any[]> =>
  (await gateway.admin('GET', '/alerts?unseen=true')).body.data.filter(
    (alert: { kind: string }) => alert.kind === kind,
  );
const answer = (id: string, given: string) =>
  gateway.admin('POST', `/alerts/${id}/answer`, { answer: given });
const changes = async () => (await gateway.admin('GET', '/changes')).body.data;

let last = 0;
/** A member of its own whose key was just used from a new address. */
async function onNewAddress() {
  const member = await gateway.member({ name: `M${++last}` });
  const address = `203.0.113.${last}`;
  await from('198.51.100.1', member.key);
  await from(address, member.key);
  await until('the alert', async () => (await open('new_address')).some((one) => one.address === address));
  const alert = (await open('new_address')).find((one) => one.address === address);
  return { member, address, alert };
}

describe('an alert about a new address', () => {
  it('offers what can be done, and takes an answer once', async () => {
    const { alert, member } = await onNewAddress();
    expect(alert).toMatchObject({
      ...{
        answers: ['fine', 'block', 'suspend', 'revoke'],
        answer: null,
        blockId: null,
        memberId: member.id,
      },
    });
    expect((await answer(alert.id, 'fine')).body).toMatchObject({ answer: 'fine', answers: [] });
    expect((await answer(alert.id, 'unblock')).status).toBe(409);
    expect((await gateway.admin('GET', `/alerts/${alert.id}`)).body.seenAt).not.toBeNull();
  });

  it('blocks the address, and lifts that when it is taken back', async () => {
    const { alert, address, member } = await onNewAddress();
    const blocked = await answer(alert.id, 'block');
    expect(blocked.body).toMatchObject({ answer: 'block', blockId: expect.any(String) });
    expect((await from(address, member.key)).body.error.code).toBe('ip_blocked');
    expect((await changes())[0]).toMatchObject({ action: 'ip-block.add', subject: `ip-block:${address}` });
    const back = await gateway.admin('DELETE', `/alerts/${alert.id}/answer`);
    expect(back.body).toMatchObject({ answer: null, seenAt: null, blockId: null });
    expect((await from(address, member.key)).status).toBe(200);
    expect((await gateway.admin('DELETE', `/alerts/${alert.id}/answer`)).status).toBe(409);
  });

  it('suspends the member, and lets them in again', async () => {
    const { alert, address, member } = await onNewAddress();
    await answer(alert.id, 'suspend');
    expect((await from(address, member.key)).body.error.code).toBe('suspended');
    await gateway.admin('DELETE', `/alerts/${alert.id}/answer`);
    expect((await from(address, member.key)).status).toBe(200);
    expect((await changes())[0]).toMatchObject({
      before: { status: 'suspended' },
      after: { status: 'active' },
    });
  });

  it('revokes the key for good', async () => {
    const { alert, address, member } = await onNewAddress();
    await answer(alert.id, 'revoke');
    expect((await from(address, member.key)).body.error.code).toBe('key_revoked');
    const back = await gateway.admin('DELETE', `/alerts/${alert.id}/answer`);
    expect([back.status, back.body.error.message]).toEqual([
      409,
      'A revoked key cannot be brought back; make a new one in its place.',
    ]);
  });

  it('can be deleted; what was answered holds on', async () => {
    const { alert, address, member } = await onNewAddress();
    await answer(alert.id, 'block');
    expect((await gateway.admin('DELETE', `/alerts/${alert.id}`)).status).toBe(204);
    expect((await gateway.admin('GET', `/alerts/${alert.id}`)).status).toBe(404);
    expect((await from(address, member.key)).status).toBe(403);
  });

  it('of the owner’s own key does not offer to suspend the owner', async () => {
    await from('198.51.100.1', gateway.key);
    await from('192.0.2.200', gateway.key);
    await until('the alert', async () =>
      (await open('new_address')).some(({ address }) => address === '192.0.2.200'),
    );
    const alert = (await open('new_address')).find(({ address }) => address === '192.0.2.200');
    expect(alert.answers).toEqual(['fine', 'block', 'revoke']);
  });
});

describe('an alert about many wrong keys', () => {
  async function burst(address: string) {
    for (let count = 0; count < 20; count += 1) await from(address, 'ntl_live_wrong');
    await until('the alert', async () => (await open('refused_keys')).some((one) => one.address === address));
    return (await open('refused_keys')).find((one) => one.address === address);
  }

  it('blocked the address for a while: for good, or not at all', async () => {
    const alert = await burst('192.0.2.66');
    expect(alert.answers).toEqual(['fine', 'block', 'unblock']);
    await answer(alert.id, 'unblock');
    expect((await from('192.0.2.66', gateway.key)).status).toBe(200);
    await gateway.admin('DELETE', `/alerts/${alert.id}/answer`);
    expect((await from('192.0.2.66', gateway.key)).status).toBe(403);
    await answer(alert.id, 'block');
    const { data } = (await gateway.admin('GET', '/ip-blocks')).body;
    expect(data.find(({ cidr }: { cidr: string }) => cidr === '192.0.2.66').expiresAt).toBeNull();
    await gateway.admin('DELETE', `/alerts/${alert.id}/answer`);
    const after = (await gateway.admin('GET', '/ip-blocks')).body.data;
    expect(after.find(({ cidr }: { cidr: string }) => cidr === '192.0.2.66').expiresAt).not.toBeNull();
  });

  it('from IPv6 blocks the network that one customer has', async () => {
    for (let count = 0; count < 19; count += 1)
      await from(`2001:db8:1:2:${count.toString(16)}::1`, 'ntl_live_wrong');
    const alert = await burst('2001:db8:1:2::ff');
    expect(alert.message).toContain('All of 2001:db8:1:2::/64 is blocked for 15 minutes.');
    expect((await from('2001:db8:1:2:aaaa:bbbb:cccc:dddd', gateway.key)).status).toBe(403);
    expect((await from('2001:db8:1:3::1', gateway.key)).status).toBe(200);
    expect(alert.blockId).not.toBeNull();
  });
});

it('a provider that refuses its credential is told of at once, once, and settled when it serves again', async () => {
  await using provider = await startProvider();
  const id = await gateway.publish(provider, ['gpt-4o'], { name: 'Lab', credential: 'sk-wrong' });
  const ask = () => gateway.post('/v1/chat/completions', { ...CHAT, model: 'gpt-4o' });
  expect((await ask()).status).toBe(502);
  await ask();
  await until('the alert', async () => (await open('provider_credential')).length > 0);
  const [alert, ...others] = await open('provider_credential');
  expect(others).toEqual([]);
  expect(alert).toMatchObject({ providerId: id, answers: ['fine'] });
  expect(alert.message).toBe('Lab refused the stored credential (401); the owner must renew it.');
  await gateway.admin('PATCH', `/providers/${id}`, { credential: DEFAULT_CREDENTIAL });
  expect((await ask()).status).toBe(200);
  await until('it to be settled', async () => (await open('provider_credential')).length === 0);
});

it('an answer that is none is refused', async () => {
  expect((await answer('999', 'fine')).status).toBe(404);
  const { alert } = await onNewAddress();
  expect((await answer(alert.id, 'delete')).status).toBe(400);
});
