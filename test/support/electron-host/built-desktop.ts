import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { DESKTOP, sourcesChangedAt } from '../../../electron/launch/build-if-stale.ts';
import { builtPanel } from '../../panel/support/built-panel.ts';

const root = join(import.meta.dirname, '../../..');
const cache = join(root, 'node_modules/.cache/ntl-desktop');
/** Older builds than the last few are of sources that are gone. */
const KEPT = 4;

/**
 * Folder of what Electron runs, built from what is in the sources now, with the panel beside it. Tests run side by
 * side: each state of the sources has a folder of its own, which is there as a whole or not at all.
 */
export function builtDesktop(): Promise<string> {
  built ??= buildDesktop();
  return built;
}

let built: Promise<string> | undefined;

async function buildDesktop(): Promise<string> {
  const panel = await builtPanel();
  const place = join(cache, `${Math.floor(sourcesChangedAt(root, DESKTOP))}-${panel.split(/[\\/]/).at(-1)}`);
  if (existsSync(place)) return place;
  mkdirSync(cache, { recursive: true });
  const draft = `${place}-${process.pid}`;
  // Vitest's own would make Vite build for development.
  process.env.NODE_ENV = 'production';
  await build({
    configFile: join(root, 'vite.config.ts'),
    mode: 'desktop',
    logLevel: 'error',
    build: { outDir: draft },
  });
  symlinkSync(panel, join(draft, 'panel'), 'junction');
  // Electron is given the folder, as in a package.
  const { name, version, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(
    join(draft, 'package.json'),
    JSON.stringify({ name, version, type, main: 'electron/main.js' }),
  );
  try {
    renameSync(draft, place);
  } catch (error) {
    // Another test file was faster.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
  const builds = readdirSync(cache).filter((name) => /^\d+-\d+$/.test(name));
  for (const old of builds.sort().slice(0, -KEPT)) rmSync(join(cache, old), { recursive: true, force: true });
  return place;
}
