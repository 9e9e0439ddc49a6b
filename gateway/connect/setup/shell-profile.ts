/** Variables in the profile of the person's shell, between marks. */
import { inShell } from '../format.ts';
import { KEY_PLACEHOLDER } from '../recipe.ts';
import { configHome, inHome, type Machine, pathsOf } from './machine.ts';
import type { Found, SettingsFile } from './tool-setup.ts';

/**
 * @param id names the marks
 * @param variables the key stands as KEY_PLACEHOLDER
 * @returns null on Windows and for shells nobody here knows
 */
export function variablesInProfile(
  machine: Machine,
  found: Pick<Found, 'exists'>,
  id: string,
  variables: Readonly<Record<string, string>>,
): SettingsFile | null {
  const profile = profileOf(machine, found);
  if (profile === null) return null;
  const { path, line } = profile;
  const lines = Object.entries(variables).map(([name, value]) => line(name, inShell(value)));
  return { path, format: `block:${id}`, entries: [{ path: ['lines'], value: lines }] };
}

/** What is left to do for variables, whether they are in a profile or must be set by hand. */
export function stepsForVariables(
  machine: Machine,
  found: Pick<Found, 'exists'>,
  variables: Readonly<Record<string, string>>,
): string[] {
  if (profileOf(machine, found) !== null) return [FROM_NOW_ON];
  const set = Object.entries(variables).map(([name, value]) => `${name} to ${toldAs(value)}`);
  const where =
    machine.system === 'windows' ? 'for your account, such as by setx' : 'where your shell starts';
  return [`Nothing here knows the profile of your shell: set ${set.join(', ')} ${where}.`];
}

function toldAs(value: string): string {
  return value === KEY_PLACEHOLDER ? 'the key' : value;
}

interface Profile {
  path: string;
  line(name: string, value: string): string;
}

const FROM_NOW_ON = 'Programs see the variables in terminals you open from now on.';

function profileOf(machine: Machine, { exists }: Pick<Found, 'exists'>): Profile | null {
  if (machine.system === 'windows') return null;
  const { join, basename } = pathsOf(machine);
  const exported = (name: string, value: string) => `export ${name}=${value}`;
  switch (basename(machine.env.SHELL ?? '')) {
    case 'fish': {
      const set = (name: string, value: string) => `set -gx ${name} ${value}`;
      return { path: join(configHome(machine), 'fish', 'config.fish'), line: set };
    }
    case 'zsh':
      return { path: join(machine.env.ZDOTDIR || machine.home, '.zshrc'), line: exported };
    case 'bash':
      return { path: bashProfile(machine, exists), line: exported };
    case 'sh':
    case 'dash':
      return { path: inHome(machine, '.profile'), line: exported };
    default:
      return null;
  }
}

/** Terminals of macOS start bash as a login shell: it reads the first of these that is there, and no other. */
function bashProfile(machine: Machine, exists: Found['exists']): string {
  if (machine.system !== 'macos') return inHome(machine, '.bashrc');
  const login = ['.bash_profile', '.bash_login', '.profile'].map((name) => inHome(machine, name));
  return login.find(exists) ?? (login[0] as string);
}
