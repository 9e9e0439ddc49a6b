/** By pair of protocols and by feature: whether it works. */
export type Verdicts = Map<string, Map<string, boolean>>;

/** Prints client protocol → provider protocol against features. */
export function printMatrix(verdicts: Verdicts): void {
  const features = [...new Set([...verdicts.values()].flatMap((row) => [...row.keys()]))];
  const first = Math.max(...[...verdicts.keys()].map((pair) => pair.length));
  const line = (head: string, cells: readonly string[]) =>
    `${head.padEnd(first)}  ${cells.map((cell, at) => cell.padEnd(features[at]?.length ?? 0)).join('  ')}`;
  const lines = [
    line('', features),
    ...[...verdicts].map(([pair, row]) =>
      line(
        pair,
        features.map((feature) => (row.get(feature) === true ? 'yes' : 'NO')),
      ),
    ),
  ];
  console.log(`\n${lines.join('\n')}\n`);
}
