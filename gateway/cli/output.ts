/** A column of a table for people. Numbers stand on the right. */
export interface Column<Row> {
  title: string;
  of: (row: Row) => string | number | null | undefined;
  right?: boolean;
}

/** What stands where there is nothing. */
export const NOTHING = '–';

/** Rows under their titles, as wide as their widest cell; `empty` where there are none. Ends with a line break. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], empty: string): string {
  if (rows.length === 0) return `${empty}\n`;
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((column) => cell(column.of(row)))),
  ];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => widthOf(line[at] ?? ''))));
  return cells.map((line) => `${aligned(line, widths, columns).trimEnd()}\n`).join('');
}

/** One `name  value` a line, values under each other. A value longer than `columns` goes on below itself. */
export function fields(
  pairs: readonly (readonly [string, string | number | null | undefined])[],
  columns = screenColumns(),
): string {
  const width = Math.max(...pairs.map(([name]) => widthOf(name)));
  const under = ' '.repeat(width + 2);
  return pairs
    .map(([name, value]) => {
      const [first, ...others] = wrapped(cell(value), columns - under.length);
      return `${[`${pad(name, width)}  ${first}`, ...others.map((line) => under + line)].join('\n')}\n`;
    })
    .join('');
}

/** Columns of the terminal; no bound where the text goes to a file or a program. */
export function screenColumns(): number {
  return process.stdout.columns ?? Number.POSITIVE_INFINITY;
}

/** Lines of at most `columns`, broken between words. A longer word stays whole: it may be an address to copy. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || widthOf(longer) <= columns) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** Told below a list that does not hold all there is; '' where it does. */
export function restText(
  shown: number,
  { total, capped }: { total: number; capped?: true | undefined },
): string {
  if (shown >= total) return '';
  return `The newest ${shown} of ${capped ? 'more than ' : ''}${total.toLocaleString('en-US')}; --limit shows more.\n`;
}

/** Names and models come from other people: what could steer a terminal is taken out. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}

function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined || value === '') return NOTHING;
  return plain(String(value));
}

function aligned<Row>(
  line: readonly string[],
  widths: readonly number[],
  columns: readonly Column<Row>[],
): string {
  return line.map((text, at) => pad(text, widths[at] ?? 0, columns[at]?.right)).join('  ');
}

function pad(text: string, width: number, right = false): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? space + text : text + space;
}

/** Columns on a terminal; East Asian wide characters and emoji take two (Unicode UAX 11, roughly). */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text.normalize('NFC')) {
    if (/\p{Mn}/u.test(character)) continue;
    width +=
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
