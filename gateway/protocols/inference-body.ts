import { isUtf8 } from 'node:buffer';
import { GatewayError } from '../errors.ts';
import { type Dialect, dialectOf, isResponsesOnChat } from './dialect.ts';
import { ENDPOINTS, type Endpoint } from './endpoint.ts';
import { isObject } from './json.ts';
import { topLevelMembers, withMembers } from './json-members.ts';
import { sprawls } from './json-sprawl.ts';
import { findModel, type ModelRange } from './model-member.ts';

/** More than any model writes. JSON knows numbers beyond what can be added up and stored (1e999 is infinite). */
const MOST_OUTPUT_TOKENS = 1_000_000_000;

/** A request body as the gateway sees it: what it acts on, and the bytes it will forward. */
export interface InferenceBody {
  /** As it came, decompressed. */
  bytes: Buffer;
  json: Record<string, unknown>;
  dialect: Dialect;
  model: string;
  /** Where that name stands in `bytes`, quotes included. */
  modelAt: ModelRange;
  stream: boolean;
  /** The client itself asked for the usage chunk of a chat or completions stream. */
  wantsUsageChunk: boolean;
  /** Upper bound of the answer's tokens that the client set, if any. */
  maxOutputTokens: number | null;
}

/** @throws GatewayError `invalid_request`, `invalid_messages`, `missing_model` */
export function readInferenceBody(endpoint: Endpoint, bytes: Buffer): InferenceBody {
  const { text, json } = readJsonObject(bytes);
  checkContent(endpoint, json);
  const model = readModel(json);
  return {
    bytes,
    json,
    dialect: dialectOf(endpoint, json),
    model,
    modelAt: uniqueModel(text, bytes),
    stream: json.stream === true && endpoint !== 'embeddings' && endpoint !== 'count_tokens',
    wantsUsageChunk: isObject(json.stream_options) && json.stream_options.include_usage === true,
    maxOutputTokens: readMaxOutputTokens(json),
  };
}

/**
 * The bytes to forward: as they came, but for `model` and, on streams whose protocol tells usage only when
 * asked, `stream_options.include_usage`.
 */
export function bodyFor(endpoint: Endpoint, body: InferenceBody, upstreamModel: string): Buffer {
  const { bytes, modelAt } = body;
  const pieces =
    body.model === upstreamModel
      ? [bytes]
      : [
          bytes.subarray(0, modelAt.start),
          Buffer.from(JSON.stringify(upstreamModel)),
          bytes.subarray(modelAt.end),
        ];
  if (hidesUsageChunk(endpoint, body)) return withUsageAsked(pieces, body);
  return pieces.length === 1 ? bytes : Buffer.concat(pieces);
}

/** @param pieces the body's bytes, with its new name in the middle */
function withUsageAsked(pieces: Buffer[], body: InferenceBody): Buffer {
  if (Object.hasOwn(body.json, 'stream_options')) {
    const asked = withMembers(streamOptions(body), { include_usage: 'true' }).toString();
    return withMembers(Buffer.concat(pieces), { stream_options: asked });
  }
  const last = pieces.pop() as Buffer;
  const closing = last.lastIndexOf('}');
  const asked = Buffer.from(',"stream_options":{"include_usage":true}');
  return Buffer.concat([...pieces, last.subarray(0, closing), asked, last.subarray(closing)]);
}

/** As they came: values of any size and depth pass unread. */
function streamOptions({ bytes, json }: InferenceBody): Buffer {
  const found = topLevelMembers(bytes).findLast((member) => member.key === 'stream_options');
  return found !== undefined && isObject(json.stream_options)
    ? bytes.subarray(found.start, found.end)
    : Buffer.from('{}');
}

/** Whether the usage chunk is asked for by the gateway alone, and so not for the client to see. */
export function hidesUsageChunk(endpoint: Endpoint, body: InferenceBody): boolean {
  return body.stream && !body.wantsUsageChunk && (endpoint === 'chat' || endpoint === 'completions');
}

/** @throws GatewayError `invalid_request` for anything but a JSON object of bounded size */
export function readJsonObject(bytes: Buffer): { text: string; json: Record<string, unknown> } {
  if (bytes.length === 0)
    throw new GatewayError('invalid_request', 'The request has no body; send a JSON object.');
  if (!isUtf8(bytes)) throw new GatewayError('invalid_request', 'The body is not valid UTF-8.');
  if (sprawls(bytes))
    throw new GatewayError(
      'invalid_request',
      'The body holds more than a million objects, arrays and members.',
    );
  const text = bytes.toString('utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new GatewayError('invalid_request', 'The body is not valid JSON.');
  }
  if (!isObject(json)) throw new GatewayError('invalid_request', 'The body must be a JSON object.');
  return { text, json };
}

function readModel({ model }: Record<string, unknown>): string {
  if (model === undefined || model === null || model === '') {
    throw new GatewayError(
      'missing_model',
      'The request names no model; set `model` to one that GET /models lists.',
    );
  }
  if (typeof model !== 'string') throw new GatewayError('invalid_request', '`model` must be a string.');
  return model;
}

/** Two readers of one body may pick different ones: what is allowed must be what is sent. */
function uniqueModel(text: string, bytes: Buffer): ModelRange {
  const found = findModel(text, bytes);
  if (found !== null) return found;
  throw new GatewayError('invalid_request', '`model` stands more than once in the body.');
}

function checkContent(endpoint: Endpoint, json: Record<string, unknown>): void {
  if (endpoint === 'chat' && isResponsesOnChat(json)) return;
  if (endpoint === 'chat' || ENDPOINTS[endpoint].protocol === 'anthropic-messages') checkMessages(json);
  if (endpoint === 'embeddings' && json.input === undefined) {
    throw new GatewayError('invalid_request', '`input` is missing: the text to embed.');
  }
}

function checkMessages({ messages, thread }: Record<string, unknown>): void {
  if (messages === undefined) throw invalidMessages('`messages` is missing.');
  if (!Array.isArray(messages)) throw invalidMessages('`messages` must be an array.');
  // A thread that Anthropic's service keeps goes on without a new message (beta `message-threads`).
  if (messages.length === 0 && isObject(thread)) return;
  if (messages.length === 0) throw invalidMessages('`messages` is empty; send at least one message.');
  for (const [index, message] of messages.entries()) checkMessage(message, `messages[${index}]`);
}

/** Roles and kinds of parts are not looked at: providers invent new ones. */
function checkMessage(message: unknown, name: string): void {
  if (!isObject(message)) throw invalidMessages(`${name} must be an object.`);
  const { role, content } = message;
  if (typeof role !== 'string' || role === '')
    throw invalidMessages(`${name}.role must be a string such as "user".`);
  if (typeof content === 'string') return;
  // An assistant that calls tools may say nothing beside.
  if ((content === undefined || content === null) && role === 'assistant') return;
  if (!Array.isArray(content))
    throw invalidMessages(`${name}.content must be a string or an array of parts.`);
  const bad = content.findIndex((part) => !isObject(part) || typeof part.type !== 'string');
  if (bad !== -1) throw invalidMessages(`${name}.content[${bad}] must be an object with a \`type\`.`);
}

function invalidMessages(what: string): GatewayError {
  return new GatewayError('invalid_messages', what);
}

function readMaxOutputTokens(json: Record<string, unknown>): number | null {
  const given = [json.max_completion_tokens, json.max_output_tokens, json.max_tokens].find(
    (value) => typeof value === 'number' && value > 0,
  );
  return typeof given === 'number' ? Math.min(Math.ceil(given), MOST_OUTPUT_TOKENS) : null;
}
