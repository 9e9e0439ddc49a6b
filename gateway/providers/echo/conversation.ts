/** What a request body says last: the user's text or a tool's result. Reads the shapes of every protocol. */
import { asArray, asObject, asString, isObject, type JsonObject } from './json.ts';

export interface LastWord {
  /** All text of the last user message; '' when it has none. */
  userText: string;
  /**
   * Its last text part alone. Agents put notes of their own into the parts before it, which name many
   * tools; only this part is taken as the user's wish.
   */
  wish: string;
  /** The text of the tool results that close the conversation; undefined when something else does. */
  toolResult: string | undefined;
}

/** Reads `messages` (Chat Completions, Messages) or `input` (Responses). */
export function readLastWord(body: JsonObject): LastWord {
  const userTexts = lastUserTexts(body);
  return {
    userText: userTexts.join('\n'),
    wish: userTexts.at(-1) ?? '',
    toolResult: readToolResult(conversationOf(body)),
  };
}

function conversationOf(body: JsonObject): JsonObject[] {
  if (typeof body.input === 'string') return [{ role: 'user', content: body.input }];
  return asArray(Array.isArray(body.messages) ? body.messages : body.input).filter(isObject);
}

function lastUserTexts(body: JsonObject): string[] {
  const message = conversationOf(body).findLast((item) => item.role === 'user' && !holdsToolResult(item));
  return message === undefined ? [] : textParts(message.content);
}

/** The non-empty texts of a content field: a string, or an array of parts that carry `text`. */
function textParts(content: unknown): string[] {
  const parts = typeof content === 'string' ? [content] : asArray(content).map(partText);
  return parts.filter((text) => text !== '');
}

function partText(part: unknown): string {
  return typeof part === 'string' ? part : asString(asObject(part).text);
}

/**
 * Walks back from the end over system notes, which some agents add last, and gathers the results of one
 * turn: `tool` messages, `tool_result` blocks, or `…_call_output` items.
 */
function readToolResult(conversation: JsonObject[]): string | undefined {
  const results: string[][] = [];
  for (const item of conversation.toReversed()) {
    const found = toolResultTexts(item);
    if (found !== undefined) results.push(found);
    else if (results.length > 0 || !isNote(item)) break;
    if (item.role === 'user') break;
  }
  return results.length > 0 ? results.reverse().flat().join('\n') : undefined;
}

function isNote(item: JsonObject): boolean {
  return item.role === 'system' || item.role === 'developer';
}

function toolResultTexts(item: JsonObject): string[] | undefined {
  if (item.role === 'tool') return [textParts(item.content).join('\n')];
  if (asString(item.type).endsWith('_call_output')) return [textParts(item.output).join('\n')];
  if (holdsToolResult(item)) {
    return asArray(item.content)
      .filter(isToolResult)
      .map((block) => textParts(block.content).join('\n'));
  }
  return undefined;
}

function holdsToolResult(item: JsonObject): boolean {
  return asArray(item.content).some(isToolResult);
}

function isToolResult(block: unknown): block is JsonObject {
  return isObject(block) && block.type === 'tool_result';
}
