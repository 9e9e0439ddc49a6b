/**
 * Puts a prompt before whatever the caller tells the model as its system, where the caller's protocol has it.
 * All other bytes stay as they came: numbers keep their digits, marks for the provider's cache their place.
 */
import { ENDPOINTS, type Endpoint } from '../endpoint.ts';
import type { InferenceBody } from '../inference-body.ts';
import { isObject, type JsonObject } from '../json.ts';
import { topLevelItems, topLevelMembers, withMembers } from '../json-members.ts';

/** Between the prompt and what the caller said, where both become one text. */
const BREAK = '\n\n';

/** @returns the body with the prompt in it; as it came on endpoints that have no system prompt */
export function withSystemPrompt(endpoint: Endpoint, body: InferenceBody, prompt: string): Buffer {
  const { bytes, json } = body;
  const set = (member: string, value: Buffer) => withMembers(bytes, { [member]: value.toString('utf8') });
  if (endpoint === 'responses' || body.dialect === 'responses') {
    return set('instructions', beforeText(bytesOf(bytes, 'instructions'), json.instructions, prompt));
  }
  if (endpoint === 'chat') return set('messages', beforeMessages(bytesOf(bytes, 'messages'), json, prompt));
  if (ENDPOINTS[endpoint].protocol !== 'anthropic-messages') return bytes;
  const system = bytesOf(bytes, 'system');
  return Array.isArray(json.system)
    ? set('system', beforeBlocks(system, json.system, prompt))
    : set('system', beforeText(system, json.system, prompt));
}

/** The value of a member as it stands in the body; empty where there is none. */
function bytesOf(bytes: Buffer, key: string): Buffer {
  const found = topLevelMembers(bytes).findLast((member) => member.key === key);
  return found === undefined ? Buffer.alloc(0) : bytes.subarray(found.start, found.end);
}

/** What is neither text nor nothing goes on as it is: the provider says what is wrong with it. */
function beforeText(text: Buffer, value: unknown, prompt: string): Buffer {
  if (value === undefined || value === null || value === '') return Buffer.from(JSON.stringify(prompt));
  if (typeof value !== 'string') return text;
  return Buffer.concat([openString(prompt + BREAK), text.subarray(1)]);
}

/** A JSON string without its closing quote. */
function openString(text: string): Buffer {
  return Buffer.from(JSON.stringify(text).slice(0, -1));
}

/**
 * Claude Code's first block tells Anthropic who asks, and is known by its place
 * (https://code.claude.com/docs/en/llm-gateway-protocol, "attribution").
 */
function beforeBlocks(list: Buffer, blocks: readonly unknown[], prompt: string): Buffer {
  return withItem(list, isAttribution(blocks[0]) ? 1 : 0, { type: 'text', text: prompt });
}

function isAttribution(block: unknown): boolean {
  return (
    isObject(block) && typeof block.text === 'string' && block.text.startsWith('x-anthropic-billing-header')
  );
}

/**
 * A system message of the caller's that stands first gets the prompt before its text: templates of many local
 * models refuse a second one ("System message must be at the beginning").
 */
function beforeMessages(list: Buffer, { messages }: JsonObject, prompt: string): Buffer {
  const first = Array.isArray(messages) ? messages[0] : undefined;
  const item = topLevelItems(list)[0];
  if (!isObject(first) || item === undefined || !isSystem(first.role) || !isContent(first.content)) {
    return withItem(list, 0, { role: 'system', content: prompt });
  }
  const message = list.subarray(item.start, item.end);
  const content = bytesOf(message, 'content');
  const extended = Array.isArray(first.content)
    ? withItem(content, 0, { type: 'text', text: prompt })
    : beforeText(content, first.content, prompt);
  const changed = withMembers(message, { content: extended.toString('utf8') });
  return Buffer.concat([list.subarray(0, item.start), changed, list.subarray(item.end)]);
}

/** OpenAI's newer name for the system. */
function isSystem(role: unknown): boolean {
  return role === 'system' || role === 'developer';
}

function isContent(content: unknown): boolean {
  return typeof content === 'string' || Array.isArray(content);
}

/** @param at 0, or 1 where the list has an item */
function withItem(list: Buffer, at: number, item: JsonObject): Buffer {
  const items = topLevelItems(list);
  const before = items[at - 1];
  const text = JSON.stringify(item);
  if (before !== undefined) {
    return Buffer.concat([list.subarray(0, before.end), Buffer.from(`,${text}`), list.subarray(before.end)]);
  }
  const open = list.indexOf('[') + 1;
  const comma = items.length > 0 ? ',' : '';
  return Buffer.concat([list.subarray(0, open), Buffer.from(text + comma), list.subarray(open)]);
}
