import type { Results } from '../measures/results.ts';
import type { Options } from '../options.ts';
import type { Side } from '../sides/side.ts';
import { figuresOf } from './figures.ts';
import { figure } from './markdown.ts';
import { passingTables } from './passing-tables.ts';
import { processTable } from './process-table.ts';
import { targetTable } from './targets.ts';
import { translatedTable } from './translated-table.ts';

/**
 * @param circumstances sentences on the machine, and on who was left out
 * @returns Markdown: the targets with what they rest on, and all tables
 */
export function report(
  results: Results,
  sides: readonly Side[],
  options: Options,
  circumstances: readonly string[],
): { summary: string; tables: string } {
  const { rounds, ms, starts } = options;
  const parse = figure(figuresOf(results, { group: 'json-1m', clients: 1 }).parse);
  const parsed = parse === '–' ? '' : ` One JSON.parse of the 1 MiB body took ${parse} ms.`;
  const run = `${rounds} rounds of ${ms} ms for each load, ${starts} starts.${parsed}`;
  const summary = ['### Targets', `${[...circumstances, run].join('\n')}`, targetTable(results, sides)];
  const tables = [
    '### What ran',
    sides.map(({ label, note }) => `- **${label}**: ${note}`).join('\n'),
    processTable(results, sides),
    passingTables(results, sides),
    translatedTable(results, sides),
  ];
  return { summary: whole(summary), tables: whole(tables) };
}

function whole(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join('\n\n');
}
