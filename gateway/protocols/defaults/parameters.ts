/** Parameters that a request gets where it does not carry them, in the words of its protocol. */
import { effortFor } from '../canonical/reasoning.ts';
import type { Endpoint } from '../endpoint.ts';
import type { InferenceBody } from '../inference-body.ts';
import { isObject, type JsonObject } from '../json.ts';
import { topLevelMembers, withMembers } from '../json-members.ts';
import type { Effort, ModelFacts } from '../model-facts.ts';

/** Names of no one protocol. */
export interface DefaultParameters {
  temperature?: number | undefined;
  top_p?: number | undefined;
  /** Most tokens of one answer. */
  max_tokens?: number | undefined;
  reasoning_effort?: Effort | undefined;
  /** Texts that end the answer. */
  stop?: string[] | undefined;
}

/** How a route says it. */
type Words = 'chat' | 'responses' | 'messages' | 'completions';

/** While a Claude thinks, it takes a `top_p` from here to 1 (https://platform.claude.com/docs/en/build-with-claude/thinking). */
const LEAST_TOP_P_THINKING = 0.95;

/**
 * Adds what the body does not carry; null carries nothing. What the model is known not to take is left out: the
 * caller has not asked for it, and would be refused for it.
 * @returns the body as it came where nothing is added
 */
export function withDefaultParameters(
  endpoint: Endpoint,
  body: InferenceBody,
  parameters: DefaultParameters,
  facts: ModelFacts,
): Buffer {
  const words = wordsOf(endpoint, body);
  if (words === null) return body.bytes;
  const asked = { json: body.json, parameters, facts, words };
  const members: Record<string, string> = {};
  const all = { ...limit(asked), ...sampling(asked), ...stops(asked) };
  for (const [name, value] of Object.entries(all)) members[name] = JSON.stringify(value);
  Object.assign(members, effort(asked, body.bytes));
  return Object.keys(members).length === 0 ? body.bytes : withMembers(body.bytes, members);
}

/** Embeddings and counts of tokens have no answer to shape. */
function wordsOf(endpoint: Endpoint, { dialect }: InferenceBody): Words | null {
  if (endpoint === 'embeddings' || endpoint === 'count_tokens') return null;
  return dialect === 'responses' ? 'responses' : endpoint;
}

interface Asked {
  json: JsonObject;
  parameters: DefaultParameters;
  facts: ModelFacts;
  words: Words;
}

function carries(json: JsonObject, ...names: string[]): boolean {
  return names.some((name) => json[name] !== undefined && json[name] !== null);
}

/** The older name on chat: every server knows it, and it is renamed for those models that know the newer alone. */
function limit({ json, parameters, facts, words }: Asked): JsonObject {
  const { max_tokens: wanted } = parameters;
  if (wanted === undefined) return {};
  if (carries(json, 'max_tokens', 'max_completion_tokens', 'max_output_tokens')) return {};
  const name = words === 'responses' ? 'max_output_tokens' : 'max_tokens';
  return { [name]: Math.min(wanted, facts.maxOutputTokens ?? wanted) };
}

function sampling({ json, parameters, facts, words }: Asked): JsonObject {
  if (facts.sampling === false) return {};
  const { temperature, top_p } = parameters;
  const added: JsonObject = {};
  if (temperature !== undefined && !carries(json, 'temperature')) added.temperature = temperature;
  if (top_p !== undefined && !carries(json, 'top_p')) added.top_p = top_p;
  return words === 'messages' ? forClaude(added, json) : added;
}

/** Anthropic's range ends at 1; newer models take one of the two, and one that thinks takes next to nothing. */
function forClaude(added: JsonObject, json: JsonObject): JsonObject {
  const thinks = isObject(json.thinking) && json.thinking.type !== 'disabled';
  const { temperature, top_p } = added;
  if (typeof temperature === 'number' && !thinks && !carries(json, 'top_p')) {
    return { temperature: Math.min(temperature, 1) };
  }
  const mayTopP = typeof top_p === 'number' && !carries(json, 'temperature');
  return mayTopP && (!thinks || top_p >= LEAST_TOP_P_THINKING) ? { top_p } : {};
}

/** OpenAI's reasoning models refuse `stop`, as they refuse sampling; Responses has none. */
function stops({ json, parameters, facts, words }: Asked): JsonObject {
  const { stop } = parameters;
  if (stop === undefined || words === 'responses') return {};
  if (words === 'messages') return carries(json, 'stop_sequences') ? {} : { stop_sequences: stop };
  return facts.sampling === false || carries(json, 'stop', 'stop_sequences') ? {} : { stop };
}

function effort({ json, parameters, facts, words }: Asked, bytes: Buffer): Record<string, string> {
  const { reasoning_effort: wanted } = parameters;
  if (wanted === undefined || words === 'completions') return {};
  if (carries(json, 'reasoning_effort') || saysHowToThink(json)) return {};
  const wish = { effort: wanted, budgetTokens: null, mode: null, display: null, summary: null };
  const taken = effortFor(wish, facts);
  if (words === 'messages') return claudesEffort(wanted, taken, facts, json, bytes);
  if (taken === null) return {};
  if (words === 'responses') return within('reasoning', taken, json, bytes);
  // OpenRouter's name on chat.
  return carries(json, 'reasoning') ? {} : { reasoning_effort: JSON.stringify(taken) };
}

/** Anthropic's `adaptive` leaves the effort open. */
function saysHowToThink({ thinking }: JsonObject): boolean {
  return isObject(thinking) && thinking.type !== 'adaptive';
}

/** Anthropic knows neither `none` nor `minimal`: a model that shall not think is told so in another field. */
function claudesEffort(
  wanted: Effort,
  taken: Effort | null,
  { thinking }: ModelFacts,
  json: JsonObject,
  bytes: Buffer,
): Record<string, string> {
  if (wanted === 'none') {
    if (carries(json, 'thinking')) return {};
    return thinking === null || thinking.includes('disabled')
      ? { thinking: JSON.stringify({ type: 'disabled' }) }
      : {};
  }
  return taken === null ? {} : within('output_config', taken === 'minimal' ? 'low' : taken, json, bytes);
}

/** Sets `effort` in an object of the body, or in a new one; what else is in it stays byte for byte. */
function within(member: string, taken: Effort, json: JsonObject, bytes: Buffer): Record<string, string> {
  const value = JSON.stringify(taken);
  if (!carries(json, member)) return { [member]: `{"effort":${value}}` };
  const holder = json[member];
  if (!isObject(holder) || carries(holder, 'effort')) return {};
  const found = topLevelMembers(bytes).findLast(({ key }) => key === member);
  if (found === undefined) return {};
  return {
    [member]: withMembers(bytes.subarray(found.start, found.end), { effort: value }).toString('utf8'),
  };
}
