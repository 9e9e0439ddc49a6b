import { existsSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { BrokenSettings } from '../connect/editing/settings-format.ts';
import { decoded } from '../connect/editing/text-file.ts';
import { readBytes } from '../connect/setup/disk.ts';
import { type Machine, shownPath } from '../connect/setup/machine.ts';
import { onFile, SetupError } from '../connect/setup/setup-error.ts';
import { tableOf, textIn } from './fields.ts';
import type { Looked } from './finding.ts';
import { gather, type IsOwn } from './gather.ts';
import type { Source, SourceText, View } from './source.ts';

export interface Look {
  machine: Machine;
  /** The file that was chosen, for sources that want one. */
  chosen?: SourceText | undefined;
  /** A text of variables that settings may refer to, chosen with them. */
  variables?: SourceText | undefined;
  isOwn: IsOwn;
}

/** Looks at a source, of which nothing is changed, kept or sent anywhere. */
export function look(source: Source, { machine, chosen, variables, isOwn }: Look): Looked {
  const problems: string[] = [];
  function settingsOf(path: string, file: () => SourceText | null, read: (text: string) => unknown) {
    try {
      return onFile(path, () => {
        const found = file();
        return found && { shown: found.shown, content: tableOf(read(checked(found.text))) };
      });
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      problems.push(error.message.replace(error.path, shownPath(machine, error.path)));
      return null;
    }
  }
  const beside = settingsOf(variables?.shown ?? '', () => variables ?? null, parseEnv)?.content ?? {};
  const view: View = {
    machine,
    variable: (name) => textIn(beside, name) ?? textIn(machine.env, name),
    has: existsSync,
    own: (path, read) => settingsOf(path, () => textAt(machine, path), read),
    chosen: (read) => settingsOf(chosen?.shown ?? '', () => chosen ?? null, read),
  };
  const { claims, left } = source.look(view);
  const gathered = gather(source.id, claims, isOwn);
  return { findings: gathered.findings, left: [...gathered.left, ...left], problems };
}

/**
 * The text of a file. @returns null where there is none
 * @throws SetupError, BrokenSettings
 */
export function textAt(machine: Machine, path: string): SourceText | null {
  const bytes = readBytes(path);
  return bytes && { shown: shownPath(machine, path), text: decoded(bytes).text };
}

/** @throws BrokenSettings for what no editor would call a text */
function checked(text: string): string {
  if (text.includes('\0')) throw new BrokenSettings('is no text');
  return text;
}
