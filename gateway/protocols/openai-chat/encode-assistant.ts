/** What the assistant said, as a provider takes it back. */
import type { AssistantTurn, ReasoningPart, ToolCallPart } from '../canonical/request.ts';
import type { JsonObject } from '../json.ts';
import { contentOf, type Encoding, encodeText } from './encode-content.ts';
import { detailForProvider } from './reasoning-details.ts';
import { signatureMembers } from './signed-calls.ts';

/**
 * A refusal goes as text: servers that take no other fields than they know take it so.
 * @param fillReasoning whether the target refuses a message without reasoning, be it empty
 * @returns undefined where nothing of the turn can be sent
 */
export function encodeAssistant(
  { parts }: AssistantTurn,
  encoding: Encoding,
  fillReasoning: boolean,
): JsonObject | undefined {
  const content: JsonObject[] = [];
  const reasoning: ReasoningPart[] = [];
  const calls: JsonObject[] = [];
  let signature: JsonObject = {};
  for (const part of parts) {
    switch (part.type) {
      case 'text':
        content.push(encodeText(part, encoding));
        break;
      case 'refusal':
        content.push({ type: 'text', text: part.text });
        break;
      case 'opaque':
        content.push(part.raw);
        break;
      case 'reasoning':
        if (signatureMembers(part) === undefined) reasoning.push(part);
        else if (isFromTarget(part, encoding)) signature = signatureMembers(part) ?? {};
        break;
      case 'tool_call':
        calls.push({ ...encodeCall(part, encoding), ...signature });
        signature = {};
        break;
    }
  }
  if (parts.some((part) => part.type === 'text' && part.citations !== undefined)) {
    encoding.dropped.add('citations');
  }
  const thoughts = encodeReasoning(reasoning, encoding, fillReasoning);
  if (content.length + calls.length + Object.keys(thoughts).length === 0) return undefined;
  return {
    role: 'assistant',
    content: saidContent(content, parts, calls.length > 0),
    ...thoughts,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

/** Texts with sources are pieces of one text. */
function saidContent(
  content: readonly JsonObject[],
  parts: AssistantTurn['parts'],
  calls: boolean,
): string | JsonObject[] | null {
  if (content.length === 0) return calls ? null : '';
  const isOneText = parts.some((part) => part.type === 'text' && part.citations !== undefined);
  const joined = contentOf(content);
  return isOneText && typeof joined === 'string' ? content.map(({ text }) => text).join('') : joined;
}

function encodeReasoning(
  parts: readonly ReasoningPart[],
  encoding: Encoding,
  fillReasoning: boolean,
): JsonObject {
  const field = encoding.target.traits.chat.reasoningBack;
  const details = parts.map((part) => (takesDetail(part, encoding) ? detailForProvider(part) : undefined));
  if (details.some((detail) => detail !== undefined)) {
    return {
      reasoning_details: parts.flatMap(
        ({ text }, index) => details[index] ?? (text === '' ? [] : { type: 'reasoning.text', text }),
      ),
    };
  }
  if (field === null) return {};
  const texts = parts.flatMap(({ text }) => (text === '' ? [] : [text]));
  if (texts.length === 0) return fillReasoning ? { [field]: '' } : {};
  return { [field]: texts.join('\n\n') };
}

/** OpenRouter's details go to whoever made them, and from a caller of OpenRouter's dialect to OpenRouter. */
function takesDetail(part: ReasoningPart, encoding: Encoding): boolean {
  const isDialect = encoding.target.traits.chat.reasoningBack === 'reasoning';
  return isFromTarget(part, encoding) && (isDialect || part.replay?.providerId !== null);
}

/** One of unknown making counts as the target's: it came from a caller of its protocol. */
function isFromTarget({ replay }: ReasoningPart, { target }: Encoding): boolean {
  return replay !== null && (replay.providerId === null || replay.providerId === target.providerId);
}

/** Providers refuse empty arguments; free text may be empty. */
function encodeCall({ id, name, kind, input, cache }: ToolCallPart, encoding: Encoding): JsonObject {
  // A mark on a call has no place in chat completions: it is told of, and not sent.
  if (cache !== undefined) encoding.dropped.add('cache_control');
  if (kind === 'custom') return { id, type: 'custom', custom: { name, input } };
  return { id, type: 'function', function: { name, arguments: input === '' ? '{}' : input } };
}
