import { PATHS, translatedId } from '../cases.ts';
import type { Results } from '../measures/results.ts';
import type { Side } from '../sides/side.ts';
import { figuresOf, type Measure } from './figures.ts';
import { figure, ratio, table } from './markdown.ts';

const COLUMNS = [
  ['/s', 'rate'],
  ['CPU ms', 'cpu'],
  ['added p50 ms', 'addedP50'],
  ['added p99 ms', 'addedP99'],
] as const satisfies [string, Measure][];

const LOADS = [
  { title: 'JSON, 1 client', script: 'json', clients: 1 },
  { title: 'JSON, 16 clients', script: 'json', clients: 16 },
  { title: 'fast streams, 16 clients', script: 'fast', clients: 16 },
] as const;

/** What it costs when the provider speaks another protocol: figures, and ratios to the gateway's own pass-through. */
export function translatedTable(results: Results, sides: readonly Side[]): string | null {
  if (!sides.some(({ name }) => name === 'ntl')) return null;
  if (!results.cases.some(({ case: one }) => one.group === 'translated')) return null;
  const headings = ['load', 'client → provider', 'side', ...COLUMNS.flatMap(([heading]) => [heading, '×'])];
  const rows = LOADS.flatMap(({ title, script, clients }) => {
    const figures = figuresOf(results, { group: 'translated', script, clients });
    return PATHS.flatMap(([protocol, provider]) =>
      sides.flatMap(({ name, label }) => {
        const id = translatedId(name, { protocol, provider });
        if (Number.isNaN(figures.median(id, 'rate'))) return [];
        const pass = translatedId('ntl', { protocol, provider: protocol });
        const cells = COLUMNS.flatMap(([, measure]) => [
          figure(figures.median(id, measure)),
          id === pass ? '' : ratio(figures.ratio(id, measure, pass).median),
        ]);
        return [[title, `${protocol} → ${provider}`, label, ...cells]];
      }),
    );
  });
  return `### Translated, bodies of 1 KB\n\n${table(headings, rows)}`;
}
