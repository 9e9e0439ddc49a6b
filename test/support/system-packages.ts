/**
 * Puts the system programs in place that the tests run for real. `npm test` runs it first:
 * `node test/support/system-packages.ts`. Quiet when nothing is missing. Only Linux needs any of it:
 * elsewhere the tests that would use these programs skip.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { CHROMIUM_PROGRAMS, findProgram } from './find-program.ts';

interface SystemPackage {
  /** Name in Debian and Ubuntu. */
  package: string;
  /** What it brings: a program on PATH (one of these names), or a shared library. */
  check: { program: string | readonly string[] } | { library: string };
}

const PACKAGES: readonly SystemPackage[] = [
  { package: 'gnome-keyring', check: { program: 'gnome-keyring-daemon' } },
  { package: 'dbus', check: { program: 'dbus-daemon' } },
  { package: 'libglib2.0-bin', check: { program: 'gdbus' } },
  { package: 'libsecret-1-0', check: { library: 'libsecret-1.so.0' } },
  { package: 'libsecret-tools', check: { program: 'secret-tool' } },
  { package: 'curl', check: { program: 'curl' } },
  { package: 'openssl', check: { program: 'openssl' } },
  { package: 'iproute2', check: { program: 'ip' } },
  { package: 'libnss3-tools', check: { program: 'certutil' } },
  { package: 'chromium-headless-shell', check: { program: CHROMIUM_PROGRAMS } },
];

if (process.platform === 'linux') installMissing();

function installMissing(): void {
  const missing = missingPackages();
  if (missing.length > 0 && canInstall()) aptGetInstall(missing);

  const stillMissing = missingPackages();
  if (stillMissing.length > 0) explain(stillMissing);
}

function canInstall(): boolean {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0;
}

function aptGetInstall(missing: string[]): void {
  console.log(`Installing for the tests: ${missing.join(' ')}`);
  try {
    aptGet('update');
    aptGet('install', '-y', '--no-install-recommends', ...missing);
  } catch {
    console.error('apt-get failed: its own words are above.');
  }
}

function explain(missing: string[]): void {
  console.error(`The tests need programs that are not here: ${missing.join(', ')}. On Debian or Ubuntu run`);
  console.error(`  sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`);
  console.error('Elsewhere install what your system calls them, then start the tests again.');
  process.exitCode = 1;
}

function missingPackages(): string[] {
  return PACKAGES.filter(({ check }) => !isPresent(check)).map((entry) => entry.package);
}

function isPresent(check: SystemPackage['check']): boolean {
  if ('library' in check) return sharedLibraries().includes(`${check.library} `);
  return [check.program].flat().some((name) => findProgram(name) !== undefined);
}

/** The loader's own list: one line a library, starting with its name. Empty where there is no `ldconfig`. */
function sharedLibraries(): string {
  const ldconfig = findProgram('ldconfig');
  return ldconfig === undefined ? '' : execFileSync(ldconfig, ['-p'], { encoding: 'utf8' });
}

/** No stdin, no questions: it must also run in a build job. */
function aptGet(...args: string[]): void {
  execFileSync('apt-get', ['-q', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
