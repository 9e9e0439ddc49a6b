import { GROUPS } from '../cases.ts';
import type { Results } from '../measures/results.ts';
import type { Side } from '../sides/side.ts';
import { figuresOf, type Measure } from './figures.ts';
import { figure, ratio, table } from './markdown.ts';

type Column = readonly [heading: string, measure: Measure];

const THROUGHPUT: Column = ['/s', 'rate'];
const CPU: Column = ['CPU ms', 'cpu'];
const WHOLE: readonly Column[] = [
  ['added p50 ms', 'addedP50'],
  ['added p99 ms', 'addedP99'],
];
const FIRST_BYTE: Column = ['added first byte ms', 'addedFirstByte'];

const COLUMNS: Readonly<Record<(typeof GROUPS)[number]['script'], readonly Column[]>> = {
  json: [THROUGHPUT, CPU, ...WHOLE],
  fast: [THROUGHPUT, CPU, ...WHOLE, FIRST_BYTE],
  // How many there are a second, and how long each takes, is the provider's pace.
  paced: [CPU, FIRST_BYTE],
};

const CLIENTS = [1, 16, 64] as const;

/** A table for each kind of load: every side with 1, 16 and 64 clients, each figure with its ratio to the bare proxy. */
export function passingTables(results: Results, sides: readonly Side[]): string {
  const measured = GROUPS.filter(({ id }) => results.cases.some(({ case: one }) => one.group === id));
  return measured
    .map(({ id, title, script }) => {
      const columns = COLUMNS[script];
      const headings = ['clients', 'side', ...columns.flatMap(([heading]) => [heading, '×'])];
      const rows = CLIENTS.flatMap((clients) => {
        const figures = figuresOf(results, { group: id, clients });
        const provider = columns.flatMap(([, measure]) => {
          const direct = measure === 'cpu' ? Number.NaN : figures.median('direct', directly(measure));
          return [figure(direct), ''];
        });
        return [
          [String(clients), 'provider alone', ...provider],
          ...sides.map(({ name, label }) => [
            String(clients),
            label,
            ...columns.flatMap(([, measure]) => [
              figure(figures.median(name, measure)),
              ratio(figures.ratio(name, measure).median),
            ]),
          ]),
        ];
      });
      return `### ${title}\n\n${table(headings, rows)}`;
    })
    .join('\n\n');
}

/** The provider adds nothing to itself: its row says what it takes. */
function directly(measure: Measure): Measure {
  if (measure === 'addedP50') return 'p50';
  if (measure === 'addedP99') return 'p99';
  return measure === 'addedFirstByte' ? 'firstByte' : measure;
}
