import { isWrapped } from './canonical/replay.ts';
import type { Endpoint } from './endpoint.ts';
import { isObject, type JsonObject, objectsIn, parseObject } from './json.ts';

/**
 * Takes reasoning of other providers out of a body that would pass through untouched: a conversation may have
 * begun at a provider of another protocol, and its reasoning came to the client in a wrapping that only the
 * gateway can read. The provider would refuse it as a forgery.
 * @param takesText the provider takes the text of any reasoning back (`reasoning_content` and the like)
 * @returns the body without it
 */
export function withoutReplays(endpoint: Endpoint, bytes: Buffer, takesText: boolean): Buffer {
  const body = parseObject(bytes.toString('utf8'));
  if (body === undefined) return bytes;
  if (endpoint === 'responses') stripItems(body);
  else stripMessages(body, takesText);
  return Buffer.from(JSON.stringify(body));
}

function stripItems(body: JsonObject): void {
  if (!Array.isArray(body.input)) return;
  body.input = body.input.filter((item) => !(isObject(item) && isWrapped(item.encrypted_content)));
}

function stripMessages(body: JsonObject, takesText: boolean): void {
  if (!Array.isArray(body.messages)) return;
  for (const message of objectsIn(body.messages)) {
    if (Array.isArray(message.content)) message.content = message.content.filter((part) => !isForeign(part));
    if (Array.isArray(message.reasoning_details) && message.reasoning_details.some(isForeign)) {
      delete message.reasoning_details;
      if (!takesText) delete message.reasoning_content;
    }
  }
  body.messages = body.messages.filter((message) => !(isObject(message) && isEmptied(message)));
  if (wantsThinkingFirst(body)) delete body.thinking;
}

function isForeign(part: unknown): boolean {
  return isObject(part) && (isWrapped(part.signature) || isWrapped(part.data));
}

function isEmptied({ role, content, tool_calls }: JsonObject): boolean {
  return role === 'assistant' && Array.isArray(content) && content.length === 0 && tool_calls === undefined;
}

/**
 * With a thinking budget, Anthropic wants the turn whose tools were just answered to begin with its thinking
 * (https://platform.claude.com/docs/en/build-with-claude/extended-thinking, "preserving thinking blocks").
 */
function wantsThinkingFirst({ thinking, messages }: JsonObject): boolean {
  if (!isObject(thinking) || thinking.type !== 'enabled') return false;
  const [last] = objectsIn(messages)
    .filter(({ role }) => role === 'assistant')
    .slice(-1);
  const blocks = objectsIn(last?.content);
  if (!blocks.some(({ type }) => type === 'tool_use')) return false;
  return blocks[0]?.type !== 'thinking' && blocks[0]?.type !== 'redacted_thinking';
}
