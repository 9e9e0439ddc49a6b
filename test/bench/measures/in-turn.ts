/** The same in another order in each round: a machine that warms up or slows down favours nobody. */
export function inTurn<T>(items: readonly T[], round: number): T[] {
  const at = Math.floor(round / 2) % Math.max(1, items.length);
  const turned = [...items.slice(at), ...items.slice(0, at)];
  return round % 2 === 0 ? turned : turned.reverse();
}
