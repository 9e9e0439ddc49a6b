/** Limits, sampling and names, in a provider's words. */
import { createHash } from 'node:crypto';
import type { CanonicalRequest } from '../canonical/request.ts';
import type { ChatTraits } from '../canonical/target.ts';
import type { JsonObject } from '../json.ts';
import type { Encoding } from './encode-content.ts';

/** OpenAI's reference of `stop`. */
const MOST_STOPS = 4;

/** OpenAI's limit for `safety_identifier`, and the least of the limits that services set for `user`. */
const LONGEST_USER = 64;

/** Tiers that stand for what happens without one; the last is Anthropic's. */
const USUAL_TIERS: ReadonlySet<string> = new Set(['auto', 'default', 'standard_only']);

/** @returns members of the body */
export function encodeSettings(request: CanonicalRequest, encoding: Encoding): JsonObject {
  return {
    ...encodeMaxTokens(request.maxOutputTokens, encoding),
    ...encodeSampling(request.sampling, encoding),
    ...encodeStop(request.stop, encoding),
    ...taken('seed', request.sampling.seed, encoding),
    ...taken('verbosity', request.verbosity, encoding),
    ...taken('user', fittingUser(request.userId), encoding),
    ...taken('prompt_cache_key', request.cacheKey, encoding),
    ...encodeTier(request.serviceTier, encoding),
  };
}

function encodeMaxTokens(limit: number | null, { target, dropped }: Encoding): JsonObject {
  if (limit === null) return {};
  const most = target.facts.maxOutputTokens ?? limit;
  if (limit > most) dropped.add('max_tokens');
  return { [target.traits.chat.maxTokens]: Math.min(limit, most) };
}

function encodeSampling(sampling: CanonicalRequest['sampling'], encoding: Encoding): JsonObject {
  const { target, dropped } = encoding;
  const asked = Object.entries({
    temperature: sampling.temperature,
    top_p: sampling.topP,
    presence_penalty: sampling.presencePenalty,
    frequency_penalty: sampling.frequencyPenalty,
    top_k: sampling.topK,
  }).filter(([, value]) => value !== null);
  const isTaken = (name: string) =>
    target.facts.sampling !== false && (name !== 'top_k' || target.traits.chat.takes.includes('top_k'));
  dropped.add(...asked.flatMap(([name]) => (isTaken(name) ? [] : [name])));
  return Object.fromEntries(asked.filter(([name]) => isTaken(name)));
}

/**
 * OpenAI's own models that take no sampling refuse `stop` too (its reference: "Not supported with latest reasoning
 * models"); others that take no sampling do take it. Those who follow OpenAI's newer name of the token limit are
 * treated alike.
 */
function encodeStop(stop: readonly string[], { target, dropped }: Encoding): JsonObject {
  if (stop.length === 0) return {};
  const refuses = target.facts.sampling === false && target.traits.chat.maxTokens === 'max_completion_tokens';
  if (refuses || stop.length > MOST_STOPS) dropped.add('stop');
  return refuses ? {} : { stop: stop.slice(0, MOST_STOPS) };
}

function taken(
  name: ChatTraits['takes'][number],
  value: string | number | null,
  { target, dropped }: Encoding,
): JsonObject {
  if (value === null) return {};
  if (target.traits.chat.takes.includes(name)) return { [name]: value };
  dropped.add(name);
  return {};
}

/** Claude Code's name for its user is longer than services take; what matters is that it stays the same. */
function fittingUser(userId: string | null): string | null {
  if (userId === null || userId.length <= LONGEST_USER) return userId;
  return createHash('sha256').update(userId).digest('hex');
}

function encodeTier(tier: string | null, encoding: Encoding): JsonObject {
  const takes = encoding.target.traits.chat.takes.includes('service_tier');
  if (tier !== null && !takes && USUAL_TIERS.has(tier)) return {};
  return taken('service_tier', tier === 'standard_only' ? 'default' : tier, encoding);
}
