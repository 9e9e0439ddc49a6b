/** How a wish for reasoning is said to a model that takes efforts, thinking budgets, or neither. */
import { EFFORTS, type Effort, type ModelFacts } from '../model-facts.ts';
import type { ReasoningWish } from './request.ts';

/** Anthropic's least budget (https://platform.claude.com/docs/en/build-with-claude/extended-thinking). */
const LEAST_BUDGET = 1_024;

/** Tokens to think with where only an effort is known, and the other way round. */
const BUDGETS: Readonly<Record<Exclude<Effort, 'none'>, number>> = {
  minimal: 1_024,
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 24_576,
  max: 32_768,
};

/** From which budget on an effort is meant; the least first. */
const EFFORT_FROM: readonly (readonly [budget: number, effort: Effort])[] = [
  [10_000, 'high'],
  [5_000, 'medium'],
  [2_000, 'low'],
];

/**
 * The effort to ask a model for.
 * @returns null where nothing is asked for, or the model takes no effort at all
 */
export function effortFor(wish: ReasoningWish | null, facts: ModelFacts): Effort | null {
  if (wish === null) return null;
  const wanted = effortOf(wish) ?? (wantsSome(wish) && facts.efforts?.includes('none') ? SOME_EFFORT : null);
  if (wanted === null) return null;
  return facts.efforts === null ? wanted : nearestEffort(wanted, facts.efforts);
}

/** What is meant by a wish to think that says no more. */
const SOME_EFFORT: Effort = 'medium';

/** Models that know `none` may not think unless they are told to; others think by themselves. */
function wantsSome({ mode }: ReasoningWish): boolean {
  return mode === 'adaptive' || mode === 'enabled';
}

function effortOf({ effort, budgetTokens, mode }: ReasoningWish): Effort | null {
  if (mode === 'disabled') return 'none';
  if (effort !== null || budgetTokens === null) return effort;
  return EFFORT_FROM.find(([from]) => budgetTokens >= from)?.[1] ?? 'minimal';
}

/** The strongest that is not stronger than wanted, else the weakest there is; `none` only where none is wanted. */
function nearestEffort(wanted: Effort, taken: readonly Effort[]): Effort | null {
  const rank = (effort: Effort) => EFFORTS.indexOf(effort);
  const some = wanted === 'none' ? taken : taken.filter((effort) => effort !== 'none');
  const inOrder = [...some].sort((a, b) => rank(a) - rank(b));
  return inOrder.findLast((effort) => rank(effort) <= rank(wanted)) ?? inOrder[0] ?? null;
}

/** Fields of an Anthropic request. Both undefined where nothing is asked for. */
export interface Thinking {
  thinking:
    | { type: 'adaptive'; display?: string }
    | { type: 'enabled'; budget_tokens: number; display?: string }
    | { type: 'disabled' }
    | undefined;
  effort: Effort | undefined;
  /** The wish cannot be met, as the model or its token limit does not allow it. */
  unmet: boolean;
}

const NO_THINKING: Thinking = { thinking: undefined, effort: undefined, unmet: false };
const UNMET: Thinking = { ...NO_THINKING, unmet: true };

/**
 * Says a wish in Anthropic's words, as the model takes them. A budget never raises the caller's limit of
 * tokens: it stays below it, and leaves half of it for the answer.
 * @param maxTokens the request's `max_tokens`
 */
export function thinkingFor(wish: ReasoningWish | null, facts: ModelFacts, maxTokens: number): Thinking {
  if (wish === null) return NO_THINKING;
  const effort = effortOf(wish);
  const takes = (mode: 'adaptive' | 'enabled' | 'disabled') =>
    facts.thinking?.includes(mode) ?? mode !== 'adaptive';
  if (effort === 'none') {
    if (takes('disabled')) return { ...NO_THINKING, thinking: { type: 'disabled' } };
    return facts.thinking?.length === 0 ? NO_THINKING : UNMET;
  }
  const display = displayOf(wish);
  if (takes('adaptive')) {
    const asked = effort === null || facts.efforts === null ? effort : nearestEffort(effort, facts.efforts);
    return { thinking: { type: 'adaptive', ...display }, effort: anthropicEffort(asked), unmet: false };
  }
  if (effort === null && wish.mode === null) return NO_THINKING;
  if (!takes('enabled')) return UNMET;
  const budget = Math.min(wish.budgetTokens ?? BUDGETS[effort ?? 'medium'], Math.floor(maxTokens / 2));
  if (budget < LEAST_BUDGET) return UNMET;
  return { ...NO_THINKING, thinking: { type: 'enabled', budget_tokens: budget, ...display } };
}

/** Anthropic knows no `minimal`. */
function anthropicEffort(effort: Effort | null): Effort | undefined {
  return effort === 'minimal' ? 'low' : (effort ?? undefined);
}

function displayOf({ display, summary }: ReasoningWish): { display?: string } {
  if (display !== null) return { display };
  return summary === null ? {} : { display: 'summarized' };
}
