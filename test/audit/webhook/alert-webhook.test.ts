import { createHmac } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Alert } from '../../../gateway/audit/alert-log.ts';
import { LiveEvents } from '../../../gateway/audit/events.ts';
import { webhookUrl } from '../../../gateway/audit/webhook/address.ts';
import { AlertWebhook } from '../../../gateway/audit/webhook/alert-webhook.ts';
import { signedHeaders } from '../../../gateway/audit/webhook/signature.ts';
import type { SettingValues } from '../../../gateway/catalogue/settings.ts';
import { recorder } from '../../providers/upstream-setup.ts';
import { until } from '../../support/until.ts';

const AT = Date.parse('2026-11-26T12:00:00.500Z');

async function opened({
  status = (): number => 200,
  backOffMs = [1, 1, 1],
}: {
  status?: () => number;
  backOffMs?: number[];
} = {}) {
  const receiver = await recorder((response) => {
    const code = status();
    response.writeHead(code, code === 302 ? { location: '/elsewhere' } : {}).end('content of the receiver');
  });
  const secrets = new Map<string, string>();
  const set: Pick<SettingValues, 'alert_webhook'> = { alert_webhook: null };
  const events = new LiveEvents();
  const webhook = new AlertWebhook({
    events,
    settings: {
      get: (key) => set[key as 'alert_webhook'] as never,
      set: (_key, value) => void Object.assign(set, { alert_webhook: value }),
    },
    vault: {
      ...{ kind: 'file-key', protection: '' },
      get: async (account) => secrets.get(account) ?? null,
      set: async (account, secret) => void secrets.set(account, secret),
      delete: async (account) => void secrets.delete(account),
    },
    wall: () => AT,
    memberName: () => 'Mia',
    systemProxy: undefined,
    backOffMs,
  });
  onTestFinished(() => webhook.close());
  let id = 0;
  const raise = (message = 'Key laptop was used elsewhere.') => {
    const facts = { kind: 'new_address', message, memberId: 1, keyId: 2, address: '192.0.2.7' } as const;
    const alert: Alert = {
      ...{ id: ++id, at: AT, providerId: null, seenAt: null, answer: null },
      ...facts,
    };
    events.emit({ type: 'alert', data: alert });
  };
  const bodies = () => receiver.seen.map(({ body }) => JSON.parse(body));
  return { webhook, receiver, raise, bodies, secrets, url: `${receiver.origin}/alerts?token=1` };
}

describe('alerts', () => {
  it('are posted as they come, signed so that a receiver can check them', async () => {
    const { webhook, raise, receiver, bodies, url } = await opened();
    raise();
    const secret = await webhook.change(url, false);
    raise();
    await until('the message', () => receiver.seen.length === 1);
    expect(bodies()[0]).toEqual({
      type: 'alert.raised',
      timestamp: '2026-11-26T12:00:00.500Z',
      data: {
        ...{ id: '2', kind: 'new_address', message: 'Key laptop was used elsewhere.', address: '192.0.2.7' },
        ...{ memberId: '1', keyId: '2', providerId: null, memberName: 'Mia' },
      },
    });
    const { headers, body, method } = receiver.seen[0] as (typeof receiver.seen)[0];
    expect(method).toBe('POST');
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const key = Buffer.from((secret ?? '').replace(/^whsec_/, ''), 'base64');
    expect(key).toHaveLength(32);
    expect(headers['webhook-timestamp']).toBe(String(Math.floor(AT / 1_000)));
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    );
    await until('it to count', () => webhook.state.waiting === 0);
    expect(webhook.state).toMatchObject({ lastDelivered: AT, lastFailure: null, lost: 0 });
  });

  it('are tried again with the same id, in order, until they are taken', async () => {
    let failing = true;
    const { webhook, raise, receiver, bodies, url } = await opened({
      status: () => (failing ? 503 : 204),
      backOffMs: Array(1_000).fill(1),
    });
    await webhook.change(url, false);
    raise('first');
    raise('second');
    await until('some tries', () => receiver.seen.length > 3);
    expect(webhook.state.lastFailure?.message).toBe('It answered 503.');
    failing = false;
    await until('both', () => bodies().some(({ data }) => data.message === 'second'));
    const messages = bodies().map(({ data }) => data.message);
    expect(messages.filter((message) => message === 'second')).toHaveLength(1);
    expect(messages.at(-1)).toBe('second');
    const ids = receiver.seen.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(2);
  });

  it('are given up after some tries, at once where the receiver is gone', async () => {
    let code = 500;
    const { webhook, raise, receiver, url } = await opened({ status: () => code, backOffMs: [1, 1] });
    await webhook.change(url, false);
    raise();
    await until('it to be given up', () => webhook.state.lost === 1);
    expect(receiver.seen).toHaveLength(3);
    code = 410;
    raise();
    await until('that, too', () => webhook.state.lost === 2);
    expect(receiver.seen).toHaveLength(4);
  });

  it('do not follow where a receiver points', async () => {
    const { webhook, raise, receiver, url } = await opened({ status: () => 302, backOffMs: [] });
    await webhook.change(url, false);
    raise();
    await until('it to be given up', () => webhook.state.lost === 1);
    expect(receiver.seen.map(({ url: asked }) => asked)).toEqual(['/alerts?token=1']);
    expect(webhook.state.lastFailure?.message).toContain('redirect (302)');
  });

  it('wait in bounded number; the oldest give way', async () => {
    const { webhook, raise, url } = await opened({ status: () => 500, backOffMs: [600_000] });
    await webhook.change(url, false);
    for (let count = 0; count < 150; count += 1) raise();
    expect(webhook.state).toMatchObject({ waiting: 100, lost: 50 });
  });

  it('go nowhere once the address is taken away, and its secret goes too', async () => {
    const { webhook, raise, receiver, secrets, url } = await opened();
    await webhook.change(url, false);
    expect(secrets.size).toBe(1);
    await webhook.remove();
    raise();
    expect(await webhook.test()).toBeNull();
    expect([secrets.size, receiver.seen.length, webhook.state.url]).toEqual([0, 0, null]);
  });
});

it('the secret stays until a new one is asked for', async () => {
  const { webhook, url } = await opened();
  const first = await webhook.change(url, false);
  expect(await webhook.change(url, false)).toBeNull();
  const second = await webhook.change(url, true);
  expect(second).toMatch(/^whsec_/);
  expect(second).not.toBe(first);
});

it('a receiver that does not answer is told so by a test', async () => {
  const { webhook, receiver, url } = await opened();
  await webhook.change(url.replace(/:\d+/, ':1'), false);
  expect(await webhook.test()).toMatchObject({ ok: false, status: null, message: 'Nothing listens there.' });
  await webhook.change(url, false);
  expect(await webhook.test()).toMatchObject({ ok: true, status: 200 });
  expect(JSON.parse(receiver.seen[0]?.body ?? '')).toMatchObject({ type: 'alert.test' });
});

it('signs as the example of Standard Webhooks does', () => {
  // https://github.com/standard-webhooks/standard-webhooks: the example in the libraries' tests.
  expect(
    signedHeaders(
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1_614_265_330_000,
      '{"test": 2432232314}',
    ),
  ).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

it.each([
  ['https://hooks.example.com/alerts#x', 'https://hooks.example.com/alerts'],
  ['http://127.0.0.1:9000/', 'http://127.0.0.1:9000/'],
  ['http://localhost/hook', 'http://localhost/hook'],
  ['http://hooks.example.com/', null],
  ['https://user:secret@hooks.example.com/', null],
  ['ftp://hooks.example.com/', null],
  ['hooks.example.com', null],
])('of the address %s becomes %s', (typed, url) => {
  const read = webhookUrl(typed);
  if (url !== null) return expect(read).toEqual({ url });
  expect(read).toHaveProperty('wrong');
  expect(JSON.stringify(read)).not.toContain('secret');
});
