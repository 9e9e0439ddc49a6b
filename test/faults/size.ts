/**
 * How much the suite tries: as much as every `npm test` can afford, or with NTL_FAULTS=full (`npm run test:faults`)
 * as much as shows what is rare.
 */
const isFull = process.env.NTL_FAULTS === 'full';

/** @returns the number for this run */
export function sized(usual: number, full: number): number {
  return isFull ? full : usual;
}
