/** Bodies of every kind, at providers of every protocol. Valid ones are served; broken ones are told what is wrong. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { DIALECTS } from '../support/provider/chat/dialect.ts';
import { reply } from '../support/provider/reply.ts';
import { PAIRS, PROTOCOLS, resetScripts, TRANSLATED, useHub } from './bench.ts';
import { exchange, PATHS, type Protocol } from './exchange.ts';
import { anyMutations, mutated } from './mutations.ts';
import { type SeatWish, useSeats } from './seats.ts';
import { endOf } from './stream-ends.ts';
import { anyValidBody } from './valid-bodies.ts';

const bench = useHub();
/** Each takes less than, or something else than, the usual seats. */
const OTHERS = {
  claude: {
    protocol: 'anthropic-messages',
    kind: 'anthropic',
    models: [
      'claude-haiku-4-5',
      'claude-opus-4-5',
      'claude-opus-4-7',
      'claude-opus-4-8',
      'claude-opus-5',
      'claude-fable-5',
    ],
  },
  gpt: { protocol: 'openai-responses', kind: 'openai', models: ['gpt-5.2', 'gpt-5.6-sol'] },
  gptChat: { protocol: 'openai-chat', kind: 'openai', models: ['gpt-4.1'] },
  mistral: {
    protocol: 'openai-chat',
    kind: 'mistral',
    models: ['mistral-large-2512'],
    options: { models: null, dialect: DIALECTS.mistral },
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
    models: ['deepseek-v4-pro', 'deepseek-chat'],
    options: { models: null, basePath: '', dialect: DIALECTS.deepseek },
  },
} as const satisfies Record<string, SeatWish>;

const seats = useSeats(bench, OTHERS);
beforeEach(() => {
  resetScripts(bench);
  for (const { provider } of Object.values(seats)) provider.script(reply.text('ok'));
});

const AT_OTHERS = (Object.keys(OTHERS) as (keyof typeof OTHERS)[]).flatMap((name) =>
  PROTOCOLS.filter((client) => client !== OTHERS[name].protocol).map((client) => [client, name] as const),
);

describe('a valid body', () => {
  const check = async (client: Protocol, seat: Parameters<typeof exchange>[2], body: object) => {
    const { status, text } = await exchange(bench, client, seat, body);
    expect([status, text]).toEqual([200, expect.any(String)]);
  };

  it.each(TRANSLATED)('of %s is taken by a provider of %s', { timeout: 60_000 }, async (client, provider) => {
    await fc.assert(
      fc.asyncProperty(anyValidBody(client), (body) => check(client, bench.seats[provider], body)),
      { numRuns: 25 },
    );
  });

  it.each(AT_OTHERS)('of %s is taken by every model of %s', { timeout: 60_000 }, async (client, name) => {
    const seat = seats[name];
    await fc.assert(
      fc.asyncProperty(
        anyValidBody(client),
        fc.constantFrom<string[]>(...OTHERS[name].models),
        (body, model) => check(client, { provider: seat.provider, model }, body),
      ),
      { numRuns: 12 },
    );
  });
});

const DEEP = `${'[{"x":'.repeat(50_000)}1${'}]'.repeat(50_000)}`;

describe.each(TRANSLATED)('a body of %s that is nested deep, for a provider of %s', (client, provider) => {
  const PLACES: Readonly<Record<Protocol, readonly object[]>> = {
    'openai-chat': [
      { messages: 'DEEP' },
      { messages: [{ role: 'user', content: 'DEEP' }] },
      { tools: [{ type: 'function', function: { name: 'f', parameters: 'DEEP' } }] },
      { tools: [{ type: 'function', function: { name: 'f', parameters: { properties: 'DEEP' } } }] },
      { unknown: 'DEEP' },
    ],
    'openai-responses': [
      { input: 'DEEP' },
      { input: [{ type: 'function_call_output', call_id: 'a', output: 'DEEP' }] },
      { tools: [{ type: 'function', name: 'f', strict: true, parameters: { properties: 'DEEP' } }] },
      {
        input: [
          { type: 'hologram', depth: 'DEEP' },
          { role: 'user', content: 'hi' },
        ],
      },
    ],
    'anthropic-messages': [
      { messages: [{ role: 'user', content: 'DEEP' }] },
      {
        messages: [
          { role: 'user', content: 'hi' },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: { x: 'DEEP' } }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'ok' }] },
        ],
      },
      { tools: [{ name: 'f', strict: true, input_schema: { type: 'object', properties: { x: 'DEEP' } } }] },
      { system: 'DEEP' },
    ],
  };

  it.each(PLACES[client])('%j', async (fields) => {
    const { model } = bench.seats[provider];
    const least = {
      'openai-chat': { messages: [{ role: 'user', content: 'hi' }] },
      'openai-responses': { input: 'hi' },
      'anthropic-messages': { max_tokens: 99, messages: [{ role: 'user', content: 'hi' }] },
    };
    const text = JSON.stringify({ model, ...least[client], ...fields }).replace('"DEEP"', DEEP);
    const { status, body } = await bench.gateway.post(PATHS[client], text);
    expect([200, 400, 413]).toContain(status);
    if (status !== 200) expect(body.error.message).toMatch(/\w{3}/);
  });
});

describe.each(TRANSLATED)('to a client of %s, from a provider of %s', (client, provider) => {
  it('a call whose input is nested deep is given on or is the provider’s failure', async () => {
    const raw = { type: 'tool_use', id: 'a', name: 'f', input: {} };
    const deltas = [{ type: 'input_json_delta', partial_json: `{"x":${DEEP}}` }];
    const script =
      provider === 'anthropic-messages'
        ? reply.parts([{ type: 'raw', messages: { opened: raw, deltas, closed: raw } }])
        : reply.tools([{ name: 'f', input: `{"x":${DEEP}}` }]);
    bench.seats[provider].provider.script(script);
    for (const stream of [false, true]) {
      const { status, text } = await exchange(bench, client, bench.seats[provider], { stream });
      expect([200, 502]).toContain(status);
      expect(text.length).toBeGreaterThan(0);
      if (stream) expect(['whole', 'error']).toContain(endOf(client, text));
    }
  });
});

describe.each(PAIRS)('a broken body of %s for a provider of %s', (client, provider) => {
  it('is served or refused, in the protocol’s form, and never breaks the gateway', {
    timeout: 60_000,
  }, async () => {
    const seat = bench.seats[provider];
    await fc.assert(
      fc.asyncProperty(anyValidBody(client), anyMutations, async (body, mutations) => {
        const damaged = mutated({ ...body, model: seat.model }, mutations);
        const answer = await exchange(bench, client, seat, damaged, { mayBeRefused: true });
        expect([200, 400, 404, 413, 422], answer.text.slice(0, 500)).toContain(answer.status);
        if (answer.status === 200) return;
        const { type, error } = answer.json;
        expect(error.message).toMatch(/\w{3}/);
        expect(error.type).toEqual(expect.any(String));
        if (client === 'anthropic-messages') expect(type).toBe('error');
      }),
      { numRuns: 25 },
    );
    const { status } = await exchange(bench, client, seat);
    expect(status).toBe(200);
  });
});
