/** The conversation of a chat body, message by message. */
import type { SystemTurn, TextPart, Turn, UserPart } from '../canonical/request.ts';
import { isObject, type JsonObject } from '../json.ts';
import { cacheMarkOf } from './cache-mark.ts';
import type { Conversation } from './conversation.ts';
import { decodeAssistant } from './decode-assistant.ts';
import { decodeResultContent, decodeSystemContent, decodeUserContent } from './decode-content.ts';
import { badMessage, neededText } from './fields.ts';

/** Anthropic's `system` field comes first. @throws GatewayError `invalid_messages` */
export function decodeMessages({ system, messages }: JsonObject, conversation: Conversation): Turn[] {
  if (!Array.isArray(messages)) throw badMessage('`messages`', 'must be an array.');
  if (messages.length === 0) throw badMessage('`messages`', 'is empty; send at least one message.');
  const parts = decodeSystemContent(system, 'system', conversation);
  return [
    ...(parts.length === 0 ? [] : [systemTurn(parts)]),
    ...messages.map((message: unknown, position) => {
      if (!isObject(message)) throw badMessage(`messages[${position}]`, 'must be an object.');
      return withMark(decodeMessage(message, position, conversation), message);
    }),
  ];
}

function decodeMessage(message: JsonObject, position: number, conversation: Conversation): Turn {
  const path = `messages[${position}]`;
  const { role, content } = message;
  switch (role) {
    case 'system':
    case 'developer':
      return systemTurn(decodeSystemContent(content, `${path}.content`, conversation));
    case 'user':
      if (typeof message.name === 'string') conversation.unplaced.add('messages.name');
      return { role: 'user', parts: decodeUserContent(content, `${path}.content`, conversation) };
    case 'assistant':
      return { role: 'assistant', parts: decodeAssistant(message, position, conversation) };
    case 'tool': {
      const id = neededText(message.tool_call_id, `${path}.tool_call_id`);
      return toolTurn(id, content, path, conversation);
    }
    case 'function': {
      const name = neededText(message.name, `${path}.name`);
      return toolTurn(conversation.idOfFunctionResult(name, position), content, path, conversation);
    }
    default:
      throw badMessage(
        `${path}.role`,
        'must be one of system, developer, user, assistant, tool and function to reach this model.',
      );
  }
}

function systemTurn(parts: TextPart[]): SystemTurn {
  return { role: 'system', parts };
}

function toolTurn(callId: string, content: unknown, path: string, conversation: Conversation): Turn {
  const parts = decodeResultContent(content, `${path}.content`, conversation);
  const custom = conversation.isCustomCall(callId) ? { custom: true } : {};
  return { role: 'user', parts: [{ type: 'tool_result', callId, parts, isError: false, ...custom }] };
}

/** Some clients put the mark on the message: it means the message's end. */
function withMark(turn: Turn, message: JsonObject): Turn {
  const mark = cacheMarkOf(message);
  const last = turn.parts.at(-1);
  if (mark.cache === undefined || last === undefined || !canBeMarked(last)) return turn;
  return { ...turn, parts: [...turn.parts.slice(0, -1), { ...last, ...mark }] } as Turn;
}

function canBeMarked({ type }: UserPart | Turn['parts'][number]): boolean {
  return type !== 'opaque' && type !== 'audio' && type !== 'reasoning' && type !== 'refusal';
}
