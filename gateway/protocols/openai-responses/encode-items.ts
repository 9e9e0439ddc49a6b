/** A conversation as `instructions` and items of `input`. */
import type { Dropped } from '../canonical/dropped.ts';
import type {
  AssistantPart,
  AssistantTurn,
  ReasoningPart,
  SystemTurn,
  ToolCallPart,
  ToolResultPart,
  Turn,
  UserTurn,
} from '../canonical/request.ts';
import type { JsonObject } from '../json.ts';
import { assistantMessage, inputContent, toolOutput } from './encode-parts.ts';

export interface Conversation {
  instructions: string | undefined;
  input: JsonObject[];
}

/** @param turns made ready by `prepare` */
export function encodeConversation(turns: readonly Turn[], dropped: Dropped): Conversation {
  const [first, ...others] = turns;
  // A request needs some input.
  const hasInstructions = first?.role === 'system' && others.length > 0;
  const spoken = hasInstructions ? others : turns;
  return {
    instructions: hasInstructions ? first.parts.map(({ text }) => text).join('\n\n') : undefined,
    input: spoken.flatMap((turn) => turnItems(turn, dropped)),
  };
}

function turnItems(turn: Turn, dropped: Dropped): JsonObject[] {
  switch (turn.role) {
    case 'system':
      return [developerMessage(turn)];
    case 'user':
      return userItems(turn, dropped);
    case 'assistant':
      return assistantItems(turn, dropped);
  }
}

function developerMessage({ parts }: SystemTurn): JsonObject {
  const content = parts.map(({ text }) => ({ type: 'input_text', text }));
  return { type: 'message', role: 'developer', content };
}

/** Results and opaque items stand for themselves; what is between them is one message. */
function userItems({ parts }: UserTurn, dropped: Dropped): JsonObject[] {
  const items: JsonObject[] = [];
  let content: JsonObject[] | null = null;
  for (const part of parts) {
    if (part.type === 'tool_result' || part.type === 'opaque') {
      items.push(part.type === 'opaque' ? part.raw : resultItem(part));
      content = null;
      continue;
    }
    if (content === null) {
      content = [];
      items.push({ type: 'message', role: 'user', content });
    }
    content.push(inputContent(part, dropped));
  }
  return items;
}

function resultItem(part: ToolResultPart): JsonObject {
  const type = part.custom === true ? 'custom_tool_call_output' : 'function_call_output';
  return { type, call_id: part.callId, output: toolOutput(part) };
}

/** Reasoning that nothing follows in its turn is refused ("without its required following item"). */
function assistantItems({ parts }: AssistantTurn, dropped: Dropped): JsonObject[] {
  const last = parts.findLastIndex((part) => part.type !== 'reasoning');
  if (last < parts.length - 1) dropped.add('reasoning');
  return parts.slice(0, last + 1).map(assistantItem);
}

function assistantItem(part: AssistantPart): JsonObject {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return assistantMessage(part);
    case 'reasoning':
      return reasoningItem(part);
    case 'tool_call':
      return callItem(part);
    case 'opaque':
      return part.raw;
  }
}

/** `summary` must be there, if only empty. An id of another form was made by a gateway or another service. */
function reasoningItem({ text, replay }: ReasoningPart): JsonObject {
  const id = replay?.id?.startsWith('rs_') ? { id: replay.id } : {};
  return {
    type: 'reasoning',
    ...id,
    summary: text === '' ? [] : [{ type: 'summary_text', text }],
    encrypted_content: replay?.data ?? null,
  };
}

/** Without ids of items: with them, the service asks for the reasoning that once stood before the call. */
function callItem({ id, name, kind, input }: ToolCallPart): JsonObject {
  return kind === 'custom'
    ? { type: 'custom_tool_call', call_id: id, name, input }
    : { type: 'function_call', call_id: id, name, arguments: input === '' ? '{}' : input };
}
