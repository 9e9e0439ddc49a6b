import { defaultDataDir } from '../data-dir.ts';

/** The npm scripts that lead here; `start` does where there is no window. */
const NPM_SCRIPTS = new Set(['ntl', 'start']);

/**
 * A command to paste, in the way this one was called: through npm, or by name. Names the data folder where it
 * is not the system's usual one: another terminal may not have this one's NTL_DATA_DIR.
 */
export function commandLine(words: string, dataDir: string): string {
  const folder = dataDir === defaultDataDir({}) ? '' : ` --data-dir ${quoted(dataDir)}`;
  return `${commandName()} ${words}${folder}`;
}

/** What people type to get here. */
export function commandName(): string {
  return NPM_SCRIPTS.has(process.env.npm_lifecycle_event ?? '') ? 'npm run -s ntl --' : 'ntl';
}

/** A word for a POSIX shell, or for cmd.exe on Windows. Simple words stay as they are. */
export function quoted(word: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return platform === 'win32' ? `"${word.replaceAll('"', '\\"')}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}
