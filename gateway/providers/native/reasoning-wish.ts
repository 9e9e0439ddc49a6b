import type { ReasoningWish } from '../../protocols/canonical/request.ts';

/** Whether a caller wants the model to think, more or less. */
export function asksToThink(wish: ReasoningWish | null): boolean {
  if (wish === null || isUnwanted(wish)) return false;
  return wish.effort !== null || wish.budgetTokens !== null || wish.mode !== null;
}

/** Whether a caller wants no thinking at all. */
export function isUnwanted({ effort, mode }: ReasoningWish): boolean {
  return mode === 'disabled' || effort === 'none';
}
