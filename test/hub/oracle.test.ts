/**
 * A second opinion: applications on Vercel's SDK, straight at the provider, and clients of another protocol, through
 * the gateway, ask the same. The same must reach the provider, and the same must come out of its stream.
 */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { reply } from '../support/provider/reply.ts';
import type { Turn } from '../support/provider/turn.ts';
import { lastRequest, resetScripts, TRANSLATED, useHub } from './bench.ts';
import { anyConversation, bodyOf, TOOL_NAMES } from './conversations.ts';
import { exchange, type Protocol } from './exchange.ts';
import { normalForm } from './oracle/normal-form.ts';
import { askBySdk } from './oracle/sdk.ts';
import { said } from './reading/said.ts';

const bench = useHub();
beforeEach(() => resetScripts(bench));

const RUNS = 15;

const streamed = (client: Protocol) =>
  client === 'openai-chat' ? { stream: true, stream_options: { include_usage: true } } : { stream: true };

describe.each(TRANSLATED)('a client of %s, and the SDK, at a provider of %s', (client, provider) => {
  it('send the same conversation', { timeout: 60_000 }, async () => {
    const seat = bench.seats[provider];
    await fc.assert(
      fc.asyncProperty(anyConversation, async (conversation) => {
        const ours = await exchange(bench, client, seat, {
          ...bodyOf(client, conversation),
          ...streamed(client),
        });
        expect([ours.status, ours.dropped]).toEqual([200, []]);
        await askBySdk(seat, conversation);
        const theirs = lastRequest(seat);
        expect(theirs.refusal).toBeUndefined();
        expect(normalForm(provider, ours.sent)).toEqual(normalForm(provider, theirs.json));
      }),
      { numRuns: RUNS },
    );
  });

  it('read the same answer', { timeout: 60_000 }, async () => {
    const seat = bench.seats[provider];
    const conversation = {
      system: null,
      steps: [{ said: [{ text: 'hi' }], rounds: [], answer: null }],
      tools: TOOL_NAMES,
      choice: null,
      parallel: true,
      maxTokens: 4_000,
    };
    await fc.assert(
      fc.asyncProperty(anyTurn, async (turn) => {
        seat.provider.script(reply.turn(turn));
        const answer = await exchange(bench, client, seat, {
          ...bodyOf(client, conversation),
          ...streamed(client),
        });
        const { text, reasoning, calls, finish, usage } = said(client, answer);
        const theirs = await askBySdk(seat, conversation);
        // The SDK's package for compatible servers does not read what was written to a cache.
        if (provider === 'openai-chat') theirs.usage.written = turn.usage?.cacheWrite ?? 0;
        expect({ text, reasoning, finish: FINISH[client](finish, calls.length), usage }).toEqual({
          text: theirs.text,
          reasoning: theirs.reasoning,
          finish: theirs.finish,
          usage: theirs.usage,
        });
        expect(calls.map(({ id, name, input }) => ({ id, name, input: JSON.parse(input) }))).toEqual(
          theirs.calls,
        );
      }),
      { numRuns: RUNS },
    );
  });
});

const anyWords = fc
  .array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 })
  .map((words) => words.join(' ').trim())
  .filter((text) => text !== '');

const anyTurn: fc.Arbitrary<Turn> = fc
  .record({
    thinking: fc.option(anyWords, { nil: undefined }),
    text: fc.option(anyWords, { nil: undefined }),
    calls: fc.array(
      fc.record({
        name: fc.constantFrom(...TOOL_NAMES),
        input: fc.record({ city: anyWords, days: fc.integer() }, { requiredKeys: [] }),
      }),
      { maxLength: 3 },
    ),
    usage: fc.record({
      input: fc.integer({ min: 1_000, max: 200_000 }),
      output: fc.integer({ min: 100, max: 9_000 }),
      cached: fc.integer({ min: 0, max: 500 }),
      cacheWrite: fc.integer({ min: 0, max: 500 }),
      reasoning: fc.integer({ min: 0, max: 100 }),
    }),
    cut: fc.boolean(),
  })
  .map(({ thinking, text = 'so', calls, usage, cut }) => ({
    ...(thinking === undefined ? {} : { thinking }),
    text,
    usage,
    ...(calls.length === 0 ? {} : { toolCalls: calls }),
    ...(cut && calls.length === 0 ? { finish: 'length' as const } : {}),
  }));

/** Each protocol's words for how an answer ended, in the SDK's. */
const FINISH: Readonly<Record<Protocol, (word: string, calls: number) => string>> = {
  'openai-chat': (word) => word.replaceAll('_', '-'),
  'anthropic-messages': (word) =>
    ({ end_turn: 'stop', tool_use: 'tool-calls', max_tokens: 'length' })[word] ?? word,
  'openai-responses': (word, calls) => {
    if (word === 'max_output_tokens') return 'length';
    return calls > 0 ? 'tool-calls' : 'stop';
  },
};
