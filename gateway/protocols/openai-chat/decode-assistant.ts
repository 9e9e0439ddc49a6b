/** What the assistant said, as callers give it back. */
import type { AssistantPart, ReasoningPart, ToolCallPart } from '../canonical/request.ts';
import { asText, isObject, type JsonObject, objectsIn } from '../json.ts';
import { decodeThinking, decodeToolUse } from './anthropic-blocks.ts';
import type { Conversation } from './conversation.ts';
import { contentParts, isText, opaquePart, textPart } from './decode-content.ts';
import { badMessage, isAbsent, messageText, neededText } from './fields.ts';
import { mistralThinking } from './mistral-thinking.ts';
import { chatReplay, readDetails } from './reasoning-details.ts';
import { signatureOf } from './signed-calls.ts';

/**
 * Reasoning stands first, calls last, as models write them; blocks of Anthropic's within the content stay in their
 * order. `parsed` and `audio` are not read: the first repeats the text, the second is an id of OpenAI's.
 * @throws GatewayError `invalid_messages`
 */
export function decodeAssistant(
  message: JsonObject,
  position: number,
  conversation: Conversation,
): AssistantPart[] {
  const path = `messages[${position}]`;
  if (isObject(message.audio)) conversation.unplaced.add(`${path}.audio`);
  const refusal = messageText(message.refusal, `${path}.refusal`);
  return [
    ...reasoningOf(message),
    ...contentParts(message.content, `${path}.content`).flatMap(({ part, path: at }) => saidPart(part, at)),
    ...(refusal === '' ? [] : [{ type: 'refusal', text: refusal } as const]),
    ...callsOf(message, position, conversation),
  ];
}

/** Details hold more than the plain text, which clients send beside them; it counts where they hold none. */
function reasoningOf({ reasoning_content, reasoning, reasoning_details }: JsonObject): ReasoningPart[] {
  const details = readDetails(reasoning_details);
  const text = asText(reasoning_content) || asText(reasoning) || '';
  if (text === '' || details.some((part) => part.text !== '')) return details;
  return [plainReasoning(text), ...details];
}

function plainReasoning(text: string): ReasoningPart {
  return { type: 'reasoning', text, replay: chatReplay(null, true, null) };
}

function saidPart(part: JsonObject, path: string): AssistantPart[] {
  if (isText(part)) return [textPart(part, path)];
  switch (part.type) {
    case 'refusal':
      return [{ type: 'refusal', text: messageText(part.refusal, `${path}.refusal`) }];
    case 'tool_use':
      return [decodeToolUse(part, path)];
    case 'thinking': {
      const text = mistralThinking(part);
      return text === undefined ? listOf(decodeThinking(part)) : [plainReasoning(text)];
    }
    case 'redacted_thinking':
      return listOf(decodeThinking(part));
    default:
      return [opaquePart(part)];
  }
}

function callsOf(message: JsonObject, position: number, conversation: Conversation): AssistantPart[] {
  const { tool_calls: calls, function_call: legacy } = message;
  const path = `messages[${position}]`;
  if (!isAbsent(calls) && !Array.isArray(calls)) throw badMessage(`${path}.tool_calls`, 'must be an array.');
  const parts = objectsIn(calls).flatMap((call, index): AssistantPart[] => {
    const part = callOf(call, `${path}.tool_calls[${index}]`, `call_${position}_${index}`, conversation);
    return [...listOf(signatureOf(call, null)), part];
  });
  if (!isObject(legacy)) return parts;
  const name = neededText(legacy.name, `${path}.function_call.name`);
  const id = conversation.idOfFunctionCall(name, position);
  const input = argumentsOf(legacy.arguments);
  return [...parts, { type: 'tool_call', id, name, kind: 'function', input }];
}

/** @param spareId for a call without an id */
function callOf(call: JsonObject, path: string, spareId: string, conversation: Conversation): ToolCallPart {
  const id = asText(call.id) || spareId;
  if (isObject(call.custom)) {
    const name = neededText(call.custom.name, `${path}.custom.name`);
    conversation.noteCustomCall(id);
    return { type: 'tool_call', id, name, kind: 'custom', input: argumentsOf(call.custom.input) };
  }
  const { function: called } = call;
  if (!isObject(called)) throw badMessage(`${path}.function`, 'is missing.');
  const name = neededText(called.name, `${path}.function.name`);
  // Cursor writes calls of free-text tools so, with the text in place of arguments.
  const kind = conversation.isCustomTool(name) ? 'custom' : 'function';
  if (kind === 'custom') conversation.noteCustomCall(id);
  return { type: 'tool_call', id, name, kind, input: argumentsOf(called.arguments) };
}

/** Some clients send arguments as an object. */
function argumentsOf(value: unknown): string {
  if (isAbsent(value)) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function listOf<T>(item: T | undefined): T[] {
  return item === undefined ? [] : [item];
}
