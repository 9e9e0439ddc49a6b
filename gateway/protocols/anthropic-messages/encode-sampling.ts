import type { Dropped } from '../canonical/dropped.ts';
import type { Thinking } from '../canonical/reasoning.ts';
import type { Sampling } from '../canonical/request.ts';
import type { Target } from '../canonical/target.ts';
import { thinks } from './encode-thinking.ts';

/** While a model thinks, it takes a `top_p` from here to 1 (https://platform.claude.com/docs/en/build-with-claude/thinking). */
const LEAST_TOP_P_THINKING = 0.95;

interface SamplingFields {
  temperature: number | undefined;
  top_p: number | undefined;
  top_k: number | undefined;
}

/**
 * Says how tokens are picked, as far as it may be said: newer models take none of it, others take no temperature
 * but 1 and no `top_k` while they think, and many take one of temperature and `top_p`.
 */
export function encodeSampling(
  sampling: Sampling,
  { facts }: Target,
  thinking: Thinking['thinking'],
  dropped: Dropped,
): SamplingFields {
  reportUnknown(sampling, dropped);
  const { temperature, topP, topK } = sampling;
  const isThinking = thinks(thinking);
  const may = facts.sampling !== false;
  const taken = {
    temperature: may && (!isThinking || temperature === 1) ? temperature : null,
    topP: may && (!isThinking || (topP ?? 1) >= LEAST_TOP_P_THINKING) ? topP : null,
    topK: may && !isThinking ? topK : null,
  };
  if (taken.temperature !== null) taken.topP = null;
  // 1 is what holds where nothing is said.
  if (temperature !== null && temperature !== 1 && taken.temperature === null) dropped.add('temperature');
  if (topP !== null && topP !== 1 && taken.topP === null) dropped.add('top_p');
  if (topK !== null && taken.topK === null) dropped.add('top_k');
  return {
    temperature: clampedTemperature(taken.temperature, dropped),
    top_p: taken.topP ?? undefined,
    top_k: taken.topK ?? undefined,
  };
}

/** OpenAI's range ends at 2, Anthropic's at 1. */
function clampedTemperature(temperature: number | null, dropped: Dropped): number | undefined {
  if (temperature === null) return undefined;
  const clamped = Math.min(Math.max(temperature, 0), 1);
  if (clamped !== temperature) dropped.add('temperature');
  return clamped;
}

/** A penalty of 0 is none. */
function reportUnknown({ seed, presencePenalty, frequencyPenalty }: Sampling, dropped: Dropped): void {
  if (seed !== null) dropped.add('seed');
  if (presencePenalty !== null && presencePenalty !== 0) dropped.add('presence_penalty');
  if (frequencyPenalty !== null && frequencyPenalty !== 0) dropped.add('frequency_penalty');
}
