import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../gateway/errors.ts';
import type { CanonicalAnswer, CanonicalEvent } from '../../../gateway/protocols/canonical/answer.ts';
import { eventsOf } from '../../../gateway/protocols/canonical/events-of.ts';
import { OneAtATime } from '../../../gateway/protocols/canonical/one-at-a-time.ts';
import type { AssistantPart } from '../../../gateway/protocols/canonical/request.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { chatCodec } from '../../../gateway/protocols/openai-chat/codec.ts';
import { isPlainChat } from '../../../gateway/protocols/openai-chat/plain-chat.ts';
import { context, dataOf, encodeEvents, PROVIDER } from './support.ts';

const origin = { providerId: PROVIDER };

/** Keys and values of chat bodies, put together in any way. */
const { junk } = fc.letrec<{ junk: JsonObject; value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(null, true, 0, 1, -1, 1.5, '', 'x', '{"a":1}', 'data:,%', 'stop', 'error', 'high'),
    fc.constantFrom('user', 'assistant', 'tool', 'function', 'system', 'tool_calls', 'auto'),
    fc.constantFrom('text', 'image_url', 'tool_use', 'tool_result', 'thinking', 'custom', 'json_schema'),
    fc.constantFrom('reasoning.text', 'reasoning.encrypted', 'ntl_replay.e30', 'ephemeral', 'allowed_tools'),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('junk'),
  ),
  junk: fc.dictionary(
    fc.constantFrom(
      ...['messages', 'role', 'content', 'type', 'text', 'name', 'id', 'index', 'error', 'message', 'n'],
      ...[
        'tool_calls',
        'function',
        'arguments',
        'custom',
        'input',
        'function_call',
        'tool_call_id',
        'system',
      ],
      ...['image_url', 'url', 'file', 'file_data', 'source', 'data', 'media_type', 'thinking', 'signature'],
      ...[
        'tools',
        'functions',
        'parameters',
        'input_schema',
        'tool_choice',
        'allowed_tools',
        'mode',
        'format',
      ],
      ...['reasoning', 'reasoning_details', 'reasoning_effort', 'effort', 'summary', 'max_tokens', 'stop'],
      ...['response_format', 'json_schema', 'schema', 'choices', 'delta', 'finish_reason', 'usage', 'x_groq'],
      ...['annotations', 'url_citation', 'refusal', 'extra_content', 'cache_control', 'ttl', 'metadata'],
      ...['prompt_tokens', 'total_tokens', 'constructor', '__defineGetter__', 'object', 'detail'],
    ),
    tie('value'),
    { maxKeys: 6 },
  ),
}));
const body = fc
  .tuple(junk, fc.option(fc.array(junk, { minLength: 1, maxLength: 3 })))
  .map(([fields, messages]): JsonObject => (messages === null ? fields : { ...fields, messages }));

describe('whatever a caller sends', () => {
  it('is read or refused, and never crashes', () => {
    fc.assert(
      fc.property(body, (given) => {
        expect(typeof isPlainChat(given)).toBe('boolean');
        try {
          expect(chatCodec.decodeRequest(given).turns.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('whatever a provider sends', () => {
  const choice = fc
    .tuple(junk, junk)
    .map(([fields, delta]) => ({ ...fields, index: 0, delta, message: delta }));
  const chunks = fc.array(
    fc.oneof(
      junk,
      choice.map((only): JsonObject => ({ choices: [only] })),
    ),
    { maxLength: 6 },
  );

  it('is a stream of proper events, and never crashes', () => {
    fc.assert(
      fc.property(chunks, (given) => {
        const decoder = chatCodec.decodeStream(origin);
        const events = [...given, '[DONE]' as const].flatMap((data) => decoder.push(data));
        expectProper([...events, ...decoder.end()]);
      }),
      { numRuns: 500 },
    );
  });

  it('is an answer or none, an error or none', () => {
    fc.assert(
      fc.property(chunks, ([given = {}]) => {
        const answer = chatCodec.decodeAnswer(given, origin);
        if (answer !== undefined) expect(answer.finish.stopSequence).toBeNull();
        expect(typeof (chatCodec.decodeError(given)?.message ?? '')).toBe('string');
      }),
      { numRuns: 500 },
    );
  });
});

/** One start first, parts that begin, go on and end, one end last. */
function expectProper(events: readonly CanonicalEvent[]): void {
  const open = new Set<number>();
  for (const [position, event] of events.entries()) {
    expect(event.type === 'start').toBe(position === 0);
    if (event.type === 'finish' || event.type === 'error') expect(position).toBe(events.length - 1);
    if (event.type === 'finish') expect(open.size).toBe(0);
    if (!('index' in event)) continue;
    if (event.type === 'part_start') open.add(event.index);
    else expect(open.has(event.index)).toBe(true);
    if (event.type === 'delta') expect(event.text).not.toBe('');
    if (event.type === 'part_end') open.delete(event.index);
  }
}

const words = fc.string({ minLength: 1, maxLength: 8 });
const parts: fc.Arbitrary<AssistantPart[]> = fc
  .record({
    reasoning: fc.option(words),
    text: fc.option(words),
    refusal: fc.option(words),
    calls: fc.array(fc.record({ name: words, input: words, custom: fc.boolean() }), { maxLength: 3 }),
  })
  .map(({ reasoning, text, refusal, calls }): AssistantPart[] => {
    const replay = {
      protocol: 'openai-chat',
      providerId: PROVIDER,
      id: null,
      data: '',
      redacted: false,
    } as const;
    return [
      ...(reasoning === null ? [] : [{ type: 'reasoning' as const, text: reasoning, replay }]),
      ...(text === null ? [] : [{ type: 'text' as const, text }]),
      ...(refusal === null ? [] : [{ type: 'refusal' as const, text: refusal }]),
      ...calls.map(({ name, input, custom }, index) => ({
        type: 'tool_call' as const,
        id: `call_${index}`,
        name,
        kind: custom ? ('custom' as const) : ('function' as const),
        input,
      })),
    ];
  });
const answers: fc.Arbitrary<CanonicalAnswer> = parts.map((given) => ({
  parts: given,
  finish: {
    reason: reasonFor(given),
    stopSequence: null,
    details: null,
  },
  usage: null,
}));

function reasonFor(given: readonly AssistantPart[]): 'tool_calls' | 'refusal' | 'stop' {
  if (given.some(({ type }) => type === 'tool_call')) return 'tool_calls';
  return given.some(({ type }) => type === 'refusal') ? 'refusal' : 'stop';
}

/** A stream's events put in a row and together again, through the same eyes as a whole answer. */
function folded(sse: string): unknown {
  const decoder = chatCodec.decodeStream(origin);
  const row = new OneAtATime();
  const events = dataOf(sse).flatMap((data) => decoder.push(data).flatMap((event) => row.push(event)));
  const seen = new Map<number, Record<string, unknown>>();
  for (const event of events) {
    if (event.type === 'part_start') seen.set(event.index, { ...event.part, said: '' });
    const part = 'index' in event ? seen.get(event.index) : undefined;
    if (part === undefined) continue;
    if (event.type === 'delta') part.said += event.text;
    if (event.type === 'part_end' && part.type === 'reasoning') part.replay = event.replay;
  }
  return { parts: [...seen.values()], end: events.at(-1) };
}

describe('an answer', () => {
  it('is the same in a stream as in one piece, and comes back as it went', () => {
    fc.assert(
      fc.property(answers, (given) => {
        const whole = chatCodec.decodeAnswer(chatCodec.encodeAnswer(given, context()), origin);
        expect(whole).toEqual(given);
        const expected = given.parts.map((part) => {
          if (part.type === 'opaque') return part;
          if (part.type !== 'tool_call') return { ...part, text: undefined, said: part.text };
          return { ...part, input: undefined, said: part.input };
        });
        expect(folded(encodeEvents(eventsOf(given)))).toEqual({
          parts: expected,
          end: { type: 'finish', finish: given.finish, usage: null },
        });
      }),
    );
  });

  it('that is cut anywhere is no good end, and never crashes', () => {
    fc.assert(
      fc.property(answers, fc.nat(), (given, at) => {
        const data = dataOf(encodeEvents(eventsOf(given)));
        const decoder = chatCodec.decodeStream(origin);
        // The last two are the finish and the end mark.
        const cut = data.slice(0, at % (data.length - 1));
        const events = cut.flatMap((event) => decoder.push(event));
        expect([...events, ...decoder.end()].some(({ type }) => type === 'finish')).toBe(false);
      }),
    );
  });
});
