/** Lines of ours in a file that is a program, such as a shell's profile: between two marks. */
import { BrokenSettings, lineEndOf, type SettingsFormat, spliced } from './settings-format.ts';

/** Read as `{ lines }`, which is the one thing to set. @param name of the block: a file may have several */
export function markedBlock(name: string): SettingsFormat {
  const begin = `# >>> NoTokenLimit Desktop, ${name} >>>`;
  const end = `# <<< NoTokenLimit Desktop, ${name} <<<`;

  /** From the first mark to the end of the last. */
  function placeOf(text: string): { start: number; end: number } | undefined {
    const start = text.indexOf(begin);
    if (start < 0) return undefined;
    const last = text.indexOf(end, start);
    if (last < 0) throw new BrokenSettings(`has “${begin}” without its end`);
    return { start, end: last + end.length };
  }

  return {
    read(text) {
      const found = placeOf(text);
      return found && { lines: text.slice(found.start, found.end).split(/\r?\n/).slice(1, -1) };
    },
    set(text, _path, value) {
      const eol = lineEndOf(text);
      const block = [begin, ...(value as string[]), end].join(eol);
      const found = placeOf(text);
      if (found !== undefined) return spliced(text, found.start, found.end, block);
      const gap = text === '' ? '' : text.endsWith('\n') ? eol : `${eol}${eol}`;
      return `${text}${gap}${block}${eol}`;
    },
    /** Also the blank line above it. */
    remove(text) {
      const found = placeOf(text);
      if (found === undefined) return text;
      const eol = lineEndOf(text);
      const from = text.slice(0, found.start).endsWith(`${eol}${eol}`)
        ? found.start - eol.length
        : found.start;
      return spliced(text, from, text.startsWith(eol, found.end) ? found.end + eol.length : found.end, '');
    },
    order: (entries) => [...entries],
  };
}
