import { defaultDataDir } from '../data-dir.ts';

/** The npm scripts that lead here; `start` does where there is no window. */
const NPM_SCRIPTS = new Set(['ntl', 'start']);

/**
 * A command to paste, in the way this one was called: through npm, or by name. Names the data folder where
 * it is not the usual one.
 */
export function commandLine(words: string, dataDir: string): string {
  const start = NPM_SCRIPTS.has(process.env.npm_lifecycle_event ?? '') ? 'npm run -s ntl --' : 'ntl';
  const folder = dataDir === defaultDataDir() ? '' : ` --data-dir ${quoted(dataDir)}`;
  return `${start} ${words}${folder}`;
}

/** A word for a POSIX shell, or for cmd.exe on Windows. Simple words stay as they are. */
export function quoted(word: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return platform === 'win32' ? `"${word.replaceAll('"', '\\"')}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}
