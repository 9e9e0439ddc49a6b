import { expect, it, onTestFinished } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { MESSAGES } from './support.ts';

const CHAT = { model: 'gpt-4o', messages: MESSAGES };

it('a computer that wakes asks providers at once that failed before it slept, and lets running answers go on', async () => {
  await using gateway = await startGateway();
  const provider = await startProvider({ models: null });
  onTestFinished(() => provider.close());
  await gateway.publish(provider, ['gpt-4o'], { kind: 'openai' });
  provider.script(reply.gated(reply.text('to the very last word')));
  const running = gateway.post('/v1/chat/completions', CHAT);
  const request = await provider.nextRequest();

  const held = async () => (await gateway.admin('GET', '/providers')).body.data[0].health;
  provider.script(reply.status(500), reply.text('well again'));
  expect((await gateway.post('/v1/chat/completions', CHAT)).status).toBe(502);
  expect(await held()).toMatchObject([{ state: 'open', lastError: expect.any(String) }]);

  gateway.gateway.wake();
  expect(await held()).toEqual([]);
  expect((await gateway.post('/v1/chat/completions', CHAT)).status).toBe(200);
  request.releaseAll();
  expect((await running).status).toBe(200);
});

it('a pause that a provider asked for itself holds over a sleep', async () => {
  await using gateway = await startGateway();
  const provider = await startProvider({ models: null });
  onTestFinished(() => provider.close());
  await gateway.publish(provider, ['gpt-4o'], { kind: 'openai' });
  provider.script(reply.status(429, { headers: { 'retry-after': '600' } }));
  await gateway.post('/v1/chat/completions', CHAT);
  const asked = provider.requests.length;
  gateway.gateway.wake();
  expect((await gateway.post('/v1/chat/completions', CHAT)).status).toBe(502);
  expect(provider.requests).toHaveLength(asked);
});
