/** Lines of ours in a file that is a program, such as a shell's profile: between two marks. */
import { lineEndOf, spliced } from './settings-format.ts';

const BEGIN = '# >>> NoTokenLimit Desktop >>>';
const END = '# <<< NoTokenLimit Desktop <<<';

/** At the end, or in place of what stands between the marks. */
export function withBlock(text: string, lines: readonly string[]): string {
  const eol = lineEndOf(text);
  const block = [BEGIN, ...lines, END].join(eol);
  const found = placeOf(text);
  if (found !== undefined) return spliced(text, found.start, found.end, block);
  const gap = text === '' ? '' : text.endsWith('\n') ? eol : `${eol}${eol}`;
  return `${text}${gap}${block}${eol}`;
}

/** The lines between the marks, without the marks; undefined where there are none. */
export function blockIn(text: string): string[] | undefined {
  const found = placeOf(text);
  return found && text.slice(found.start, found.end).split(/\r?\n/).slice(1, -1);
}

/** Also without the blank line above it. */
export function withoutBlock(text: string): string {
  const found = placeOf(text);
  if (found === undefined) return text;
  const { start, end } = found;
  const eol = lineEndOf(text);
  const from = text.slice(0, start).endsWith(`${eol}${eol}`) ? start - eol.length : start;
  return spliced(text, from, text.startsWith(eol, end) ? end + eol.length : end, '');
}

/** Of the block, from its first mark to the end of its last. */
function placeOf(text: string): { start: number; end: number } | undefined {
  const start = text.indexOf(BEGIN);
  const last = start < 0 ? -1 : text.indexOf(END, start);
  return last < 0 ? undefined : { start, end: last + END.length };
}
