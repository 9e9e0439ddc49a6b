export interface Random {
  readonly seed: number;
  /** A whole number from 0 up to and without `limit`. */
  below(limit: number): number;
  pick<T>(from: readonly T[]): T;
}

/** The same numbers for the same seed (xorshift32, Marsaglia 2003); NTL_FAULT_SEED sets another. */
export function seededRandom(usualSeed: number): Random {
  const seed = Number(process.env.NTL_FAULT_SEED ?? usualSeed);
  let state = seed | 0 || 1;
  const below = (limit: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  return { seed, below, pick: (from) => from[below(from.length)] as never };
}
