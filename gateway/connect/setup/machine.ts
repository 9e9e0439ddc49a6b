import { homedir, userInfo } from 'node:os';
import { posix, win32 } from 'node:path';
import type { System } from '../recipe.ts';

/** Whose folders and variables count. */
export interface Machine {
  system: System;
  home: string;
  env: Readonly<Record<string, string | undefined>>;
}

export function thisMachine(): Machine {
  // An app that no terminal started may not be told the shell.
  const env = { SHELL: userInfo().shell ?? undefined, ...process.env };
  return { system: systemOf(process.platform), home: homedir(), env };
}

export function systemOf(platform: NodeJS.Platform): System {
  if (platform === 'win32') return 'windows';
  return platform === 'darwin' ? 'macos' : 'linux';
}

export function pathsOf({ system }: Pick<Machine, 'system'>): typeof posix {
  return system === 'windows' ? win32 : posix;
}

export function inHome(machine: Machine, ...path: string[]): string {
  return pathsOf(machine).join(machine.home, ...path);
}

/** A folder that a variable may name in place of the usual one. An empty or relative value counts for nothing. */
export function folderOf(machine: Machine, variable: string, usual: string): string {
  const told = machine.env[variable];
  return told && pathsOf(machine).isAbsolute(told) ? told : usual;
}

/** https://specifications.freedesktop.org/basedir-spec: tools made for Unix keep to it on every system. */
export function configHome(machine: Machine): string {
  return folderOf(machine, 'XDG_CONFIG_HOME', inHome(machine, '.config'));
}

export function dataHome(machine: Machine): string {
  return folderOf(machine, 'XDG_DATA_HOME', inHome(machine, '.local', 'share'));
}

/** %APPDATA% */
export function roaming(machine: Machine): string {
  return folderOf(machine, 'APPDATA', inHome(machine, 'AppData', 'Roaming'));
}

/** One of the editors that grew from VS Code's source and take its extensions. */
export interface VsCode {
  name: string;
  /** The folder of the person's settings. */
  user: string;
  /** Where extensions are installed. */
  extensions: string;
}

const VS_CODES = [
  { name: 'VS Code', product: 'Code', dotted: '.vscode' },
  { name: 'VS Code Insiders', product: 'Code - Insiders', dotted: '.vscode-insiders' },
  { name: 'VSCodium', product: 'VSCodium', dotted: '.vscode-oss' },
] as const;

/**
 * https://code.visualstudio.com/docs/configure/settings ("settings file locations"),
 * /docs/configure/extensions/extension-marketplace ("where are extensions installed"), /docs/editor/portable;
 * VSCODE_APPDATA and VSCODE_EXTENSIONS are read in its src/vs/platform/environment/node.
 */
export function vsCodes(machine: Machine): VsCode[] {
  const { join } = pathsOf(machine);
  const portable = folderOf(machine, 'VSCODE_PORTABLE', '');
  if (portable !== '') {
    const [user, extensions] = [join(portable, 'user-data', 'User'), join(portable, 'extensions')];
    return [{ name: VS_CODES[0].name, user, extensions }];
  }
  return VS_CODES.map(({ name, product, dotted }) => ({
    name,
    user: join(appData(machine), product, 'User'),
    extensions: folderOf(machine, 'VSCODE_EXTENSIONS', inHome(machine, dotted, 'extensions')),
  }));
}

function appData(machine: Machine): string {
  const usual: Record<System, string> = {
    linux: configHome(machine),
    macos: inHome(machine, 'Library', 'Application Support'),
    windows: roaming(machine),
  };
  return folderOf(machine, 'VSCODE_APPDATA', usual[machine.system]);
}

/** As people write it: `~` for their own folder. */
export function shownPath({ home, system }: Machine, path: string): string {
  if (!path.startsWith(home) || !/^[\\/]/.test(path.slice(home.length))) return path;
  return system === 'windows' ? `%USERPROFILE%${path.slice(home.length)}` : `~${path.slice(home.length)}`;
}
