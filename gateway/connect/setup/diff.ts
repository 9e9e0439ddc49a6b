/** What a change does to a file, for people: lines with some around them, and no secret in full. */

export interface DiffLine {
  /** Of a gap: lines between that stay as they are are left out. */
  kind: 'same' | 'added' | 'removed' | 'gap';
  text: string;
}

export interface Diff {
  lines: DiffLine[];
  added: number;
  removed: number;
}

const AROUND = 3;
/** More lines than this between the first and the last change are told as taken out and put in. */
const MOST_COMPARED = 1_500;

export function diffOf(before: string, after: string): Diff {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1;
  let end = 0;
  const most = Math.min(old.length, fresh.length) - start;
  while (end < most && old.at(-1 - end) === fresh.at(-1 - end)) end += 1;
  const changed = compared(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end));
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: 'same', text }));
  const all = [...same(old.slice(0, start)), ...changed, ...same(old.slice(old.length - end))];
  return {
    lines: shortened(all).map(({ kind, text }) => ({ kind, text: masked(text) })),
    added: changed.filter(({ kind }) => kind === 'added').length,
    removed: changed.filter(({ kind }) => kind === 'removed').length,
  };
}

function linesOf(text: string): string[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** By the longest common subsequence. */
function compared(old: readonly string[], fresh: readonly string[]): DiffLine[] {
  if (old.length > MOST_COMPARED || fresh.length > MOST_COMPARED || old.length * fresh.length === 0)
    return [...as('removed', old), ...as('added', fresh)];
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint16Array(fresh.length + 1));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const row = lengths[i] as Uint16Array;
    for (let j = fresh.length - 1; j >= 0; j -= 1)
      row[j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      lines.push({ kind: 'same', text: old[i] as string });
      i += 1;
      j += 1;
    } else if (j >= fresh.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: 'removed', text: old[i] as string });
      i += 1;
    } else {
      lines.push({ kind: 'added', text: fresh[j] as string });
      j += 1;
    }
  }
  return lines;
}

function as(kind: DiffLine['kind'], lines: readonly string[]): DiffLine[] {
  return lines.map((text) => ({ kind, text }));
}

/** Some lines around each change, and where others are left out, a gap. */
function shortened(lines: readonly DiffLine[]): DiffLine[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ kind }) => kind !== 'same'),
  );
  return lines.flatMap((line, at): DiffLine[] => {
    if (near[at]) return [line];
    return at === 0 || near[at - 1] ? [{ kind: 'gap', text: '' }] : [];
  });
}

/** The value of a name that says it is secret, with the quote before it. */
const NAMED =
  /((?:key|token|secret|password|passwd|credential|authorization)[\w-]{0,40}["']?[ \t]{0,20}[:=][ \t]{0,20}["']?(?:Bearer )?)([^"',;}\]]{5,})/gi;
/** What looks like a key wherever it stands. */
const SHAPED = /\b(ntl_live_|sk-|pk-|gh[a-z]_|xox[a-z]-|AIza|eyJ|gsk_|r8_|hf_)[\w.-]{8,}/g;

/** Values that say nothing of a secret: numbers, words of settings, addresses, names of variables of ours. */
const PLAIN = /^(\d{1,12}$|(true|false|null|ntl\b|NTL_KEY|\$\{\{|https?:))/i;

/** Of secrets, the first letters. */
export function masked(line: string): string {
  return line
    .replaceAll(SHAPED, (_, begin: string) => `${begin}…`)
    .replaceAll(NAMED, (whole, name: string, value: string) =>
      value.includes('…') || PLAIN.test(value) ? whole : `${name}${value.slice(0, 2)}…`,
    );
}
