/** Reads the conversation: `system`, and the turns of `messages`. */
import { GatewayError } from '../../errors.ts';
import type { SystemTurn, TextPart, Turn } from '../canonical/request.ts';
import { isObject, type JsonObject } from '../json.ts';
import { decodeAssistantBlock, decodeText, decodeUserBlock } from './decode-blocks.ts';
import { noteOthers, requireText, wrong } from './fields.ts';

/** @returns no turn, or the one that leads the conversation */
export function decodeSystem(system: unknown, unplaced: Set<string>): SystemTurn[] {
  const parts = systemParts(system, 'system', unplaced);
  return parts.length === 0 ? [] : [{ role: 'system', parts }];
}

/** @throws GatewayError `invalid_messages` */
export function decodeMessages(messages: unknown, unplaced: Set<string>): Turn[] {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new GatewayError('invalid_messages', '`messages` must be an array with at least one message.');
  }
  return messages.map((message, index) => decodeMessage(message, `messages[${index}]`, unplaced));
}

function decodeMessage(message: unknown, path: string, unplaced: Set<string>): Turn {
  if (!isObject(message)) throw wrong(path, 'an object with `role` and `content`');
  const { role, content } = message;
  const at = `${path}.content`;
  switch (role) {
    case 'user':
      return {
        role,
        parts: blocksOf(content, at).flatMap(([block, where]) => decodeUserBlock(block, where, unplaced)),
      };
    case 'assistant':
      return {
        role,
        parts: blocksOf(content, at).flatMap(([block, where]) => decodeAssistantBlock(block, where)),
      };
    case 'system':
      noteOthers(message, ['role', 'content'], 'messages.', unplaced);
      return { role, parts: systemParts(content, at, unplaced) };
    default:
      throw wrong(`${path}.role`, '`user`, `assistant` or `system`');
  }
}

/** Blocks that are no text change tools in the middle of a conversation: they have no place elsewhere. */
function systemParts(content: unknown, path: string, unplaced: Set<string>): TextPart[] {
  return blocksOf(content, path).flatMap(([block, where]) => {
    if (block.type === 'text') return [decodeText(block, where)];
    unplaced.add(requireText(block.type, `${where}.type`));
    return [];
  });
}

/** A text stands for one block of text. */
function blocksOf(content: unknown, path: string): [block: JsonObject, path: string][] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [[{ type: 'text', text: content }, path]];
  if (!Array.isArray(content)) throw wrong(path, 'a string or an array of blocks');
  return content.map((block: unknown, index) => {
    const where = `${path}[${index}]`;
    if (typeof block === 'string') return [{ type: 'text', text: block }, where];
    if (!isObject(block)) throw wrong(where, 'an object with a `type`');
    return [block, where];
  });
}
