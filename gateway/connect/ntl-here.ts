/** How `ntl` is called on this install: lines to paste, and where the command comes from. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defaultDataDir } from '../data-dir.ts';
import { inPowerShell, inShell } from './format.ts';
import type { Block, Place } from './recipe.ts';

/** Where this program's own files lie. */
export interface Install {
  /** Folder of the source, with `ntl` in it; null for an installed app, which brings none. */
  source: string | null;
  dataDir: string;
}

/** More folders than this lie between no file of ours and the package's. */
const DEEPEST = 4;

/** @param from the folder of a file of this program */
export function sourceFolder(from = import.meta.dirname): string | null {
  let folder = from;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    if (existsSync(join(folder, 'package.json')))
      return existsSync(join(folder, 'gateway', 'cli', 'ntl.js')) ? folder : null;
    folder = dirname(folder);
  }
  return null;
}

export interface OneCommand {
  blocks: Block[];
  /** Where the command comes from. */
  note: string;
}

/** What `ntl run` can start: the tool itself, any program that reads its variables, or nothing. */
type Runs = 'tool' | 'program' | null;

export function oneCommand(install: Install, place: Place, tool: string, runs: Runs): OneCommand {
  const models = ['--model', place.model];
  const small = place.smallModel === place.model ? [] : ['--small-model', place.smallModel];
  const block = (title: string, words: readonly string[], rest = ''): Block => ({
    ...{ title, text: line(install, place, [...words, ...models, ...small]) + rest },
    language: place.system === 'windows' ? 'powershell' : 'shell',
  });
  return {
    blocks: [
      block('Write its settings, with a key of its own', ['connect', tool]),
      ...(runs === 'tool' ? [block('Start it once, with nothing written', ['run', tool])] : []),
      ...(runs === 'program'
        ? [block('Start a program once, with nothing written', ['run', tool], ' -- python app.py')]
        : []),
    ],
    note: noteOf(install, runs),
  };
}

/** Works from any folder where the source's is known: npm is told it, and `ntl run` starts the tool where one stands. */
function line({ source, dataDir }: Install, { system }: Place, words: readonly string[]): string {
  const quoted = system === 'windows' ? asPowerShellWord : inShell;
  const folder = source === null ? [] : ['--prefix', quoted(source)];
  const data = dataDir === defaultDataDir({}) ? [] : ['--data-dir', quoted(dataDir)];
  return ['npm', ...folder, 'run', '-s', 'ntl', '--', ...words.map(quoted), ...data].join(' ');
}

function asPowerShellWord(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : inPowerShell(word);
}

function noteOf({ source }: Install, runs: Runs): string {
  const from =
    source === null
      ? 'The installed app brings no ntl: it comes with the source. Get that, run npm ci in its folder, and these lines there. They speak to this gateway.'
      : 'ntl comes with the source that this gateway was started from; the lines work in any folder.';
  return runs === 'tool' ? `${from} Write what is for the tool itself behind it, after --.` : from;
}
