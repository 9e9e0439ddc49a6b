/** Files of `NAME=value` lines, as dotenv and its likes read them. Values of ours need no quoting. */
import { BrokenSettings, lineEndOf, type SettingsFormat, spliced } from './settings-format.ts';
import type { Path } from './values.ts';

export const dotenv: SettingsFormat = {
  read(text) {
    return Object.fromEntries(linesOf(text).map(({ name, value }) => [name, value]));
  },
  set(text, path, value) {
    const name = nameOf(path);
    if (typeof value !== 'string' || !/^[\w./:-]+$/.test(value))
      throw new BrokenSettings('takes plain texts only');
    const known = linesOf(text).findLast((line) => line.name === name);
    if (known !== undefined) return spliced(text, known.valueStart, known.valueEnd, value);
    const eol = lineEndOf(text);
    return `${text}${text === '' || text.endsWith('\n') ? '' : eol}${name}=${value}${eol}`;
  },
  remove(text, path) {
    const name = nameOf(path);
    const known = linesOf(text).findLast((line) => line.name === name);
    return known === undefined ? text : spliced(text, known.start, known.end, '');
  },
  order: (entries) => [...entries],
};

interface Line {
  name: string;
  value: string;
  start: number;
  end: number;
  valueStart: number;
  valueEnd: number;
}

function linesOf(text: string): Line[] {
  const found: Line[] = [];
  for (const { 0: whole, index } of text.matchAll(/[^\n]*(?:\n|$)/g)) {
    const [, head = '', name, rest = ''] =
      /^(\s*(?:export\s+)?([A-Za-z_]\w*)\s*=[ \t]*)(.*)/.exec(whole) ?? [];
    if (name === undefined) continue;
    const raw = rest.trimEnd();
    const valueStart = index + head.length;
    const place = { start: index, end: index + whole.length, valueStart, valueEnd: valueStart + raw.length };
    found.push({ name, value: /^(["'])(.*)\1$/.exec(raw)?.[2] ?? raw, ...place });
  }
  return found;
}

function nameOf([name]: Path): string {
  if (typeof name !== 'string') throw new BrokenSettings('takes names only');
  return name;
}
