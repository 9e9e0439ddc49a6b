import { isObject, type JsonObject } from '../json.ts';
import { isAbsent } from './fields.ts';

/** Fields that are read elsewhere, and those that tell nothing an answer depends on. */
const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'system',
  'stream',
  'stream_options',
  'n',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'functions',
  'function_call',
  'max_completion_tokens',
  'max_tokens',
  'max_output_tokens',
  'temperature',
  'top_p',
  'top_k',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'stop',
  'stop_sequences',
  'reasoning_effort',
  'reasoning',
  'thinking',
  'output_config',
  'response_format',
  'verbosity',
  'user',
  'safety_identifier',
  'prompt_cache_key',
  'service_tier',
  'metadata',
  'include',
  'usage',
]);

/** Values that ask for what happens anyway. */
const SATISFIED: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['store', isFalse],
  ['logprobs', isFalse],
  ['background', isFalse],
  ['top_logprobs', (value) => value === 0],
  ['include_reasoning', (value) => value === true],
  ['truncation', (value) => value === 'disabled'],
  ['modalities', (value) => Array.isArray(value) && value.every((modality) => modality === 'text')],
]);

/** @returns the fields that ask for something and have no place in a canonical request */
export function unplacedFields(body: JsonObject): string[] {
  return Object.entries(body)
    .filter(([field, value]) => !KNOWN.has(field) && asksForSomething(field, value))
    .map(([field]) => field);
}

function asksForSomething(field: string, value: unknown): boolean {
  if (isAbsent(value)) return false;
  if (isObject(value) || Array.isArray(value)) {
    // An empty object switches OpenAI's search on.
    if (Object.keys(value).length === 0) return field === 'web_search_options';
  }
  return SATISFIED.get(field)?.(value) !== true;
}

function isFalse(value: unknown): boolean {
  return value === false;
}
