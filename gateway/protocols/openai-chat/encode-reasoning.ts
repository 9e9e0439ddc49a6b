/** A wish for reasoning in a provider's words. */
import { effortFor } from '../canonical/reasoning.ts';
import type { ReasoningWish } from '../canonical/request.ts';
import type { JsonObject } from '../json.ts';
import type { Effort } from '../model-facts.ts';
import type { Encoding } from './encode-content.ts';

/** @returns members of the body */
export function encodeReasoningWish(wish: ReasoningWish | null, encoding: Encoding): JsonObject {
  if (wish === null) return {};
  switch (encoding.target.traits.chat.reasoning) {
    case 'reasoning_effort':
      return asEffort(wish, encoding);
    case 'reasoning':
      return asOpenRouter(wish, encoding);
    case 'thinking':
      return asThinking(wish, encoding);
    case 'none':
      if (!isOff(wish)) encoding.dropped.add('reasoning');
      return {};
  }
}

function isOff({ mode, effort }: ReasoningWish): boolean {
  return mode === 'disabled' || effort === 'none';
}

/**
 * `none` goes only to a model that is known to take efforts: many that do not reason refuse the field. A mode
 * without an effort asks for what reasoning models do anyway.
 */
function asEffort(wish: ReasoningWish, { target, dropped }: Encoding): JsonObject {
  const { efforts } = target.facts;
  const effort = isOff(wish) && efforts === null ? null : effortFor(wish, target.facts);
  if (isUnmet(wish, effort, efforts)) dropped.add('reasoning');
  return effort === null ? {} : { reasoning_effort: effort };
}

function isUnmet(wish: ReasoningWish, effort: Effort | null, efforts: readonly Effort[] | null): boolean {
  if (isOff(wish)) return effort !== 'none' && efforts?.length !== 0;
  return efforts?.length === 0;
}

/**
 * https://openrouter.ai/docs/use-cases/reasoning-tokens: one of `effort` and `max_tokens`; `max` is Anthropic's
 * word for its strongest.
 */
function asOpenRouter(wish: ReasoningWish, { target, dropped }: Encoding): JsonObject {
  const { efforts } = target.facts;
  if (efforts?.length === 0) {
    if (!isOff(wish)) dropped.add('reasoning');
    return {};
  }
  if (isOff(wish)) return { reasoning: { effort: 'none' } };
  if (wish.budgetTokens !== null) return { reasoning: { max_tokens: wish.budgetTokens } };
  const effort = effortFor(wish, target.facts);
  if (effort === null) return wish.mode === null ? {} : { reasoning: { enabled: true } };
  return { reasoning: { effort: effort === 'max' ? 'xhigh' : effort } };
}

/** How much to think can be said only to a model that is known to take efforts. */
function asThinking(wish: ReasoningWish, { target, dropped }: Encoding): JsonObject {
  if (isOff(wish)) return { thinking: { type: 'disabled' } };
  const asksForAmount = wish.effort !== null || wish.budgetTokens !== null;
  if (!asksForAmount && wish.mode === null) return {};
  const effort = target.facts.efforts === null ? null : effortFor(wish, target.facts);
  if (asksForAmount && effort === null) dropped.add('reasoning');
  return { thinking: { type: 'enabled' }, ...(effort === null ? {} : { reasoning_effort: effort }) };
}
