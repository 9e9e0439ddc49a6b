import { estimateInput } from './estimate.ts';

/**
 * What POST /messages/count_tokens tells where the target has no counter of its own: an estimate by the length
 * of the texts, pictures counted by the piece.
 */
export function tokenCountEstimate(body: Record<string, unknown>): number {
  return Math.max(1, estimateInput(body).tokens);
}
