import { loadavg } from 'node:os';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** How busy the machine is, as every figure must tell. */
export function load(): string {
  return `load ${(loadavg()[0] ?? 0).toFixed(1)}`;
}

const lines: { what: string; target: string; result: string; good: boolean | null }[] = [];

/** Notes one figure for the table. @param good null where there is no target */
export function note(what: string, target: string, result: string, good: boolean | null): void {
  lines.push({ what, target, result: `${result} (${load()})`, good });
  console.log(`${good === false ? 'MISSED ' : ''}${what}: ${result} [${target}] ${load()}`);
}

/** The table of all figures, as Markdown. */
export function table(): string {
  const rows = lines.map(
    ({ what, target, result, good }) =>
      `| ${what} | ${target} | ${result} | ${good === null ? '' : good ? 'held' : '**missed**'} |`,
  );
  return ['| measure | target | result | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
