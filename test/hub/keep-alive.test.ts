/** A provider that thinks for long: the client hears that the connection lives, in its own protocol's way. */
import { once } from 'node:events';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { eventsIn, PATHS, type Protocol } from './exchange.ts';
import { said } from './reading/said.ts';
import { endOf } from './stream-ends.ts';

let gateway: TestGateway;
let anthropic: Provider;
let chat: Provider;
beforeAll(async () => {
  gateway = await startGateway({ keepAliveMs: 20 });
  [anthropic, chat] = await Promise.all([startProvider(), startProvider()]);
  await gateway.publish(anthropic, ['claude-sonnet-4-6'], { kind: 'anthropic' });
  await gateway.publish(chat, ['gpt-4o']);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await Promise.all([anthropic.close(), chat.close()]);
});

const ALIVE: Readonly<Record<Protocol, string>> = {
  'openai-chat': ': keep-alive\n\n',
  'openai-responses': ': keep-alive\n\n',
  'anthropic-messages': 'event: ping\n',
};

const SAYING: Readonly<Record<Protocol, object>> = {
  'openai-chat': { messages: [{ role: 'user', content: 'hi' }] },
  'openai-responses': { input: 'hi', store: false },
  'anthropic-messages': { max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] },
};

/** Asks for a stream; the text grows as it comes. */
async function listen(
  client: Protocol,
  model: string,
): Promise<{ heard(): string; closed: Promise<unknown> }> {
  const asking = http.request(gateway.url + PATHS[client], {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${gateway.key}` },
  });
  asking.end(JSON.stringify({ model, stream: true, ...SAYING[client] }));
  const [response] = (await once(asking, 'response')) as [http.IncomingMessage];
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (piece: string) => {
    text += piece;
  });
  return { heard: () => text, closed: once(response, 'close') };
}

const PLACES = [
  ['openai-chat', 'claude-sonnet-4-6'],
  ['openai-responses', 'claude-sonnet-4-6'],
  ['openai-responses', 'gpt-4o'],
  ['anthropic-messages', 'gpt-4o'],
] as const;

describe.each(PLACES)('a client of %s whose model is %s', (client, model) => {
  const times = (text: string) => text.split(ALIVE[client]).length - 1;

  it('hears it before the first word and between words, and the answer stays whole', async () => {
    const provider = model === 'gpt-4o' ? chat : anthropic;
    const before = provider.requests.length;
    provider.script(reply.gated(reply.text('one two')));
    const { heard, closed } = await listen(client, model);
    await until('a sign of life', () => times(heard()) > 0);
    const request = await until('the request', () => provider.requests[before]);
    await request.release(3);
    await until('the first word', () => heard().includes('one'));
    const early = times(heard());
    await until('another sign of life', () => times(heard()) > early);
    request.releaseAll();
    await closed;
    const { text } = said(client, { json: undefined, events: eventsIn(heard()) });
    expect(text).toBe('one two');
  });

  it('is told of a refusal that comes behind it as an event, in the provider’s words', async () => {
    const provider = model === 'gpt-4o' ? chat : anthropic;
    const before = provider.requests.length;
    provider.script(reply.gated(reply.status(400, { message: 'prompt is too long' })));
    const { heard, closed } = await listen(client, model);
    await until('a sign of life', () => times(heard()) > 0);
    const request = await until('the request', () => provider.requests[before]);
    request.releaseAll();
    await closed;
    expect(endOf(client, heard())).toBe('error');
    expect(heard()).toContain('prompt is too long');
    const last = eventsIn(heard()).at(-1);
    if (client === 'anthropic-messages')
      expect(last).toMatchObject({ name: 'error', data: { type: 'error' } });
    if (client === 'openai-responses') expect(last?.data).toMatchObject({ type: 'response.failed' });
  });
});
