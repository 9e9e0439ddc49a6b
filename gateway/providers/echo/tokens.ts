/**
 * How the echo counts tokens: one token per four bytes of UTF-8, rounded up. A simple rule on purpose:
 * anyone can check the usage it reports by hand.
 */
import { isObject, type JsonObject } from './json.ts';

const BYTES_PER_TOKEN = 4;

/** Tokens of one text. */
export function countTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

/** The longest start of `text` that costs at most `limit` tokens; never cuts a character in two. */
export function cutToTokens(text: string, limit: number): string {
  return cutToBytes(text, limit * BYTES_PER_TOKEN);
}

/** The longest start of `text` that takes at most `limit` bytes of UTF-8. */
export function cutToBytes(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text;
  const bytes = Buffer.from(text);
  let end = limit;
  while (end > 0 && isContinuationByte(bytes[end])) end -= 1;
  return bytes.toString('utf8', 0, end);
}

function isContinuationByte(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** The body's fields that a model reads, in every protocol. */
const READ_FIELDS = ['system', 'instructions', 'messages', 'input', 'prompt', 'suffix', 'tools'];

/** Fields inside them that carry no text: names of kinds, links between items, and media. */
const NO_TEXT = new Set([
  'type',
  'role',
  'id',
  'call_id',
  'tool_call_id',
  'tool_use_id',
  'status',
  'cache_control',
  'signature',
  'encrypted_content',
  'image_url',
  'source',
  'file',
  'file_data',
  'file_url',
  'input_audio',
]);

/**
 * Input tokens of a request body: four bytes of all its text together make one token. Counts messages,
 * system prompt, tool calls, tool results and tool definitions. Pictures and files count nothing; a
 * prompt given as token numbers counts one for each.
 */
export function countInputTokens(body: JsonObject): number {
  const total = { bytes: 0, tokens: 0 };
  for (const field of READ_FIELDS) measure(body[field], total);
  return Math.ceil(total.bytes / BYTES_PER_TOKEN) + total.tokens;
}

function measure(value: unknown, total: { bytes: number; tokens: number }): void {
  if (typeof value === 'string') {
    total.bytes += Buffer.byteLength(value);
  } else if (Array.isArray(value)) {
    for (const item of value) {
      if (typeof item === 'number') total.tokens += 1;
      else measure(item, total);
    }
  } else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) {
      if (!NO_TEXT.has(key)) measure(child, total);
    }
  }
}
