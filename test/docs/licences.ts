import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export const LICENCES_PAGE = join(root, 'docs/licences.md');

/** Licences that ask for no more than that they be told, by SPDX's names (https://spdx.org/licenses/). */
const PERMISSIVE = new Set([
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC', 'MIT'],
  ...['Python-2.0', 'Unlicense'],
  // Fonts: they may be given away with a program, not sold alone.
  'OFL-1.1',
]);

interface Locked {
  version: string;
  license?: string;
  dev?: boolean;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

export interface Licensed {
  name: string;
  version: string;
  /** As the package says it, in SPDX's form. */
  licence: string;
  /** Beside the app, built into the panel, or the program around both. */
  place: 'app' | 'panel' | 'shell';
}

/**
 * Every package that users get: the production dependencies of the lock file, what the panel's pages import and what
 * that needs, and Electron. Where a package is installed here, it must say what the lock file says.
 * @throws Error where it does not
 */
export function shippedPackages(): Licensed[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const packages = new Map(Object.entries(lock.packages as Record<string, Locked>));
  const places = new Map<string, Licensed['place']>();
  for (const [path, { dev = false }] of packages) if (path !== '' && !dev) places.set(path, 'app');
  for (const path of withNeeds(
    packages,
    panelImports().map((name) => `node_modules/${name}`),
  ))
    if (!places.has(path)) places.set(path, 'panel');
  places.set('node_modules/electron', 'shell');
  const found = [...places].map(([path, place]) => licensed(path, packages.get(path), place));
  const unique = new Map(found.map((entry) => [`${entry.name} ${entry.version}`, entry]));
  return [...unique.values()].sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
}

/** Whether one may choose a permissive licence: of `A OR B` one, of `A AND B` both. */
export function isPermissive(licence: string): boolean {
  const text = licence.replaceAll(/[()]/g, '');
  return text.split(' OR ').some((choice) => choice.split(' AND ').every((name) => PERMISSIVE.has(name)));
}

function licensed(path: string, locked: Locked | undefined, place: Licensed['place']): Licensed {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  if (locked === undefined) throw new Error(`The lock file has no ${path}.`);
  const { version, license = 'unknown' } = locked;
  const said = installedLicence(path);
  if (said !== undefined && said !== license)
    throw new Error(`${name} says ${said}, and the lock file ${license}.`);
  return { name, version, licence: license, place };
}

/** @returns undefined where it is not installed: a binary of another system */
function installedLicence(path: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')).license;
  } catch {
    return undefined;
  }
}

/** Names of the packages that files of the panel import, styles and fonts included. */
function panelImports(): string[] {
  const files = globSync('renderer/**/*.{ts,tsx,css}', { cwd: root });
  const names = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([@a-z][^']*)'/g)].map(
      ([, text = '']) =>
        text
          .split('/')
          .slice(0, text.startsWith('@') ? 2 : 1)
          .join('/'),
    ),
  );
  return [...new Set(names)].filter((name) => !isBuiltin(name)).sort();
}

/** The packages and all they depend on, found as Node finds them: next to whoever asks, then further up. */
function withNeeds(packages: ReadonlyMap<string, Locked>, wanted: readonly string[]): Set<string> {
  const found = new Set<string>();
  const waiting = [...wanted];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const locked = packages.get(path);
    if (locked === undefined || found.has(path)) continue;
    found.add(path);
    for (const name of needsOf(locked)) waiting.push(resolved(packages, path, name));
  }
  return found;
}

function needsOf({ dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} }: Locked): string[] {
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
  return [...Object.keys(dependencies), ...peers];
}

function resolved(packages: ReadonlyMap<string, Locked>, from: string, name: string): string {
  for (let at = from; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const inside = `${at}/node_modules/${name}`;
    if (packages.has(inside)) return inside;
  }
  return `node_modules/${name}`;
}

const PLACES: Readonly<Record<Licensed['place'], string>> = {
  app: 'beside the app',
  panel: 'built into the panel',
  shell: 'around the desktop app',
};

/** The page docs/licences.md. */
export function licencesPage(packages: readonly Licensed[]): string {
  const counts = new Map<string, number>();
  for (const { licence } of packages) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  const sums = [...counts].sort(([a, more], [b, fewer]) => fewer - more || (a < b ? -1 : 1));
  return [
    '# Licences',
    '',
    'What comes with the product, by others, and under which licence. `npm run licences` writes this page from the lock file',
    'and the packages that are installed; a test compares it, and fails on a licence that is not permissive.',
    '',
    'The app itself is [MIT](../LICENSE). Each package brings the text of its licence along. better-sqlite3 contains SQLite,',
    'which is in the public domain. Electron contains Chromium and Node.js: its `LICENSES.chromium.html` has their texts. On',
    'Linux the keychain is asked through libsecret (LGPL-2.1-or-later) of the system, which is not part of the product.',
    '',
    '| licence | packages |',
    '| --- | --- |',
    ...sums.map(([licence, count]) => `| ${licence} | ${count} |`),
    '',
    '| package | version | licence | where |',
    '| --- | --- | --- | --- |',
    ...packages.map(
      ({ name, version, licence, place }) => `| ${name} | ${version} | ${licence} | ${PLACES[place]} |`,
    ),
    '',
  ].join('\n');
}
