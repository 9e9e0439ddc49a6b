import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../gateway/protocols/canonical/conversation.ts';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import type {
  AssistantPart,
  CanonicalRequest,
  Tool,
  ToolCallPart,
  Turn,
  UserPart,
} from '../../../gateway/protocols/canonical/request.ts';
import { type JsonObject, parseExactly } from '../../../gateway/protocols/json.ts';
import { EFFORTS } from '../../../gateway/protocols/model-facts.ts';
import { chatCodec } from '../../../gateway/protocols/openai-chat/codec.ts';
import { isPlainChat } from '../../../gateway/protocols/openai-chat/plain-chat.ts';
import { request, target } from './support.ts';

/** Takes all that the protocol can say. */
const EVERYTHING = target({
  cacheMarks: true,
  reasoningBack: 'reasoning_content',
  takes: ['seed', 'user', 'prompt_cache_key', 'service_tier', 'verbosity', 'top_k'],
});

const words = fc.string({ minLength: 1, maxLength: 12 });
const mark = fc.constantFrom<{ cache?: { ttl: '5m' | '1h' | null } }>(
  {},
  {},
  { cache: { ttl: null } },
  { cache: { ttl: '1h' } },
);
const text = fc
  .tuple(words, mark)
  .map(([value, cache]) => ({ type: 'text' as const, text: value, ...cache }));
const base64 = fc.base64String({ minLength: 4, maxLength: 16 });

const shown: fc.Arbitrary<UserPart> = fc.oneof(
  fc.record({
    type: fc.constant('image' as const),
    source: fc.oneof(
      fc.webUrl().map((url) => ({ kind: 'url' as const, url })),
      base64.map((data) => ({ kind: 'base64' as const, mediaType: 'image/png', data })),
    ),
    detail: fc.constantFrom('low', 'high'),
  }),
  fc.record({
    type: fc.constant('document' as const),
    source: base64.map((data) => ({ kind: 'base64' as const, mediaType: 'application/pdf', data })),
    name: words,
  }),
  fc.record({ type: fc.constant('audio' as const), format: fc.constantFrom('wav', 'mp3'), data: base64 }),
);

/** Texts of one message become one string, so that one text alone comes back as it was. */
const said: fc.Arbitrary<UserPart[]> = fc.oneof(
  text.map((part) => [part]),
  fc.tuple(fc.array(fc.oneof(text, shown), { maxLength: 3 }), shown).map(([parts, last]) => [...parts, last]),
);

const calls = fc.array(
  fc.record({
    kind: fc.constantFrom('function' as const, 'custom' as const),
    name: fc.constantFrom('f', 'g'),
    input: words,
    result: words,
  }),
  { maxLength: 3 },
);

interface Exchange {
  user: UserPart[];
  reasoning: string;
  answer: string;
  calls: { kind: 'function' | 'custom'; name: string; input: string; result: string }[];
}

const exchange: fc.Arbitrary<Exchange> = fc.record({
  user: said,
  reasoning: fc.oneof(fc.constant(''), words),
  answer: words,
  calls,
});

function turnsOf(exchanges: readonly Exchange[], system: Turn[]): Turn[] {
  const turns = exchanges.flatMap((given, position): Turn[] => {
    const made = given.calls.map(
      ({ kind, name, input }, index): ToolCallPart => ({
        type: 'tool_call',
        id: `call_${position}_${index}`,
        name: kind === 'custom' ? `${name}_text` : name,
        kind,
        input,
      }),
    );
    const replay = {
      protocol: 'openai-chat',
      providerId: null,
      id: null,
      data: '',
      redacted: false,
    } as const;
    const spoken: AssistantPart[] = [
      ...(given.reasoning === '' ? [] : [{ type: 'reasoning' as const, text: given.reasoning, replay }]),
      { type: 'text', text: given.answer },
      ...made,
    ];
    const results = made.map(
      (call, index): UserPart => ({
        type: 'tool_result',
        callId: call.id,
        parts: [{ type: 'text', text: given.calls[index]?.result ?? '' }],
        isError: false,
        ...(call.kind === 'custom' ? { custom: true } : {}),
      }),
    );
    return [
      { role: 'user', parts: given.user },
      { role: 'assistant', parts: spoken },
      ...(results.length === 0 ? [] : [{ role: 'user' as const, parts: results }]),
    ];
  });
  return [...system, ...turns];
}

const system = fc.oneof(
  fc.constant<Turn[]>([]),
  text.map((part): Turn[] => [{ role: 'system', parts: [part] }]),
);

const conversation = fc
  .tuple(system, fc.array(exchange, { minLength: 1, maxLength: 3 }))
  .map(([first, exchanges]) => inOrder(turnsOf(exchanges, first)));

const schema = fc.constantFrom<JsonObject>(
  { type: 'object', properties: { n: { type: 'integer', maximum: 5 } } },
  { type: 'object', allOf: [{ $ref: '#/$defs/x' }], $defs: { x: { pattern: '^(?!a)' } } },
);
const description = fc.option(words);
const strict = fc.option(fc.boolean());
const tools: fc.Arbitrary<Tool[]> = fc.uniqueArray(
  fc.oneof(
    fc.record({
      kind: fc.constant('function' as const),
      name: fc.constantFrom('f', 'g', 'h'),
      description,
      schema,
      strict,
    }),
    fc.record({
      kind: fc.constant('custom' as const),
      name: fc.constantFrom('f_text', 'g_text'),
      description,
      format: fc.constantFrom(null, { type: 'text' }, { type: 'grammar', syntax: 'lark', definition: 'x' }),
    }),
  ),
  { selector: ({ name }) => name, maxLength: 4 },
);

const number = fc.double({ min: -2, max: 2, noNaN: true });
const requests: fc.Arbitrary<CanonicalRequest> = fc
  .record({
    stream: fc.boolean(),
    turns: conversation,
    tools,
    choice: fc.constantFrom('auto', 'none', 'required', 'tool', null),
    parallel: fc.option(fc.boolean()),
    maxOutputTokens: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
    sampling: fc.record({
      temperature: fc.option(number),
      topP: fc.option(number),
      topK: fc.option(fc.nat()),
      seed: fc.option(fc.integer()),
      presencePenalty: fc.option(number),
      frequencyPenalty: fc.option(number),
    }),
    stop: fc.array(words, { maxLength: 4 }),
    effort: fc.option(fc.constantFrom(...EFFORTS.filter((effort) => effort !== 'none'))),
    format: fc.option(
      fc.oneof(
        fc.constant({ type: 'json_object' as const }),
        fc.record({ type: fc.constant('json_schema' as const), name: words, description, schema, strict }),
      ),
    ),
    verbosity: fc.option(fc.constantFrom('low', 'high')),
    userId: fc.option(words),
    cacheKey: fc.option(words),
    serviceTier: fc.option(fc.constantFrom('flex', 'priority')),
  })
  .map(({ choice, parallel, effort, ...given }): CanonicalRequest => {
    const [first] = given.tools;
    return {
      ...request(),
      ...given,
      toolChoice: first === undefined ? null : choiceOf(choice, first.name),
      parallelToolCalls: first === undefined ? null : parallel,
      reasoning:
        effort === null ? null : { effort, budgetTokens: null, mode: null, summary: null, display: null },
      usageChunk: given.stream,
    };
  });

function choiceOf(choice: string | null, name: string): CanonicalRequest['toolChoice'] {
  switch (choice) {
    case 'auto':
    case 'none':
    case 'required':
      return { type: choice };
    case 'tool':
      return { type: 'tool', name };
    default:
      return null;
  }
}

describe('a request that goes out as a chat body and comes back', () => {
  it('is the same, and lost nothing', () => {
    fc.assert(
      fc.property(requests, (given) => {
        const dropped = new Dropped();
        const body = chatCodec.encodeRequest(given, EVERYTHING, dropped);
        const back = chatCodec.decodeRequest(parseExactly(JSON.stringify(body)) as JsonObject);
        expect({ ...back, turns: inOrder(back.turns) }).toEqual(JSON.parse(JSON.stringify(given)));
        expect(dropped.text).toBeNull();
        expect(isPlainChat(body)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps numbers in schemas and arguments digit by digit', () => {
    const body = `{"messages":[{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{\\"n\\":12345678901234567}"}}]}],
      "tools":[{"type":"function","function":{"name":"f","parameters":{"maximum":12345678901234567}}},
      {"name":"g","input_schema":{"minimum":0.12345678901234567}}]}`;
    const decoded = chatCodec.decodeRequest(parseExactly(body) as JsonObject);
    const sent = JSON.stringify(chatCodec.encodeRequest(decoded, EVERYTHING, new Dropped()));
    expect(sent).toContain('{\\"n\\":12345678901234567}');
    expect(sent).toContain('"maximum":12345678901234567');
    expect(sent).toContain('"minimum":0.12345678901234567');
  });
});
