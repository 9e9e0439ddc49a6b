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

/** One `name  value` a line, values under each other. */
export function fields(pairs: readonly (readonly [string, string | number | null | undefined])[]): string {
  const width = Math.max(...pairs.map(([name]) => widthOf(name)));
  return pairs.map(([name, value]) => `${pad(name, width)}  ${cell(value)}\n`).join('');
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
