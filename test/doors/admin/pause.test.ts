import { expect, it, onTestFinished } from 'vitest';
import { startGateway } from '../../support/gateway.ts';
import { startProvider } from '../../support/provider/provider.ts';
import { reply } from '../../support/provider/reply.ts';
import { until } from '../../support/until.ts';

const CHAT = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] };

async function served() {
  const gateway = await startGateway();
  onTestFinished(() => gateway[Symbol.asyncDispose]());
  const provider = await startProvider();
  onTestFinished(() => provider.close());
  await gateway.publish(provider, ['gpt-4o']);
  const calls = () => provider.requests.filter(({ path }) => path.endsWith('/chat/completions')).length;
  return { gateway, provider, calls };
}

it('refuses inference while paused, audits it, asks no provider, and serves again once resumed', async () => {
  const { gateway, provider, calls } = await served();
  expect((await gateway.admin('POST', '/pause')).body).toEqual({ paused: true });
  expect((await gateway.admin('GET', '/status')).body.paused).toBe(true);

  const answer = await gateway.post('/v1/chat/completions', CHAT);
  expect(answer.status).toBe(503);
  expect(answer.body.error).toMatchObject({ type: 'server_error', code: 'paused' });
  expect(answer.headers.get('x-should-retry')).toBe('false');
  expect(answer.headers.get('x-ntl-tier')).toBe('enterprise');
  expect((await gateway.post('/v1/messages', { ...CHAT, model: 'ntl/echo' })).status).toBe(503);
  expect(calls()).toBe(0);
  expect(await gateway.rows()).toMatchObject([
    { status: 503, code: 'paused', memberId: '1' },
    { status: 503, code: 'paused', memberId: '1' },
  ]);
  // What costs nothing goes on: tools that list models do not lose them.
  const list = await fetch(`${gateway.url}/v1/models`, { headers: { 'x-api-key': gateway.key } });
  expect(list.status).toBe(200);

  expect((await gateway.admin('POST', '/resume')).body).toEqual({ paused: false });
  provider.script(reply.text('ok'));
  expect((await gateway.post('/v1/chat/completions', CHAT)).status).toBe(200);
});

it('keeps strangers as it keeps them at other times', async () => {
  const { gateway } = await served();
  await gateway.admin('POST', '/pause');
  const answer = await gateway.post('/v1/chat/completions', CHAT, { key: `ntl_live_${'x'.repeat(40)}` });
  expect(answer.body.error.code).toBe('invalid_key');
});

it('lets a stream that runs go on to its end', async () => {
  const { gateway, provider } = await served();
  provider.script(reply.gated(reply.text('one two three')));
  const answer = gateway.post('/v1/chat/completions', { ...CHAT, stream: true });
  await until('the call', () => provider.requests.at(-1)?.path.endsWith('/chat/completions'));
  await gateway.admin('POST', '/pause');
  provider.requests.at(-1)?.releaseAll();
  expect(String((await answer).body)).toMatch(/three[\s\S]*\[DONE\]/);
});

it('is in the change log and told live, each time it changes and no oftener', async () => {
  const { gateway } = await served();
  const states: string[] = [];
  gateway.gateway.events.subscribe((event) => {
    if (event.type === 'state') states.push(event.data.state);
  });
  for (const path of ['/pause', '/pause', '/resume', '/resume']) await gateway.admin('POST', path);
  expect(states).toEqual(['paused', 'running']);
  const { data } = (await gateway.admin('GET', '/changes')).body;
  expect(data.map(({ action }: { action: string }) => action).slice(0, 2)).toEqual([
    'gateway.resume',
    'gateway.pause',
  ]);
});

it('is not kept over a start', async () => {
  const { gateway } = await served();
  await gateway.admin('POST', '/pause');
  await gateway.restart();
  expect((await gateway.admin('GET', '/status')).body.paused).toBe(false);
  expect((await gateway.post('/v1/chat/completions', { ...CHAT, model: 'ntl/echo' })).status).toBe(200);
});
