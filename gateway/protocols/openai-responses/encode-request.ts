import { createHash } from 'node:crypto';
import type { Dropped } from '../canonical/dropped.ts';
import type { CanonicalRequest, Turn } from '../canonical/request.ts';
import type { Target } from '../canonical/target.ts';
import type { JsonObject } from '../json.ts';
import type { ModelFacts } from '../model-facts.ts';
import { formatJson } from './encode-format.ts';
import { encodeConversation } from './encode-items.ts';
import { reasoningFields } from './encode-reasoning.ts';
import { toolChoiceJson, toolJson } from './encode-tools.ts';

/** Least value of `max_output_tokens`: the service refuses a smaller one. */
const LEAST_OUTPUT_TOKENS = 16;

/** Most letters of `safety_identifier` and `prompt_cache_key`. */
const LONGEST_KEY = 64;

/**
 * Makes a provider's body.
 * @param request made ready by `prepare`
 * @param dropped is told what the target cannot take
 */
export function encodeRequest(request: CanonicalRequest, target: Target, dropped: Dropped): JsonObject {
  const { instructions, input } = encodeConversation(request.turns, dropped);
  dropped.add(...unknownToProtocol(request));
  return {
    model: target.upstreamModel,
    ...(instructions === undefined ? {} : { instructions }),
    input,
    ...toolFields(request),
    ...limitField(request.maxOutputTokens, target.facts, dropped),
    ...samplingFields(request, target.facts, dropped),
    ...reasoningFields(request.reasoning, target, dropped),
    ...textField(request, target, dropped),
    ...accountFields(request, target, dropped),
    ...(request.stream ? { stream: true } : {}),
    store: false,
  };
}

/** @returns the names of wishes for which the protocol has no field */
function unknownToProtocol({ stop, sampling, turns, tools }: CanonicalRequest): string[] {
  const asked: Record<string, boolean> = {
    stop: stop.length > 0,
    top_k: sampling.topK !== null,
    seed: sampling.seed !== null,
    presence_penalty: sampling.presencePenalty !== null,
    frequency_penalty: sampling.frequencyPenalty !== null,
    // The service caches by itself; marks of one's own are known to its newest models alone.
    cache_control: turns.some(hasMark) || tools.some(isMarked),
  };
  return Object.keys(asked).filter((name) => asked[name]);
}

function hasMark(turn: Turn): boolean {
  return turn.parts.some(isMarked);
}

function isMarked(part: object): boolean {
  return 'cache' in part && part.cache !== undefined;
}

function toolFields({ tools, toolChoice, parallelToolCalls }: CanonicalRequest): JsonObject {
  if (tools.length === 0) return {};
  return {
    tools: tools.map(toolJson),
    ...(toolChoice === null ? {} : { tool_choice: toolChoiceJson(toolChoice, tools) }),
    ...(parallelToolCalls === null ? {} : { parallel_tool_calls: parallelToolCalls }),
  };
}

function limitField(asked: number | null, { maxOutputTokens }: ModelFacts, dropped: Dropped): JsonObject {
  if (asked === null) return {};
  const most = maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const limited = Math.max(Math.min(asked, most), LEAST_OUTPUT_TOKENS);
  if (limited !== asked) dropped.add('max_tokens');
  return { max_output_tokens: limited };
}

function samplingFields({ sampling }: CanonicalRequest, facts: ModelFacts, dropped: Dropped): JsonObject {
  const asked = { temperature: sampling.temperature, top_p: sampling.topP };
  const fields = Object.entries(asked).filter(([, value]) => value !== null);
  if (facts.sampling !== false) return Object.fromEntries(fields);
  dropped.add(...fields.map(([name]) => name));
  return {};
}

function textField({ format, verbosity }: CanonicalRequest, target: Target, dropped: Dropped): JsonObject {
  const takesVerbosity = target.traits.responses.takes.includes('verbosity');
  if (verbosity !== null && !takesVerbosity) dropped.add('verbosity');
  const text = {
    ...(format === null ? {} : { format: formatJson(format) }),
    ...(verbosity === null || !takesVerbosity ? {} : { verbosity }),
  };
  return Object.keys(text).length === 0 ? {} : { text };
}

function accountFields(request: CanonicalRequest, target: Target, dropped: Dropped): JsonObject {
  const { takes } = target.traits.responses;
  const fields: JsonObject = {};
  const put = (name: (typeof takes)[number], value: string | null, reportedAs: string) => {
    if (value === null) return;
    if (takes.includes(name)) fields[name] = value;
    else dropped.add(reportedAs);
  };
  put('safety_identifier', shortKey(request.userId), 'user');
  put('prompt_cache_key', shortKey(request.cacheKey), 'prompt_cache_key');
  put('service_tier', tierName(request.serviceTier), 'service_tier');
  return fields;
}

/** A longer one is refused; a digest of it names the same just as well. */
function shortKey(key: string | null): string | null {
  if (key === null || key.length <= LONGEST_KEY) return key;
  return createHash('sha256').update(key).digest('hex');
}

/** Anthropic's name for the plain tier is another. */
function tierName(tier: string | null): string | null {
  return tier === 'standard_only' ? 'default' : tier;
}
