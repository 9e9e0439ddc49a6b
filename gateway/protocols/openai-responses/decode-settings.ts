/** Settings of a request apart from its conversation and tools. */
import { GatewayError } from '../../errors.ts';
import type { OutputFormat, ReasoningWish } from '../canonical/request.ts';
import { asBoolean, asText, isObject, type JsonObject } from '../json.ts';
import { EFFORTS } from '../model-facts.ts';
import { isAbsent, objectField, textField } from './fields.ts';

/** Fields that are read elsewhere, or that ask for nothing a stateless gateway could leave undone. */
const READ_OR_MET: ReadonlySet<string> = new Set([
  ...['model', 'input', 'instructions', 'tools', 'tool_choice', 'parallel_tool_calls', 'max_output_tokens'],
  ...['max_tokens', 'max_completion_tokens', 'temperature', 'top_p', 'reasoning', 'text', 'user'],
  ...['safety_identifier', 'prompt_cache_key', 'service_tier', 'stream', 'stream_options', 'include'],
  // Nothing is stored, and the answer says so; Codex's bookkeeping.
  ...['store', 'client_metadata'],
]);

/** What needs memory at the provider, and what to send instead. */
const NEEDS_MEMORY: readonly (readonly [field: string, instead: string])[] = [
  ['previous_response_id', 'Send the whole conversation in `input`, and "store": false.'],
  ['conversation', 'Send the whole conversation in `input`, and "store": false.'],
  ['background', 'Set "background": false and wait for the answer, or stream it.'],
  ['prompt', 'Send the text of the prompt in `instructions` and `input`.'],
];

/** @throws GatewayError `invalid_request` for what a gateway that keeps nothing cannot do */
export function refuseMemory(body: JsonObject): void {
  for (const [field, instead] of NEEDS_MEMORY) {
    if (asks(body[field])) {
      throw new GatewayError('invalid_request', `\`${field}\` needs answers to be stored. ${instead}`);
    }
  }
}

/** @returns names of fields that ask for something and have no place in a request of the hub */
export function unplacedFields(body: JsonObject): string[] {
  return Object.keys(body).filter((name) => {
    if (READ_OR_MET.has(name)) return false;
    return name === 'truncation' ? body[name] === 'auto' : asks(body[name]);
  });
}

/** Whether a value wishes for anything: false, 0 and what is empty wish for nothing. */
function asks(value: unknown): boolean {
  if (isAbsent(value) || value === false || value === 0 || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isObject(value) || Object.keys(value).length > 0;
}

/** @param unplaced is told of wishes that have no place */
export function decodeReasoningWish(value: unknown, unplaced: string[]): ReasoningWish | null {
  const { effort, summary, generate_summary, context, mode, ...others } =
    objectField(value, 'reasoning') ?? {};
  const known = EFFORTS.find((name) => name === effort) ?? null;
  const wish = asText(summary) ?? asText(generate_summary);
  if (known === null && asks(effort)) unplaced.push('reasoning.effort');
  if (context !== 'auto' && asks(context)) unplaced.push('reasoning.context');
  if (mode !== 'standard' && asks(mode)) unplaced.push('reasoning.mode');
  unplaced.push(...askingIn(others, 'reasoning'));
  if (known === null && wish === null) return null;
  return { effort: known, budgetTokens: null, mode: null, summary: wish, display: null };
}

export interface TextWish {
  format: OutputFormat | null;
  verbosity: string | null;
}

/**
 * @param unplaced is told of wishes that have no place
 * @throws GatewayError `invalid_request`
 */
export function decodeTextWish(value: unknown, unplaced: string[]): TextWish {
  const { format, verbosity, ...others } = objectField(value, 'text') ?? {};
  unplaced.push(...askingIn(others, 'text'));
  return {
    format: decodeFormat(objectField(format, 'text.format'), unplaced),
    verbosity: textField(verbosity, 'text.verbosity'),
  };
}

function decodeFormat(format: JsonObject | null, unplaced: string[]): OutputFormat | null {
  if (format === null || format.type === 'text') return null;
  if (format.type === 'json_object') return { type: 'json_object' };
  if (format.type !== 'json_schema') {
    unplaced.push('text.format');
    return null;
  }
  // Nested as Chat Completions has it, which people send as well.
  const facts = isObject(format.json_schema) ? format.json_schema : format;
  if (!isObject(facts.schema)) {
    throw new GatewayError('invalid_request', '`text.format.schema` must be an object.');
  }
  return {
    type: 'json_schema',
    name: asText(facts.name),
    description: asText(facts.description),
    schema: facts.schema,
    strict: asBoolean(facts.strict),
  };
}

function askingIn(others: JsonObject, parent: string): string[] {
  return Object.keys(others)
    .filter((name) => asks(others[name]))
    .map((name) => `${parent}.${name}`);
}
