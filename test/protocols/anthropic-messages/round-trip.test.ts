import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messagesCodec } from '../../../gateway/protocols/anthropic-messages/codec.ts';
import type { CanonicalAnswer, FinishReason } from '../../../gateway/protocols/canonical/answer.ts';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import { eventsOf } from '../../../gateway/protocols/canonical/events-of.ts';
import type {
  AssistantPart,
  CacheMark,
  CanonicalRequest,
  FunctionTool,
  ToolCallPart,
  ToolChoice,
  Turn,
  UserPart,
} from '../../../gateway/protocols/canonical/request.ts';
import { type JsonObject, parseExactly } from '../../../gateway/protocols/json.ts';
import { request } from '../canonical/requests.ts';
import { CONTEXT, dataOf, decodeEvents, encodeEvents, fold, ORIGIN, usageOf } from './answers.ts';
import { anthropic } from './encoding.ts';

const words = fc.string({ minLength: 1 }).filter((value) => value.trim() !== '');
const textPart = words.map((text) => ({ type: 'text' as const, text }));
const input = fc
  .dictionary(fc.string(), fc.jsonValue())
  .map((value) => (Object.keys(value).length === 0 ? '' : JSON.stringify(value)));
const carrier = fc.stringMatching(/^[A-Za-z0-9+/]{4,12}=?$/);

/** Thinking as a client of this protocol gives it back. */
const thinking = fc.tuple(words, carrier, fc.boolean()).map(([text, data, redacted]) => ({
  type: 'reasoning' as const,
  text: redacted ? '' : text,
  replay: { protocol: 'anthropic-messages' as const, providerId: null, id: null, data, redacted },
}));

describe('a request that is put into words and read again', () => {
  const image: fc.Arbitrary<UserPart> = fc.constantFrom(
    { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } },
    { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
    {
      type: 'document',
      source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0' },
      name: 'a.pdf',
    },
    { type: 'document', source: { kind: 'text', text: 'Body.' } },
    { type: 'document', source: { kind: 'file', protocol: 'anthropic-messages', id: 'file_1' } },
  );
  const exchange = fc.tuple(
    fc.array(fc.oneof(textPart, image), { minLength: 1, maxLength: 2 }),
    fc.option(thinking, { nil: undefined }),
    textPart,
    fc.array(fc.tuple(input, words, fc.boolean()), { maxLength: 2 }),
    fc.boolean(),
  );

  function turnsOf(exchanges: (typeof exchange extends fc.Arbitrary<infer T> ? T : never)[]): Turn[] {
    const turns: Turn[] = [
      { role: 'system', parts: [{ type: 'text', text: 'S', cache: { ttl: '1h' } satisfies CacheMark }] },
    ];
    let open: UserPart[] = [];
    exchanges.forEach(([asked, thought, said, calls, noted], index) => {
      turns.push({ role: 'user', parts: [...open, ...asked] });
      if (noted) turns.push({ role: 'system', parts: [{ type: 'text', text: 'Note.' }] });
      const made = calls.map(
        ([value], n): ToolCallPart => ({
          type: 'tool_call',
          id: `c${index}_${n}`,
          name: 'f',
          kind: 'function',
          input: value,
        }),
      );
      turns.push({ role: 'assistant', parts: [...(thought === undefined ? [] : [thought]), said, ...made] });
      open = calls.map(([, text, isError], n) => ({
        type: 'tool_result',
        callId: `c${index}_${n}`,
        parts: [{ type: 'text', text }],
        isError,
      }));
    });
    return [
      ...turns,
      { role: 'user', parts: [...open, { type: 'text', text: 'Go on.', cache: { ttl: null } }] },
    ];
  }

  const tool: fc.Arbitrary<FunctionTool> = fc.record({
    kind: fc.constant('function'),
    name: fc.constant('f'),
    description: fc.option(words, { nil: null }),
    schema: fc
      .dictionary(fc.string(), fc.jsonValue())
      .map((schema) => parseExactly(JSON.stringify({ ...schema, type: 'object' })) as JsonObject),
    strict: fc.constant(null),
  });
  const asked: fc.Arbitrary<CanonicalRequest> = fc
    .record({
      turns: fc.array(exchange, { minLength: 1, maxLength: 4 }).map(turnsOf),
      stream: fc.boolean(),
      tools: tool.map((one) => [one]),
      toolChoice: fc.constantFrom<ToolChoice>(
        { type: 'auto' },
        { type: 'none' },
        { type: 'required' },
        { type: 'tool', name: 'f' },
      ),
      maxOutputTokens: fc.integer({ min: 1, max: 1_000_000 }),
      stop: fc.array(words, { maxLength: 2 }),
      userId: fc.option(words, { nil: null }),
      reasoning: fc
        .constantFrom(null, 'low' as const, 'max' as const)
        .map((effort) =>
          effort === null
            ? null
            : { effort, budgetTokens: null, mode: 'adaptive' as const, summary: null, display: 'omitted' },
        ),
    })
    .map(({ turns, ...rest }) => request(turns, rest))
    // A call that must be made is made without thinking.
    .filter(
      ({ toolChoice, reasoning }) => reasoning === null || ['auto', 'none'].includes(toolChoice?.type ?? ''),
    );

  it('says the same', () => {
    fc.assert(
      fc.property(asked, (before) => {
        const dropped = new Dropped();
        const to = anthropic({ thinking: ['adaptive'] }, { systemTurns: true });
        const body = messagesCodec.encodeRequest(before, to, dropped);
        const after = messagesCodec.decodeRequest(parseExactly(JSON.stringify(body)) as JsonObject);
        expect(after).toEqual(before);
        expect(dropped.text).toBeNull();
      }),
    );
  });
});

const part: fc.Arbitrary<AssistantPart> = fc.oneof(
  textPart,
  fc.tuple(fc.string(), carrier).map(([text, data]) => ({
    type: 'reasoning' as const,
    text,
    replay: { protocol: 'openai-responses' as const, providerId: '7', id: 'rs_1', data, redacted: false },
  })),
  fc.tuple(fc.uuid(), input).map(([id, value]) => ({
    type: 'tool_call' as const,
    id,
    name: 'f',
    kind: 'function' as const,
    input: value,
  })),
  words.map((text) => ({ type: 'refusal' as const, text })),
  fc.constant({
    type: 'opaque' as const,
    protocol: 'anthropic-messages' as const,
    name: 'x',
    raw: { type: 'x', y: [1] },
  }),
);
const answer: fc.Arbitrary<CanonicalAnswer> = fc.record({
  parts: fc.array(part, { maxLength: 5 }),
  finish: fc.record({
    reason: fc.constantFrom<FinishReason>(
      'stop',
      'stop_sequence',
      'tool_calls',
      'length',
      'context_window',
      'content_filter',
      'refusal',
      'pause',
    ),
    stopSequence: fc.option(words, { nil: null }),
    details: fc.constantFrom(null, { type: 'refusal', category: null }),
  }),
  usage: fc.constantFrom(null, usageOf()),
});

describe('an answer for a caller', () => {
  it('is the same whole and as a stream', () => {
    fc.assert(
      fc.property(answer, (said) => {
        const whole = messagesCodec.decodeAnswer(messagesCodec.encodeAnswer(said, CONTEXT), ORIGIN);
        const streamed = fold(decodeEvents(dataOf(encodeEvents(eventsOf(said)))));
        expect(streamed).toEqual(whole);
      }),
    );
  });

  it('may be cut off anywhere, and junk may be in between', () => {
    fc.assert(
      fc.property(answer, fc.nat(), fc.array(fc.jsonValue()), (said, at, junk) => {
        const events = dataOf(encodeEvents(eventsOf(said)));
        const cut = events.slice(0, at % (events.length + 1));
        const garbage = junk.map(
          (value) => ({ type: 'content_block_delta', index: 0, delta: value }) as JsonObject,
        );
        const decoded = decodeEvents([...cut, ...garbage]);
        const ends = decoded.filter(({ type }) => type === 'finish');
        expect(ends.length).toBe(cut.length === events.length ? 1 : 0);
      }),
    );
  });
});

describe('a provider’s stream', () => {
  /** A message as the service streams it: blocks that take turns, texts in pieces. */
  function streamed(body: JsonObject, seed: number): JsonObject[] {
    const blocks = body.content as JsonObject[];
    const queues = blocks.map((block, index) => eventsOfBlock(block, index));
    const mixed: JsonObject[] = [];
    for (let turn = seed; queues.some((queue) => queue.length > 0); turn += 1) {
      // One event of a block, or two, then the next block's.
      mixed.push(...(queues[turn % queues.length]?.splice(0, 1 + (turn % 2)) ?? []));
    }
    const { content: _, stop_reason, stop_sequence, stop_details, usage, ...head } = body;
    return [
      { type: 'message_start', message: { ...head, content: [] } },
      ...mixed,
      { type: 'message_delta', delta: { stop_reason, stop_sequence, stop_details }, usage },
      { type: 'message_stop' },
    ];
  }

  function eventsOfBlock(block: JsonObject, index: number): JsonObject[] {
    const pieces = (text: string) => text.match(/[\s\S]{1,3}/g) ?? [];
    const [opened, deltas]: [JsonObject, JsonObject[]] = (() => {
      switch (block.type) {
        case 'text':
          return [
            { ...block, text: '' },
            pieces(String(block.text)).map((text) => ({ type: 'text_delta', text })),
          ];
        case 'thinking':
          return [
            { type: 'thinking', thinking: '', signature: '' },
            [
              ...pieces(String(block.thinking)).map((said) => ({ type: 'thinking_delta', thinking: said })),
              { type: 'signature_delta', signature: block.signature },
            ],
          ];
        case 'tool_use':
          return [
            { ...block, input: {} },
            pieces(JSON.stringify(block.input)).map((json) => ({
              type: 'input_json_delta',
              partial_json: json,
            })),
          ];
        default:
          return [block, []];
      }
    })();
    return [
      { type: 'content_block_start', index, content_block: opened },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ];
  }

  it('says what the whole answer says', () => {
    fc.assert(
      fc.property(answer, fc.nat(100), (said, seed) => {
        const body = messagesCodec.encodeAnswer(said, CONTEXT);
        const whole = messagesCodec.decodeAnswer(body, ORIGIN);
        const events = decodeEvents(streamed(body, seed));
        const { parts, ...rest } = fold(events);
        expect(rest).toEqual({ finish: whole?.finish, usage: whole?.usage });
        const byText = (list: AssistantPart[]) =>
          list
            .map((one) => withoutEmptyInput(one))
            .map((one) => JSON.stringify(one))
            .toSorted();
        expect(byText(parts)).toEqual(byText(whole?.parts ?? []));
      }),
    );
  });

  /** A stream writes `{}` for the arguments that a whole answer has none of. */
  function withoutEmptyInput(one: AssistantPart): AssistantPart {
    return one.type === 'tool_call' && one.input === '{}' ? { ...one, input: '' } : one;
  }
});
