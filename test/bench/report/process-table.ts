import type { Results, SideResult } from '../measures/results.ts';
import { type Spread, spread } from '../measures/statistics.ts';
import type { Side } from '../sides/side.ts';
import { highestResident } from './figures.ts';
import { figure, ratio, table } from './markdown.ts';

const MEGABYTE = 1_000_000;
const SMALL = ['json', 'fast', 'paced'];
const LARGE = ['json-100k', 'json-1m'];

export interface Process {
  /** Milliseconds from the start of the process to its first answer. */
  start: number;
  startRatio: Spread;
  /** Megabytes. */
  idle: number;
  loaded: number;
  largeBodies: number;
}

/** What a side is as a process, beside what it does with requests. */
export function processOf(results: Results, name: Side['name']): Process {
  const { starts, idleBytes } = results.sides.get(name) as SideResult;
  const bare = results.sides.get('bare')?.starts ?? [];
  return {
    start: spread(starts).median,
    startRatio: spread(starts.map((ms, index) => ms / (bare[index] ?? Number.NaN))),
    idle: idleBytes / MEGABYTE,
    loaded: highestResident(results, name, SMALL) / MEGABYTE,
    largeBodies: highestResident(results, name, LARGE) / MEGABYTE,
  };
}

export function processTable(results: Results, sides: readonly Side[]): string {
  const rows = sides.map(({ name, label }) => {
    const { start, startRatio, idle, loaded, largeBodies } = processOf(results, name);
    return [
      label,
      figure(start),
      ratio(startRatio.median),
      figure(idle),
      figure(loaded),
      figure(largeBodies),
    ];
  });
  const headings = [
    'side',
    'start to first answer ms',
    '×',
    'idle MB',
    'under load MB',
    'with large bodies MB',
  ];
  return `### Start and memory\n\n${table(headings, rows)}`;
}
