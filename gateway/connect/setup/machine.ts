import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import type { System } from '../recipe.ts';

/** Whose folders and variables count. */
export interface Machine {
  system: System;
  home: string;
  env: Readonly<Record<string, string | undefined>>;
}

export function thisMachine(): Machine {
  return { system: systemOf(process.platform), home: homedir(), env: process.env };
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

/** https://code.visualstudio.com/docs/configure/settings, "settings file locations" */
export function vsCodeUser(machine: Machine): string {
  const { join } = pathsOf(machine);
  if (machine.system === 'windows') return join(roaming(machine), 'Code', 'User');
  if (machine.system === 'macos') return inHome(machine, 'Library', 'Application Support', 'Code', 'User');
  return join(configHome(machine), 'Code', 'User');
}

/** https://code.visualstudio.com/docs/configure/extensions/extension-marketplace, "where are extensions installed" */
export function vsCodeExtensions(machine: Machine): string {
  return inHome(machine, '.vscode', 'extensions');
}

/** As people write it: `~` for their own folder. */
export function shownPath({ home, system }: Machine, path: string): string {
  if (!path.startsWith(home) || !/^[\\/]/.test(path.slice(home.length))) return path;
  return system === 'windows' ? `%USERPROFILE%${path.slice(home.length)}` : `~${path.slice(home.length)}`;
}
