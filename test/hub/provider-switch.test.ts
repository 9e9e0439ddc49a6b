/** A conversation that began at one provider and goes on at another: no proof of one reaches the other. */
import { beforeEach, describe, expect, it } from 'vitest';
import { DIALECTS } from '../support/provider/chat/dialect.ts';
import { encryptedFor, signatureFor } from '../support/provider/proof.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { newestRow, resetScripts, useHub } from './bench.ts';
import type { Ask, Seen } from './clients/client.ts';
import { exchange, type Protocol } from './exchange.ts';
import { useSeats } from './seats.ts';

const bench = useHub();
const seats = useSeats(bench, {
  haiku: {
    protocol: 'anthropic-messages',
    kind: 'anthropic',
    models: ['claude-haiku-4-5'],
    options: { realm: 'one' },
  },
  opus45: {
    protocol: 'anthropic-messages',
    kind: 'anthropic',
    models: ['claude-opus-4-5'],
    options: { realm: 'two' },
  },
  groq: {
    protocol: 'openai-chat',
    kind: 'groq',
    models: ['llama-4'],
    options: { models: null, basePath: '/openai/v1', dialect: DIALECTS.groq },
  },
  deepseek: {
    protocol: 'openai-chat',
    kind: 'deepseek',
    models: ['deepseek-flash'],
    options: { models: null, basePath: '', dialect: DIALECTS.deepseek },
  },
});
beforeEach(() => {
  resetScripts(bench);
  for (const { provider } of Object.values(seats)) provider.script(reply.text('ok'));
});

const THOUGHT = 'let me see 💭';
const THINKS = reply.tools([{ name: 'look', input: { at: 1 } }], { thinking: THOUGHT });
const LOOK = [{ name: 'look', schema: { type: 'object', properties: { at: { type: 'integer' } } } }];

interface Place {
  provider: Provider;
  model: string;
}

/** A turn with a thought and a call, at one provider. */
async function begin(protocol: Protocol, place: Place, rest: Partial<Ask> = {}): Promise<Seen> {
  place.provider.script(THINKS, reply.text('ok'));
  const seen = await bench.clients[protocol].ask({ model: place.model, text: 'hi', tools: LOOK, ...rest });
  expect(seen).toMatchObject({ reasoning: THOUGHT, calls: [{ name: 'look' }] });
  return seen;
}

/** The next turn, at another. @returns what reached it */
async function goOn(protocol: Protocol, place: Place, before: Seen, rest: Partial<Ask> = {}) {
  const history = before.next([{ text: 'seen' }]);
  const seen = await bench.clients[protocol].ask({
    model: place.model,
    text: 'hi',
    tools: LOOK,
    history,
    ...rest,
  });
  expect(seen.text).toBe('ok');
  const request = place.provider.requests.at(-1);
  const sent = request?.body.toString() ?? '';
  expect(request?.refusal).toBeUndefined();
  expect(sent).not.toContain('ntl_replay');
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked into field by field by the tests
  return { seen, sent, json: request?.json as any };
}

describe.each([false, true])('a client of Messages (streamed: %s)', (stream) => {
  const effort = { effort: 'high', stream } as const;

  it('goes from GPT to Claude, which gets its own protocol untouched but for the foreign thought', async () => {
    const first = await begin('anthropic-messages', bench.seats['openai-responses'], effort);
    const { json } = await goOn('anthropic-messages', bench.seats['anthropic-messages'], first, effort);
    expect(json.messages[1].content.map(({ type }: { type: string }) => type)).toEqual(['tool_use']);
    expect(json.thinking).toEqual({ type: 'adaptive' });
    expect((await newestRow(bench)).dropped).toBe('reasoning');
  });

  it('and back: Claude’s thought stays away from GPT, GPT’s own comes back to it', async () => {
    const first = await begin('anthropic-messages', bench.seats['openai-responses'], effort);
    bench.seats['anthropic-messages'].provider.script(THINKS);
    const history = first.next([{ text: 'seen' }]);
    const ask = { text: 'hi', tools: LOOK, ...effort };
    const client = bench.clients['anthropic-messages'];
    const second = await client.ask({ ...ask, model: bench.seats['anthropic-messages'].model, history });
    const { json, sent } = await goOn('anthropic-messages', bench.seats['openai-responses'], second, effort);
    const reasoning = json.input.filter(({ type }: { type: string }) => type === 'reasoning');
    expect(reasoning).toMatchObject([{ encrypted_content: encryptedFor(THOUGHT) }]);
    expect(sent).not.toContain(signatureFor(THOUGHT));
  });

  it('goes to a Claude that thinks on a budget: thinking is off for the turn that lacks it', async () => {
    const client = bench.clients['anthropic-messages'];
    const first = await begin('anthropic-messages', bench.seats['openai-responses'], effort);
    const messages = first.next([{ text: 'seen' }]);
    const body = {
      model: seats.haiku.model,
      max_tokens: 8_000,
      stream,
      thinking: { type: 'enabled', budget_tokens: 2_000 },
      tools: [{ name: 'look', input_schema: { type: 'object' } }],
      messages,
    };
    const answer = await bench.gateway.post(client.raw({ model: '', text: '' }).path, body);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-ntl-dropped')).toBe('reasoning');
    const sent = seats.haiku.provider.requests.at(-1)?.json as { thinking?: object };
    expect(sent.thinking).toBeUndefined();
  });

  it('goes from a chat provider to Claude', async () => {
    const first = await begin('anthropic-messages', bench.seats['openai-chat'], { stream });
    await goOn('anthropic-messages', bench.seats['anthropic-messages'], first, effort);
  });
});

describe.each([false, true])('a client of Responses (streamed: %s)', (stream) => {
  const effort = { effort: 'high', stream } as const;

  it('goes from Claude to GPT, which gets the items untouched but for the foreign thought', async () => {
    const first = await begin('openai-responses', bench.seats['anthropic-messages'], effort);
    const { json } = await goOn('openai-responses', bench.seats['openai-responses'], first, effort);
    expect(json.input.map(({ type }: { type: string }) => type)).toEqual([
      'message',
      'function_call',
      'function_call_output',
    ]);
  });

  it('goes from one account of Anthropic to another: no thought, and none asked for, in the middle of a loop', async () => {
    const first = await begin('openai-responses', seats.haiku, effort);
    const { json } = await goOn('openai-responses', seats.opus45, first, effort);
    expect(json.messages[1].content.map(({ type }: { type: string }) => type)).toEqual(['tool_use']);
    expect(json.thinking).toBeUndefined();
    expect((await newestRow(bench)).dropped).toBe('reasoning');
    const back = await goOn('openai-responses', seats.haiku, first, effort);
    expect(back.json.messages[1].content[0]).toMatchObject({
      type: 'thinking',
      signature: signatureFor(THOUGHT, '', 'one'),
    });
    expect(back.json.thinking).toMatchObject({ type: 'enabled' });
  });
});

describe.each([false, true])('a client of chat (streamed: %s)', (stream) => {
  const effort = { effort: 'high', stream } as const;

  it('goes from Claude to GPT and back', async () => {
    const first = await begin('openai-chat', bench.seats['anthropic-messages'], effort);
    const { json } = await goOn('openai-chat', bench.seats['openai-responses'], first, effort);
    expect(json.input.map(({ type }: { type: string }) => type)).not.toContain('reasoning');
    const back = await goOn('openai-chat', bench.seats['anthropic-messages'], first, effort);
    expect(back.json.messages[1].content[0]).toEqual({
      type: 'thinking',
      thinking: THOUGHT,
      signature: signatureFor(THOUGHT),
    });
  });

  it('goes from Claude to a chat service that refuses fields of others', async () => {
    const first = await begin('openai-chat', bench.seats['anthropic-messages'], effort);
    const { json } = await goOn('openai-chat', seats.groq, first, { stream });
    expect(json.messages[1]).not.toHaveProperty('reasoning_details');
  });

  it('goes from Claude to a chat service that demands the text of its own thoughts', async () => {
    const first = await begin('openai-chat', bench.seats['anthropic-messages'], effort);
    const { json } = await goOn('openai-chat', seats.deepseek, first, { stream });
    expect(json.messages[1].reasoning_content).toBe(THOUGHT);
  });
});

describe('a proof that is not the provider’s', () => {
  const forged = [
    ['made up', signatureFor('another thought', '', 'one')],
    ['of another account', signatureFor(THOUGHT, '', 'two')],
  ] as const;

  it.each(forged)('%s is refused by the provider, and its words reach the client', async (_, signature) => {
    const thinking = { type: 'thinking', thinking: THOUGHT, signature };
    const history = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [thinking, { type: 'text', text: 'so' }] },
      { role: 'user', content: 'go on' },
    ];
    const client = bench.clients['anthropic-messages'];
    const asking = client.ask({ model: seats.haiku.model, text: 'hi', history });
    const error = await asking.then(() => undefined, client.errorOf);
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining('Invalid `signature`') });
  });

  it('that was damaged on the way is left out, and the rest goes on', async () => {
    const messages = [
      { role: 'user', content: 'hi' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature: 'ntl_replay.AAAA' },
          { type: 'text', text: 'so' },
        ],
      },
      { role: 'user', content: 'go on' },
    ];
    const { sent, sentText } = await exchange(bench, 'anthropic-messages', bench.seats['openai-responses'], {
      messages,
    });
    expect(sent.input).toHaveLength(3);
    expect(sentText).not.toMatch(/ntl_replay|reasoning"/);
    const own = await exchange(bench, 'anthropic-messages', bench.seats['anthropic-messages'], { messages });
    expect(own.sentText).not.toContain('ntl_replay');
  });

  it('in the gateway’s own wrapping is worth no more', async () => {
    const replay = ['anthropic-messages', null, null, 'EqQBforged', false];
    const wrapped = `ntl_replay.${Buffer.from(JSON.stringify(replay)).toString('base64url')}`;
    const history = [
      { role: 'user', content: 'hi' },
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'hm' }],
        encrypted_content: wrapped,
      },
      { role: 'assistant', content: 'so' },
      { role: 'user', content: 'go on' },
    ];
    const client = bench.clients['openai-responses'];
    const asking = client.ask({ model: bench.seats['anthropic-messages'].model, text: 'hi', history });
    const error = await asking.then(() => undefined, client.errorOf);
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining('Invalid `signature`') });
    expect(bench.seats['anthropic-messages'].provider.requests.at(-1)?.body.toString()).not.toContain(
      'ntl_replay',
    );
  });
});

describe('a model with targets of several protocols', () => {
  it('is served by the next where the first fails, in that one’s words', async () => {
    const [first, second] = await Promise.all([startProvider({ models: null }), startProvider()]);
    await using _ = first;
    await using __ = second;
    await bench.gateway.publish(first, ['anything'], { kind: 'openai-compatible' });
    await bench.gateway.publish(second, ['anything'], {
      kind: 'anthropic',
      priority: 1,
      upstreamModel: 'claude-haiku-4-5',
    });
    first.script(reply.status(503));
    for (const stream of [false, true]) {
      second.script(reply.text('from the second'));
      const ask = { model: 'anything', text: 'hi', stream, tools: LOOK };
      expect((await bench.clients['openai-responses'].ask(ask)).text).toBe('from the second');
      expect((await newestRow(bench)).upstreamModel).toBe('claude-haiku-4-5');
    }
    expect(first.requests[0]?.path).toBe('/v1/chat/completions');
  });
});
