/** Texts that no value can break out of: model ids may hold quotes, dollars and backticks. */
import type { Block, Place, System } from './recipe.ts';

export function jsonFile(title: string, value: unknown): Block {
  return { title, text: JSON.stringify(value, null, 2), language: 'json' };
}

export function tomlFile(title: string, lines: readonly string[]): Block {
  return { title, text: lines.join('\n'), language: 'toml' };
}

export function yamlFile(title: string, lines: readonly string[]): Block {
  return { title, text: lines.join('\n'), language: 'yaml' };
}

/** A value for a form. */
export function field(title: string, text: string): Block {
  return { title, text, language: 'field' };
}

/** A string of TOML and of YAML: both take JSON's (https://toml.io/en/v1.0.0#string, https://yaml.org/spec/1.2.2/#731-double-quoted-style). */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** A file below the user's own folder, as the system writes it. */
export function inHome({ system }: Place, ...path: string[]): string {
  return system === 'windows' ? `%USERPROFILE%\\${path.join('\\')}` : `~/${path.join('/')}`;
}

/** A file of VS Code's user settings (https://code.visualstudio.com/docs/configure/settings, "settings file locations"). */
export function inVsCode({ system }: Place, file: string): string {
  const folders: Record<System, string> = {
    linux: '~/.config/Code/User/',
    macos: '~/Library/Application Support/Code/User/',
    windows: '%APPDATA%\\Code\\User\\',
  };
  return folders[system] + file;
}

/** Sets variables in this terminal, then runs a command in it. */
export function terminal(
  place: Place,
  title: string,
  variables: Readonly<Record<string, string>>,
  ...command: string[]
): Block {
  const set = Object.entries(variables).map(([name, value]) =>
    place.system === 'windows' ? `$env:${name} = ${inPowerShell(value)}` : `export ${name}=${inShell(value)}`,
  );
  const run = command.length === 0 ? [] : [commandLine(place, command)];
  return {
    title,
    text: [...set, ...run].join('\n'),
    language: place.system === 'windows' ? 'powershell' : 'shell',
  };
}

function commandLine({ system }: Place, words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : inQuotes(system, word))).join(' ');
}

function inQuotes(system: System, text: string): string {
  return system === 'windows' ? inPowerShell(text) : inShell(text);
}

/** Neither shell finds anything to act on in these; a `~` would be the user's folder. */
const PLAIN = /^[\w./:=-]+$/;

/** POSIX 2.2.2: nothing but a single quote ends single quotes. */
export function inShell(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** about_Quoting_Rules: within single quotes, two of them are one. */
export function inPowerShell(text: string): string {
  return `'${text.replaceAll(/['‘’‚‛]/g, '$&$&')}'`;
}
