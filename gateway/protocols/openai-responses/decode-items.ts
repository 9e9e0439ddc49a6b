/** Items of `input`, and the turns of a conversation that they make up. */
import { GatewayError } from '../../errors.ts';
import { fromArguments } from '../canonical/free-text-input.ts';
import type {
  AssistantPart,
  AssistantTurn,
  OpaquePart,
  ToolCallPart,
  ToolResultPart,
  Turn,
  UserPart,
  UserTurn,
} from '../canonical/request.ts';
import { keyOf } from '../canonical/tool-names.ts';
import { asText, type JsonObject } from '../json.ts';
import { assistantParts, outputParts, systemParts, userParts } from './decode-parts.ts';
import { reasoningPart } from './decode-reasoning.ts';
import { namespaceOf } from './decode-tools.ts';
import { isAbsent, neededText, objectsField } from './fields.ts';

export interface ItemReading {
  /** Keys of free-text tools whose calls come in a function's form. */
  calledAsFunction: ReadonlySet<string>;
  /** Is told of what has no place. */
  unplaced: string[];
}

interface Reader extends ItemReading {
  /** Ids of the calls of free-text tools so far. */
  customCalls: Set<string>;
}

/**
 * Consecutive items of one side are one turn.
 * @throws GatewayError `invalid_messages` for what cannot be understood, `invalid_request` for stored items
 */
export function decodeInput(input: unknown, reading: ItemReading): Turn[] {
  if (typeof input === 'string') return [{ role: 'user', parts: [{ type: 'text', text: input }] }];
  if (isAbsent(input)) throw new GatewayError('invalid_messages', '`input` is missing.');
  const reader: Reader = { ...reading, customCalls: new Set() };
  const turns: Turn[] = [];
  for (const [index, item] of objectsField(input, 'input', 'invalid_messages').entries()) {
    const turn = turnOf(item, `input[${index}]`, reader);
    if (turn !== null) append(turns, turn);
  }
  if (turns.length === 0) throw new GatewayError('invalid_messages', '`input` is empty.');
  return turns;
}

/** One by one: as arguments of one call, some hundred thousand parts are more than the stack holds. */
function append(turns: Turn[], turn: Turn): void {
  const last = turns.at(-1);
  if (last?.role !== turn.role) turns.push(turn);
  else for (const part of turn.parts) (last.parts as Turn['parts'][number][]).push(part);
}

function turnOf(item: JsonObject, path: string, reader: Reader): Turn | null {
  switch (typeOf(item)) {
    case 'message':
      return messageTurn(item, path, reader.unplaced);
    case 'reasoning': {
      const part = reasoningPart(item, null);
      return part === undefined ? null : assistant(part);
    }
    case 'function_call':
      return assistant(functionCall(item, path, reader));
    case 'custom_tool_call':
      return assistant(customCall(item, path, reader));
    case 'function_call_output':
    case 'custom_tool_call_output':
      return user(toolResult(item, path, reader));
    case 'item_reference':
      throw new GatewayError('invalid_request', storedItem(path));
    case 'additional_tools':
      // Its tools are among the request's by now.
      return null;
    default:
      return opaqueTurn(item);
  }
}

function typeOf(item: JsonObject): string | null {
  const type = asText(item.type);
  if (type !== null) return type;
  if (item.role !== undefined) return 'message';
  // The type of a reference may be left out (`ItemReference`).
  const told = Object.keys(item).filter((name) => !isAbsent(item[name]));
  return told.join() === 'id' ? 'item_reference' : null;
}

function storedItem(path: string): string {
  return `\`${path}\` refers to an item that the provider stored, and nothing is stored here. Set "store": false and send the whole conversation (Vercel AI SDK: providerOptions.openai.store = false).`;
}

function messageTurn(item: JsonObject, path: string, unplaced: string[]): Turn {
  const at = `${path}.content`;
  switch (item.role) {
    case 'system':
    case 'developer':
      return { role: 'system', parts: systemParts(item.content, at, unplaced) };
    case 'assistant':
      return { role: 'assistant', parts: assistantParts(item.content, at) };
    case 'user':
      return { role: 'user', parts: userParts(item.content, at) };
    default:
      return user(opaque(item, `message.${asText(item.role) ?? 'role'}`));
  }
}

function functionCall(item: JsonObject, path: string, reader: Reader): ToolCallPart {
  const call: ToolCallPart = {
    ...callHead(item, path),
    kind: 'function',
    input: inputText(item.arguments, `${path}.arguments`),
  };
  if (!reader.calledAsFunction.has(keyOf(call))) return call;
  reader.customCalls.add(call.id);
  return { ...call, kind: 'custom', input: fromArguments(call.input) };
}

function customCall(item: JsonObject, path: string, reader: Reader): ToolCallPart {
  const call = callHead(item, path);
  reader.customCalls.add(call.id);
  return { ...call, kind: 'custom', input: inputText(item.input, `${path}.input`) };
}

function callHead(item: JsonObject, path: string): Pick<ToolCallPart, 'type' | 'id' | 'name' | 'namespace'> {
  const namespace = namespaceOf(item.namespace);
  return {
    type: 'tool_call',
    id: neededText(item.call_id ?? item.id, `${path}.call_id`),
    name: neededText(item.name, `${path}.name`),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

function inputText(value: unknown, path: string): string {
  if (isAbsent(value)) return '';
  return typeof value === 'object' ? JSON.stringify(value) : neededText(value, path);
}

/** An output that answers no call (`call_id` may be null) is nothing that another protocol has a form for. */
function toolResult(item: JsonObject, path: string, reader: Reader): ToolResultPart | OpaquePart {
  if (isAbsent(item.call_id)) return opaque(item, 'function_call_output');
  const callId = neededText(item.call_id, `${path}.call_id`);
  const isCustom = item.type === 'custom_tool_call_output' || reader.customCalls.has(callId);
  return {
    type: 'tool_result',
    callId,
    parts: outputParts(item.output, `${path}.output`, reader.unplaced),
    isError: false,
    ...(isCustom ? { custom: true } : {}),
  };
}

/** Outputs come from the caller; calls, searches and the like came from the provider. */
function opaqueTurn(item: JsonObject): Turn {
  const name = asText(item.type) ?? 'item';
  const part = opaque(item, name);
  return /_(output|response|trigger|update)$/.test(name) ? user(part) : assistant(part);
}

function opaque(item: JsonObject, name: string): OpaquePart {
  return { type: 'opaque', protocol: 'openai-responses', name, raw: item };
}

function user(part: UserPart): UserTurn {
  return { role: 'user', parts: [part] };
}

function assistant(part: AssistantPart): AssistantTurn {
  return { role: 'assistant', parts: [part] };
}
