import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { execArgument, xdgAutostart } from '../../../electron/login-item/xdg-autostart.ts';
import { until } from '../../support/until.ts';

function folder(): string {
  const home = mkdtempSync(join(tmpdir(), 'ntl-home-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return home;
}

test('the file says what to start, and is gone when it is switched off', () => {
  const config = folder();
  const item = xdgAutostart(['/opt/NoTokenLimit Desktop/app', '--hidden'], 'notokenlimit-desktop', {
    XDG_CONFIG_HOME: config,
  });
  const file = join(config, 'autostart/notokenlimit-desktop.desktop');
  expect(item.isOn()).toBe(false);
  item.set(true);
  expect(item.isOn()).toBe(true);
  const lines = readFileSync(file, 'utf8').split('\n');
  expect(lines[0]).toBe('[Desktop Entry]');
  expect(lines).toContain('Type=Application');
  expect(lines).toContain('Exec="/opt/NoTokenLimit Desktop/app" --hidden');
  expect(readdirSync(join(config, 'autostart'))).toEqual(['notokenlimit-desktop.desktop']);
  item.set(false);
  item.set(false);
  expect(existsSync(file)).toBe(false);
});

test.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false', 'Hidden = true '])(
  'what the desktop switched off by %j is off',
  (line) => {
    const config = folder();
    mkdirSync(join(config, 'autostart'));
    writeFileSync(
      join(config, 'autostart/notokenlimit-desktop.desktop'),
      `[Desktop Entry]\nExec=x\n${line}\n`,
    );
    expect(xdgAutostart(['x'], 'notokenlimit-desktop', { XDG_CONFIG_HOME: config }).isOn()).toBe(false);
  },
);

test('what was switched on starts the app where it lies now', () => {
  const environment = { XDG_CONFIG_HOME: folder() };
  const text = () =>
    readFileSync(join(environment.XDG_CONFIG_HOME, 'autostart/notokenlimit-desktop.desktop'), 'utf8');
  const before = xdgAutostart(['/old/app'], 'notokenlimit-desktop', environment);
  const now = xdgAutostart(['/new/app'], 'notokenlimit-desktop', environment);
  now.renew();
  expect(now.isOn()).toBe(false);
  before.set(true);
  now.renew();
  expect(text()).toContain('Exec=/new/app\n');
});

test('without a folder of its own it goes to the usual one; a relative one does not count', () => {
  const home = folder();
  xdgAutostart(['x'], 'notokenlimit-desktop', { HOME: home }).set(true);
  expect(xdgAutostart(['x'], 'notokenlimit-desktop', { HOME: home, XDG_CONFIG_HOME: 'here' }).isOn()).toBe(
    true,
  );
});

test('where it cannot be written the owner is told so', () => {
  const home = folder();
  writeFileSync(join(home, '.config'), 'a file');
  expect(() => xdgAutostart(['x'], 'notokenlimit-desktop', { HOME: home }).set(true)).toThrow(
    `${join(home, '.config')}`,
  );
});

/** As a desktop reads an Exec line: escapes of the string value, then quotes, then `%%`. */
function parseExec(line: string): string[] {
  const value = line.replaceAll(/\\([\\n])/g, (_all, escaped) => (escaped === 'n' ? '\n' : escaped));
  const words = [...value.matchAll(/"((?:[^"\\]|\\[\s\S])*)"|([^\s"]+)/g)];
  return words.map(([, quoted, plain]) =>
    (quoted?.replaceAll(/\\(["`$\\])/g, '$1') ?? plain ?? '').replaceAll('%%', '%'),
  );
}

test('any argument comes out of the line as it went in', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1 }), (command) => {
      expect(parseExec(command.map(execArgument).join(' '))).toEqual(command);
    }),
  );
});

// Where GLib is, its own parser has the last word.
const gio = ['/usr/bin/gio', '/usr/local/bin/gio'].find(existsSync);
test.skipIf(gio === undefined)('GLib starts what was meant', async () => {
  const home = folder();
  const script = join(home, 'say "it" for $5 & more.sh');
  const said = join(home, 'said');
  writeFileSync(script, `#!/bin/sh\nprintf '%s\\n' "$@" > '${said}'\n`, { mode: 0o755 });
  xdgAutostart([script, '--data-dir=/a b\\c`d 100%'], 'notokenlimit-desktop', { XDG_CONFIG_HOME: home }).set(
    true,
  );
  execFileSync(gio as string, ['launch', join(home, 'autostart/notokenlimit-desktop.desktop')], {
    env: { ...process.env, HOME: home },
  });
  // It does not wait for what it starts.
  await until('the program', () => existsSync(said) && readFileSync(said, 'utf8') !== '');
  expect(readFileSync(said, 'utf8')).toBe('--data-dir=/a b\\c`d 100%\n');
});
