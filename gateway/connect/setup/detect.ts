/** Looks for tools on this computer. Nothing is started: what a program is, its own files tell. */
import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { inHome, type Machine, pathsOf, type VsCode, vsCodes } from './machine.ts';
import type { Found, FoundExtension, Marks } from './tool-setup.ts';

/** @param marks of the tool */
export function detect(machine: Machine, marks: Marks): Found {
  const command = programOf(machine, marks.commands);
  return {
    command,
    version: command === null ? null : versionOf(command),
    extensions: extensionsOf(machine, marks.extensions ?? []),
    editors: vsCodes(machine).filter(({ user }) => existsSync(user)),
    exists: existsSync,
  };
}

function programOf(machine: Machine, names: readonly string[]): string | null {
  const { join: joined } = pathsOf(machine);
  const endings = machine.system === 'windows' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of programFolders(machine)) {
    for (const name of names) {
      const found = endings.map((ending) => joined(folder, name + ending)).find(isProgram);
      if (found !== undefined) return found;
    }
  }
  return null;
}

/** An app that was not started from a terminal has a short PATH: the places that installers use are added. */
function programFolders(machine: Machine): string[] {
  const { delimiter, isAbsolute } = pathsOf(machine);
  const told = (machine.env.PATH ?? machine.env.Path ?? '').split(delimiter).filter(isAbsolute);
  const usual =
    machine.system === 'windows'
      ? [inHome(machine, 'AppData', 'Roaming', 'npm'), inHome(machine, '.local', 'bin')]
      : [
          ...['.local/bin', '.npm-global/bin', '.bun/bin', '.opencode/bin', '.volta/bin'].map((path) =>
            inHome(machine, path),
          ),
          ...['/opt/homebrew/bin', '/usr/local/bin'],
        ];
  return [...new Set([...told, ...usual])];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

const DEEPEST = 6;

/** From the package a program of npm belongs to, or from its path, as `…/versions/2.1.329`. */
function versionOf(command: string): string | null {
  let path: string;
  try {
    path = realpathSync(command);
  } catch {
    return null;
  }
  const told = /[/\\]versions[/\\]v?(\d[\w.-]*)/.exec(path)?.[1];
  if (told !== undefined) return told;
  for (let folder = dirname(path), depth = 0; depth < DEEPEST && folder !== dirname(folder); depth += 1) {
    if (!/[/\\]node_modules[/\\]/.test(folder)) return null;
    const version = packageVersion(join(folder, 'package.json'));
    if (version !== null) return version;
    folder = dirname(folder);
  }
  return null;
}

function packageVersion(path: string): string | null {
  try {
    const { version } = JSON.parse(readFileSync(path, 'utf8'));
    return typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
}

function extensionsOf(machine: Machine, wanted: readonly string[]): FoundExtension[] {
  if (wanted.length === 0) return [];
  return vsCodes(machine).flatMap((editor) => {
    const names = namesIn(editor.extensions);
    return wanted.flatMap((id) => extensionIn(names, id, editor));
  });
}

/** Folders are called `publisher.name-version`, and with a system after it where there are several. */
function extensionIn(names: readonly string[], id: string, editor: VsCode): FoundExtension[] {
  const folders = names.filter((name) => name.toLowerCase().startsWith(`${id}-`));
  const found = folders.sort((one, other) => one.localeCompare(other, 'en', { numeric: true })).at(-1);
  if (found === undefined) return [];
  return [{ id, version: /^\d[\d.]*/.exec(found.slice(id.length + 1))?.[0] ?? null, editor }];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
