/** What a chat body asks for beside the conversation and its tools. */
import type { OutputFormat, ReasoningWish, Sampling } from '../canonical/request.ts';
import { asText, isObject, type JsonObject } from '../json.ts';
import { EFFORTS, type Effort, THINKING_MODES, type ThinkingMode } from '../model-facts.ts';
import { badField, isAbsent, numberField, objectField } from './fields.ts';

/** @throws GatewayError `invalid_request` */
export function decodeSampling(body: JsonObject): Sampling {
  return {
    temperature: numberField(body, 'temperature'),
    topP: numberField(body, 'top_p'),
    topK: numberField(body, 'top_k'),
    seed: numberField(body, 'seed'),
    presencePenalty: numberField(body, 'presence_penalty'),
    frequencyPenalty: numberField(body, 'frequency_penalty'),
  };
}

/** Zero and less mean "no limit" to some clients. @throws GatewayError `invalid_request` */
export function decodeMaxTokens(body: JsonObject): number | null {
  const fields = ['max_completion_tokens', 'max_tokens', 'max_output_tokens'];
  const given = fields.map((field) => numberField(body, field)).find((limit) => limit !== null && limit > 0);
  return isAbsent(given) ? null : Math.ceil(given);
}

/** @throws GatewayError `invalid_request` */
export function decodeStop(body: JsonObject): string[] {
  const stop = body.stop ?? body.stop_sequences;
  if (isAbsent(stop)) return [];
  const texts: unknown[] = Array.isArray(stop) ? stop : [stop];
  return texts.filter((text): text is string => {
    if (typeof text !== 'string') throw badField('stop', 'must be a string or an array of strings.');
    return text !== '';
  });
}

/**
 * OpenAI's `reasoning_effort`, OpenRouter's `reasoning`, and Anthropic's `thinking`, which DeepSeek and others took
 * over, and `output_config.effort`.
 * @param unplaced is told of what cannot be understood
 * @throws GatewayError `invalid_request`
 */
export function decodeReasoning(body: JsonObject, unplaced: Set<string>): ReasoningWish | null {
  const reasoning = objectField(body, 'reasoning');
  const thinking = objectField(body, 'thinking');
  const config = objectField(body, 'output_config');
  const wish: ReasoningWish = {
    effort:
      effortOf(body.reasoning_effort, 'reasoning_effort', unplaced) ??
      effortOf(reasoning.effort, 'reasoning.effort', unplaced) ??
      effortOf(config.effort, 'output_config.effort', unplaced),
    budgetTokens: numberField(reasoning, 'max_tokens') ?? numberField(thinking, 'budget_tokens'),
    mode: modeOf(reasoning, thinking, unplaced),
    summary: asText(reasoning.summary),
    display: asText(thinking.display),
  };
  if (reasoning.exclude === true) unplaced.add('reasoning.exclude');
  if (isObject(config.format)) unplaced.add('output_config.format');
  return Object.values(wish).every((value) => value === null) ? null : wish;
}

function effortOf(value: unknown, name: string, unplaced: Set<string>): Effort | null {
  if (isAbsent(value)) return null;
  const effort = EFFORTS.find((known) => known === value);
  if (effort === undefined) unplaced.add(name);
  return effort ?? null;
}

function modeOf(reasoning: JsonObject, thinking: JsonObject, unplaced: Set<string>): ThinkingMode | null {
  if (!isAbsent(thinking.type)) {
    const mode = THINKING_MODES.find((known) => known === thinking.type);
    if (mode === undefined) unplaced.add('thinking.type');
    return mode ?? null;
  }
  if (typeof reasoning.enabled !== 'boolean') return null;
  return reasoning.enabled ? 'enabled' : 'disabled';
}

/**
 * @param unplaced is told of kinds that nobody knows
 * @throws GatewayError `invalid_request`
 */
export function decodeFormat(body: JsonObject, unplaced: Set<string>): OutputFormat | null {
  const format = objectField(body, 'response_format');
  switch (format.type) {
    case undefined:
    case null:
    case 'text':
      return null;
    case 'json_object':
      // llama.cpp and others take a schema there.
      return isObject(format.schema) ? schemaFormat({ schema: format.schema }) : { type: 'json_object' };
    case 'json_schema':
      return schemaFormat(isObject(format.json_schema) ? format.json_schema : format);
    default:
      unplaced.add('response_format');
      return null;
  }
}

function schemaFormat({ name, description, schema, strict }: JsonObject): OutputFormat {
  if (isAbsent(schema)) return { type: 'json_object' };
  if (!isObject(schema)) throw badField('response_format.json_schema.schema', 'must be a JSON schema.');
  return {
    type: 'json_schema',
    name: asText(name),
    description: asText(description),
    schema,
    strict: typeof strict === 'boolean' ? strict : null,
  };
}
