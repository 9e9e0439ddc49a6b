/** Puts parts of turns into blocks (`ContentBlockParam` of @anthropic-ai/sdk). */
import { GatewayError } from '../../errors.ts';
import type { Dropped } from '../canonical/dropped.ts';
import type {
  AssistantPart,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from '../canonical/request.ts';
import type { Target } from '../canonical/target.ts';
import { type JsonObject, parseObject } from '../json.ts';
import { encodeMedia } from './encode-media.ts';
import { cacheControl, PROTOCOL } from './words.ts';

/** A text without a letter is refused ("text content blocks must contain non-whitespace text"). */
export function encodeTexts(parts: readonly TextPart[]): JsonObject[] {
  return parts
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, cache }) => ({ type: 'text', text, ...cacheControl(cache) }));
}

export function encodeUserParts(parts: readonly UserPart[], target: Target, dropped: Dropped): JsonObject[] {
  const results = parts.filter((part) => part.type === 'tool_result');
  const others = parts.filter((part) => part.type !== 'tool_result');
  const encoded = results.map((part) => encodeToolResult(part, target, dropped));
  return [
    ...encoded.map(({ result }) => result),
    ...encoded.flatMap(({ behind }) => behind),
    ...others.flatMap((part) => encodeUserPart(part, target, dropped)),
  ];
}

function encodeUserPart(
  part: Exclude<UserPart, ToolResultPart>,
  target: Target,
  dropped: Dropped,
): JsonObject[] {
  switch (part.type) {
    case 'text':
      return encodeTexts([part]);
    case 'audio':
      dropped.add('audio');
      return [{ type: 'text', text: '[audio left out: this model cannot be played it]' }];
    case 'opaque':
      return [{ ...part.raw }];
    default:
      return encodeMedia(part, target, dropped);
  }
}

/** `behind` goes behind all results: a failed call's result may hold text alone. */
function encodeToolResult(
  { callId, parts, isError, cache }: ToolResultPart,
  target: Target,
  dropped: Dropped,
): { result: JsonObject; behind: JsonObject[] } {
  const blocks = parts.flatMap((part) =>
    part.type === 'text' ? encodeTexts([part]) : encodeMedia(part, target, dropped),
  );
  const content = isError ? blocks.filter(isText) : blocks;
  const result = {
    type: 'tool_result',
    tool_use_id: callId,
    ...(content.length === 0 ? {} : { content: asContent(content) }),
    ...(isError ? { is_error: true } : {}),
    ...cacheControl(cache),
  };
  return { result, behind: isError ? blocks.filter((block) => !isText(block)) : [] };
}

function isText(block: JsonObject): boolean {
  return block.type === 'text';
}

function asContent(blocks: JsonObject[]): unknown {
  const [first, second] = blocks;
  const isPlain = first !== undefined && second === undefined && isText(first) && !('cache_control' in first);
  return isPlain ? first.text : blocks;
}

/** @throws GatewayError `invalid_request` for a call whose arguments are no JSON object */
export function encodeAssistantParts(parts: readonly AssistantPart[], dropped: Dropped): JsonObject[] {
  return parts.flatMap((part) => {
    switch (part.type) {
      case 'text':
        // To cite again takes marks that only Anthropic's own answers have.
        if ((part.citations ?? []).length > 0) dropped.add('citations');
        return encodeTexts([part]);
      case 'refusal':
        return encodeTexts([{ type: 'text', text: part.text }]);
      case 'reasoning':
        return encodeReasoning(part);
      case 'tool_call':
        return [encodeToolCall(part)];
      default:
        return [{ ...part.raw }];
    }
  });
}

/** The bytes are verified: as they came, or not at all. */
function encodeReasoning({ text, replay }: ReasoningPart): JsonObject[] {
  if (replay?.protocol !== PROTOCOL) return [];
  return replay.redacted
    ? [{ type: 'redacted_thinking', data: replay.data }]
    : [{ type: 'thinking', thinking: text, signature: replay.data }];
}

function encodeToolCall({ id, name, input, cache }: ToolCallPart): JsonObject {
  const parsed = input.trim() === '' ? {} : parseObject(input);
  if (parsed === undefined) {
    throw new GatewayError(
      'invalid_request',
      `The arguments of a call of the tool "${name}" in the conversation are not a JSON object; this model takes nothing else.`,
    );
  }
  return { type: 'tool_use', id, name, input: parsed, ...cacheControl(cache) };
}
