/** A month of a plan, as it is sold: as long as the gateway's month window. */
export const MONTH_MS = 30 * 86_400_000;

/** A span of time a member has paid a plan for. */
export interface Term {
  planId: string;
  /** Wall-clock ms. */
  startsAt: number;
  /** Not included. */
  endsAt: number;
}

/**
 * Adds paid time for a plan. What is left of other plans is not lost: the dearest plan runs first, the others
 * follow with the time they have left.
 * @param terms of one member
 * @param added how much; below 0 takes away
 * @param priceOf a plan's price, for the order
 * @returns the terms from now on, one a plan, without gaps
 */
export function withPaidTime(
  terms: readonly Term[],
  planId: string,
  added: number,
  now: number,
  priceOf: (planId: string) => number,
): Term[] {
  const left = new Map<string, number>();
  for (const term of terms) left.set(term.planId, Math.max(0, term.endsAt - Math.max(now, term.startsAt)));
  left.set(planId, (left.get(planId) ?? 0) + added);
  let startsAt = now;
  return [...left]
    .filter(([, ms]) => ms > 0)
    .sort(([a], [b]) => priceOf(b) - priceOf(a))
    .map(([id, ms]) => {
      const term = { planId: id, startsAt, endsAt: startsAt + ms };
      startsAt = term.endsAt;
      return term;
    });
}

/** The plan that is paid for now; undefined where none is. */
export function termAt(terms: readonly Term[], now: number): Term | undefined {
  return terms.find(({ startsAt, endsAt }) => startsAt <= now && now < endsAt);
}
