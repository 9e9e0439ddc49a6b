import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PATH = join(import.meta.dirname, '../../../docs/performance.md');
const BEGIN = '<!-- Written by `npm run bench`: from here -->';
const END = '<!-- to here -->';

/**
 * Puts the text between the two marks of docs/performance.md and leaves all else as it is.
 * @throws Error where the marks are not there
 */
export function writeDocument(text: string): void {
  const page = readFileSync(PATH, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin)
    throw new Error(`${PATH} has no place for the tables: no "${BEGIN}" before "${END}".`);
  writeFileSync(PATH, `${page.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${page.slice(end)}`);
}
