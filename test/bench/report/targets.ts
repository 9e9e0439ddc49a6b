import type { Results } from '../measures/results.ts';
import type { Spread } from '../measures/statistics.ts';
import type { Side, SideName } from '../sides/side.ts';
import { figuresOf, type Measure } from './figures.ts';
import { ratio, table } from './markdown.ts';
import { processOf } from './process-table.ts';

interface Target {
  measure: string;
  /** The figure of a side: a ratio to the bare proxy unless the measure says otherwise. */
  of(results: Results, side: SideName): Spread;
  /** Whether more is better. */
  more: boolean;
  aim: number;
  mustHold: number;
}

const least = (measure: string, aim: number, mustHold: number, of: Target['of']): Target => ({
  measure,
  of,
  more: false,
  aim,
  mustHold,
});
const most = (measure: string, aim: number, mustHold: number, of: Target['of']): Target => ({
  measure,
  of,
  more: true,
  aim,
  mustHold,
});

const inCase =
  (group: 'json' | 'fast' | 'paced', clients: number, measure: Measure): Target['of'] =>
  (results, side) =>
    figuresOf(results, { group, clients }).ratio(side, measure);

/** What the gateway may cost, as ratios to the bare proxy in the same run. */
const TARGETS: readonly Target[] = [
  least('added p50, 1 client', 2, 2.6, inCase('json', 1, 'addedP50')),
  most('requests/s, 16 clients', 0.52, 0.42, inCase('json', 16, 'rate')),
  most('requests/s, 64 clients', 0.65, 0.42, inCase('json', 64, 'rate')),
  least('CPU per request, 16 clients', 1.9, 2.4, inCase('json', 16, 'cpu')),
  least('p99, 16 clients', 2.5, 4, inCase('json', 16, 'p99')),
  least('added time to first byte, paced streams, 16 clients', 1.3, 2, inCase('paced', 16, 'addedFirstByte')),
  most('streams/s, 16 clients', 0.8, 0.7, inCase('fast', 16, 'rate')),
  most('streams/s, 64 clients', 0.8, 0.7, inCase('fast', 64, 'rate')),
  least('memory idle, MB', 100, 120, (results, side) => exactly(processOf(results, side).idle)),
  least('memory under load, MB', 140, 220, (results, side) => exactly(processOf(results, side).loaded)),
  least('start to first answer', 2, 3, (results, side) => processOf(results, side).startRatio),
  least('1 MiB body, added p50 by one JSON.parse of it', 1, 2, (results, side) =>
    figuresOf(results, { group: 'json-1m', clients: 1 }).parses(side),
  ),
];

function exactly(value: number): Spread {
  return { median: value, low: value, high: value };
}

/** Those that are gateways too, and so must stay behind. */
const RIVALS: readonly SideName[] = ['portkey', 'ccr'];

/** The summary: each target, what the gateway reached, and where the others are. */
export function targetTable(results: Results, sides: readonly Side[]): string | null {
  if (!sides.some(({ name }) => name === 'ntl')) return null;
  const others = sides.filter(({ name }) => name !== 'bare' && name !== 'ntl');
  const rows = TARGETS.flatMap((target) => {
    const reached = target.of(results, 'ntl');
    // Not all loads were asked for.
    if (!Number.isFinite(reached.median)) return [];
    const compare = target.more ? '≥' : '≤';
    const limit = (value: number): string => `${compare} ${value}`;
    const beside = others.map(({ name }) => ({ name, value: target.of(results, name).median }));
    const row = [
      target.measure,
      ratio(reached.median),
      reached.low === reached.high ? '' : `${ratio(reached.low)} to ${ratio(reached.high)}`,
      limit(target.aim),
      limit(target.mustHold),
      verdict(target, reached.median),
      ...beside.map(({ value }) => ratio(value)),
      standing(target, reached.median, beside),
    ];
    return [row];
  });
  const headings = [
    'measure',
    'NoTokenLimit',
    'middle half of the rounds',
    'aim',
    'must hold',
    'met',
    ...others.map(({ label }) => label),
    'ahead of every other gateway',
  ];
  return table(headings, rows);
}

function verdict(target: Target, value: number): string {
  if (within(target, value, target.aim)) return 'aim';
  return within(target, value, target.mustHold) ? 'must hold' : 'NO';
}

function within({ more }: Target, value: number, limit: number): boolean {
  return more ? value >= limit : value <= limit;
}

function standing(
  target: Target,
  value: number,
  beside: readonly { name: SideName; value: number }[],
): string {
  const rivals = beside.filter((other) => RIVALS.includes(other.name) && Number.isFinite(other.value));
  if (rivals.length === 0) return '–';
  return rivals.every((other) => within(target, value, other.value)) ? 'yes' : 'NO';
}
