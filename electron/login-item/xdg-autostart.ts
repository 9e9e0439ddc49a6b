import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { LoginItem } from '../login-item.ts';

/**
 * The file by which desktops on Linux start an app at login
 * (https://specifications.freedesktop.org/autostart-spec/latest/).
 * @param command program and arguments
 * @param name of the file, without its ending
 */
export function xdgAutostart(
  command: readonly string[],
  name: string,
  environment: NodeJS.ProcessEnv,
): LoginItem {
  const folder = autostartFolder(environment);
  const path = join(folder, `${name}.desktop`);
  const entry = desktopEntry(command);
  return {
    isOn: () => isStarting(readText(path)),
    set(on) {
      try {
        if (on) replaceFile(folder, path, entry);
        else rmSync(path, { force: true });
      } catch (cause) {
        throw new Error(`The folder ${folder} cannot be written, so nothing starts at login.`, { cause });
      }
    },
    renew() {
      const kept = readText(path);
      if (!isStarting(kept) || kept === entry) return;
      try {
        replaceFile(folder, path, entry);
      } catch {
        // It is looked at again at the next start.
      }
    },
  };
}

/** Relative paths in XDG_CONFIG_HOME are to be ignored (https://specifications.freedesktop.org/basedir-spec/latest/). */
function autostartFolder({ XDG_CONFIG_HOME, HOME }: NodeJS.ProcessEnv): string {
  const config =
    XDG_CONFIG_HOME && isAbsolute(XDG_CONFIG_HOME) ? XDG_CONFIG_HOME : join(HOME || homedir(), '.config');
  return join(config, 'autostart');
}

/** Settings programs of desktops switch a file off by these keys instead of removing it. */
function isStarting(entry: string | null): boolean {
  if (entry === null) return false;
  return !/^(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$/m.test(entry);
}

function desktopEntry(command: readonly string[]): string {
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=NoTokenLimit Desktop',
    'Comment=A gateway for language models on this computer',
    `Exec=${command.map(execArgument).join(' ')}`,
    'Terminal=false',
    'StartupNotify=false',
    'X-GNOME-Autostart-enabled=true',
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * One argument of an Exec line: quoted where it must be, `%` doubled, and then every backslash doubled, since the
 * line is a string value, whose own escapes are undone first
 * (https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html).
 */
export function execArgument(argument: string): string {
  const plain = /^[\w@%+=:,./-]+$/.test(argument);
  const quoted = plain ? argument : `"${argument.replace(/["`$\\]/g, '\\$&')}"`;
  return quoted.replaceAll('%', '%%').replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Whole or not at all: a session may read it at any moment. */
function replaceFile(folder: string, path: string, text: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
