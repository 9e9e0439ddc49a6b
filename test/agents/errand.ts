/** The task: three files, the last two of them at once. */
import { join } from 'node:path';

/** One file to write. */
export interface Errand {
  /** Absolute. */
  path: string;
  content: string;
}

/** Without a line end: some tools end the last line, some do not. */
const FILES: Readonly<Record<string, string>> = {
  'hello.txt': 'Grüße, "wörld" 💡\nback\\slash, $HOME and `ticks`',
  'left.txt': "links:\ttab, it's 100 % & <b>",
  'right.txt': 'rechts: {"json": [1, 2.50, null]}',
};

export const PROMPT = [
  'Write these files into the current folder, with exactly these texts:',
  ...Object.entries(FILES).map(([name, content]) => `${name}:\n${content}`),
].join('\n\n');

/** What the model says at the end. */
export const CLOSING = 'All done: the files are in place. Prüfwort Zitronenfalter.';

/** What the model writes in each of its turns. */
export function errandsIn(folder: string): Errand[][] {
  const [first = [], ...rest] = Object.entries(FILES).map(([name, content]) => [
    { path: join(folder, name), content },
  ]);
  return [first, rest.flat()];
}
