/** Conversations of any shape, as callers of all protocols send them, for property tests. */
import fc from 'fast-check';
import type {
  AssistantPart,
  CacheMark,
  SystemTurn,
  ToolResultPart,
  Turn,
  UserPart,
} from '../../../gateway/protocols/canonical/request.ts';

const cache = fc.constantFrom<CacheMark | undefined>(undefined, undefined, { ttl: null }, { ttl: '1h' });
const text = fc
  .tuple(fc.constantFrom('', ' ', '\n', 'a', 'b\n', ' c'), cache)
  .map(([value, mark]) => ({ type: 'text' as const, text: value, cache: mark }));
const id = fc.constantFrom('c1', 'c2', 'odd id!', '');
const image = cache.map((mark) => ({
  type: 'image' as const,
  source: { kind: 'base64' as const, mediaType: 'image/png', data: 'AAAA' },
  cache: mark,
}));
const result: fc.Arbitrary<ToolResultPart> = fc.record({
  type: fc.constant('tool_result'),
  callId: id,
  parts: fc.array(fc.oneof(text, image), { maxLength: 2 }),
  isError: fc.boolean(),
  cache,
});
const userPart: fc.Arbitrary<UserPart> = fc.oneof(
  text,
  image,
  result,
  fc.constant({ type: 'audio' as const, format: 'wav', data: 'AAAA' }),
);
const assistantPart: fc.Arbitrary<AssistantPart> = fc.oneof(
  text,
  fc.record({
    type: fc.constant('tool_call' as const),
    id,
    name: fc.constantFrom('read', 'a tool'),
    kind: fc.constantFrom('function' as const, 'custom' as const),
    input: fc.constantFrom('{"a":1}', '{}', ''),
    cache,
  }),
  fc.constant({ type: 'refusal' as const, text: 'No.' }),
  fc.constant({ type: 'reasoning' as const, text: 'Hm.', replay: null }),
);

const turn: fc.Arbitrary<Turn> = fc.oneof(
  fc.array(text, { maxLength: 2 }).map((parts): SystemTurn => ({ role: 'system', parts })),
  fc.array(userPart, { maxLength: 3 }).map((parts): Turn => ({ role: 'user', parts })),
  fc.array(assistantPart, { maxLength: 3 }).map((parts): Turn => ({ role: 'assistant', parts })),
);

export const anyConversation: fc.Arbitrary<Turn[]> = fc.array(turn, { minLength: 1, maxLength: 8 });
