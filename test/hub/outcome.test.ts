/** Why an answer ended, in the words of the client's protocol. */
import { beforeEach, describe, expect, it } from 'vitest';
import { reply } from '../support/provider/reply.ts';
import type { Turn } from '../support/provider/turn.ts';
import { PAIRS, resetScripts, useHub } from './bench.ts';
import { exchange, type Protocol } from './exchange.ts';
import { said } from './reading/said.ts';

const bench = useHub();
beforeEach(() => resetScripts(bench));

const CALL = [{ name: 'look', input: { at: 1 } }];

/** A turn at a provider, and what each client is told. */
type Case = readonly [
  name: string,
  provider: Protocol,
  turn: Turn,
  Readonly<Partial<Record<Protocol, string>>>,
];

const CASES: readonly Case[] = [
  [
    'the end',
    'anthropic-messages',
    { text: 'so' },
    { 'openai-chat': 'stop', 'openai-responses': 'completed' },
  ],
  [
    'a stop sequence',
    'anthropic-messages',
    { text: 'so', finish: 'stop_sequence', stopSequence: 'END' },
    { 'openai-chat': 'stop', 'openai-responses': 'completed', 'anthropic-messages': 'stop_sequence' },
  ],
  [
    'a call',
    'anthropic-messages',
    { toolCalls: CALL },
    { 'openai-chat': 'tool_calls', 'openai-responses': 'completed' },
  ],
  [
    'the limit',
    'anthropic-messages',
    { text: 'so', finish: 'length' },
    { 'openai-chat': 'length', 'openai-responses': 'max_output_tokens' },
  ],
  [
    'a full window',
    'anthropic-messages',
    { text: 'so', finish: 'context_window' },
    {
      'openai-chat': 'length',
      'openai-responses': 'max_output_tokens',
      'anthropic-messages': 'model_context_window_exceeded',
    },
  ],
  [
    'a refusal',
    'anthropic-messages',
    {
      parts: [
        { type: 'text', text: 'I' },
        { type: 'refusal', text: 'It would harm.' },
      ],
    },
    {
      'openai-chat': 'content_filter',
      'openai-responses': 'content_filter',
      'anthropic-messages': 'refusal',
    },
  ],
  [
    'a pause in the provider’s own tools',
    'anthropic-messages',
    { text: 'so', finish: 'pause_turn' },
    { 'openai-responses': 'pause_turn', 'anthropic-messages': 'pause_turn' },
  ],
  [
    'a word of tomorrow',
    'anthropic-messages',
    { text: 'so', finishAs: 'moonrise' },
    { 'openai-chat': 'stop', 'openai-responses': 'completed' },
  ],
  [
    'the end',
    'openai-chat',
    { text: 'so' },
    { 'anthropic-messages': 'end_turn', 'openai-responses': 'completed' },
  ],
  [
    'a call',
    'openai-chat',
    { toolCalls: CALL },
    { 'anthropic-messages': 'tool_use', 'openai-responses': 'completed' },
  ],
  [
    'a call that the server calls an end',
    'openai-chat',
    { toolCalls: CALL, finishAs: 'stop' },
    { 'anthropic-messages': 'tool_use', 'openai-responses': 'completed' },
  ],
  [
    'the limit',
    'openai-chat',
    { text: 'so', finish: 'length' },
    { 'anthropic-messages': 'max_tokens', 'openai-responses': 'max_output_tokens' },
  ],
  [
    'a filter',
    'openai-chat',
    { text: 'so', finish: 'content_filter' },
    { 'anthropic-messages': 'refusal', 'openai-responses': 'content_filter' },
  ],
  [
    'a word of others',
    'openai-chat',
    { text: 'so', finishAs: 'eos' },
    { 'anthropic-messages': 'end_turn', 'openai-responses': 'completed' },
  ],
  [
    'the end',
    'openai-responses',
    { text: 'so' },
    { 'anthropic-messages': 'end_turn', 'openai-chat': 'stop' },
  ],
  [
    'a call',
    'openai-responses',
    { toolCalls: CALL },
    { 'anthropic-messages': 'tool_use', 'openai-chat': 'tool_calls' },
  ],
  [
    'the limit',
    'openai-responses',
    { text: 'so', finish: 'length' },
    { 'anthropic-messages': 'max_tokens', 'openai-chat': 'length' },
  ],
  [
    'a filter',
    'openai-responses',
    { text: 'so', finish: 'content_filter' },
    { 'anthropic-messages': 'refusal', 'openai-chat': 'content_filter' },
  ],
];

const ENDINGS = CASES.flatMap(([name, provider, turn, told]) =>
  Object.entries(told).flatMap(([client, word]) =>
    [false, true].map((stream) => ({ name, provider, turn, client: client as Protocol, word, stream })),
  ),
);

describe('an answer ends', () => {
  it.each(ENDINGS)('by $name at $provider, for $client as $word (streamed: $stream)', async (ending) => {
    const { provider, turn, client, word, stream } = ending;
    bench.seats[provider].provider.script(reply.turn(turn));
    const tools = turn.toolCalls === undefined ? {} : { tools: TOOLS[client] };
    const answer = await exchange(bench, client, bench.seats[provider], { stream, ...tools });
    expect(said(client, answer).finish).toBe(word);
  });
});

const TOOLS: Readonly<Record<Protocol, object[]>> = {
  'openai-chat': [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }],
  'openai-responses': [{ type: 'function', name: 'look', parameters: { type: 'object' } }],
  'anthropic-messages': [{ name: 'look', input_schema: { type: 'object' } }],
};

describe.each([false, true])('a refusal (streamed: %s)', (stream) => {
  const why = 'I cannot help with that.';

  it.each(PAIRS.filter(([client, provider]) => client !== provider && provider !== 'anthropic-messages'))(
    'is told a client of %s as such, from %s',
    async (client, provider) => {
      bench.seats[provider].provider.script(reply.parts([{ type: 'refusal', text: why }]));
      const answer = said(client, await exchange(bench, client, bench.seats[provider], { stream }));
      if (client === 'anthropic-messages') expect(answer).toMatchObject({ text: why, finish: 'refusal' });
      else expect(answer).toMatchObject({ text: '', refusal: why });
    },
  );

  it('of Claude keeps its details for a client of chat', async () => {
    bench.seats['anthropic-messages'].provider.script(reply.parts([{ type: 'refusal', text: why }]));
    const { json, events } = await exchange(bench, 'openai-chat', bench.seats['anthropic-messages'], {
      stream,
    });
    const choices = stream ? events.flatMap(({ data }) => data.choices ?? []) : json.choices;
    expect(choices.at(-1)).toMatchObject({
      finish_reason: 'content_filter',
      stop_details: { explanation: why },
    });
  });
});

describe('an error of the provider', () => {
  const TOLD = 'prompt is too long: 250000 tokens > 200000 maximum';

  it.each(PAIRS)(
    'is told a client of %s in the words of a provider of %s, with its status',
    async (client, provider) => {
      for (const status of [400, 404, 413, 422]) {
        bench.seats[provider].provider.script(reply.status(status, { message: TOLD }));
        const answer = await exchange(bench, client, bench.seats[provider], { stream: true });
        expect([answer.status, answer.json.error.message]).toEqual([status, TOLD]);
        if (client === 'anthropic-messages') expect(answer.json).toMatchObject({ type: 'error' });
        else expect(answer.json.error).toHaveProperty('param');
      }
    },
  );

  it.each(PAIRS)(
    'without words, or of the account, is a client of %s’ 502 at a provider of %s',
    async (client, provider) => {
      bench.seats[provider].provider.script(
        reply.html(400),
        reply.status(401),
        reply.html(502),
        reply.text('ok'),
      );
      const page = await exchange(bench, client, bench.seats[provider]);
      expect([page.status, page.text.length > 0]).toEqual([400, true]);
      for (const _ of ['credential', 'gateway']) {
        const { status, json } = await exchange(bench, client, bench.seats[provider]);
        expect(status).toBe(502);
        expect(json.error.message).toEqual(expect.any(String));
      }
      expect((await exchange(bench, client, bench.seats[provider])).status).toBe(200);
    },
  );
});
