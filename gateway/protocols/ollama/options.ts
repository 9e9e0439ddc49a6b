/** `options` of a request: https://github.com/ollama/ollama/blob/main/docs/modelfile.md#valid-parameters-and-values */
import { asNumber, isObject, type JsonObject } from '../json.ts';
import { badField } from './fields.ts';

/** What a model may be told to do everywhere, by the same name in OpenAI's words. */
const NUMBERS = ['temperature', 'top_p', 'seed', 'presence_penalty', 'frequency_penalty'] as const;

/** Local servers alone take it in chat, and no service in completions. */
const CHAT_NUMBERS = [...NUMBERS, 'top_k'] as const;

export interface ReadOptions {
  /** In OpenAI's words. */
  fields: JsonObject;
  /** Such as `options.num_ctx`: how a server is to run a model is not for a caller to say here. */
  leftOut: string[];
}

/** @throws GatewayError `invalid_request` */
export function readOptions(options: unknown, endpoint: 'chat' | 'completions'): ReadOptions {
  if (options === undefined || options === null) return { fields: {}, leftOut: [] };
  if (!isObject(options)) throw badField('options', 'must be an object.');
  const numbers: readonly string[] = endpoint === 'chat' ? CHAT_NUMBERS : NUMBERS;
  const fields: JsonObject = {};
  const leftOut: string[] = [];
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null) continue;
    if (numbers.includes(name)) fields[name] = numberOf(value, name);
    else if (name === 'num_predict') Object.assign(fields, limitOf(value));
    else if (name === 'stop') Object.assign(fields, stopOf(value));
    else leftOut.push(`options.${name}`);
  }
  return { fields, leftOut };
}

/** With the digits it came with. */
function numberOf(value: unknown, name: string): unknown {
  if (asNumber(value) === null) throw badField(`options.${name}`, 'must be a number.');
  return value;
}

/** -1 and -2 ask for no limit. */
function limitOf(value: unknown): JsonObject {
  const limit = asNumber(value);
  if (limit === null) throw badField('options.num_predict', 'must be a number.');
  return limit > 0 ? { max_tokens: Math.ceil(limit) } : {};
}

function stopOf(value: unknown): JsonObject {
  const texts: unknown[] = Array.isArray(value) ? value : [value];
  if (!texts.every((text) => typeof text === 'string'))
    throw badField('options.stop', 'must be a string or an array of strings.');
  const stop = texts.filter((text) => text !== '');
  return stop.length === 0 ? {} : { stop };
}
