import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { PANEL, sourcesChangedAt } from '../../../electron/launch/build-if-stale.ts';

const root = join(import.meta.dirname, '../../..');
const cache = join(root, 'node_modules/.cache/ntl-panel');
/** Older builds than the last few are of sources that are gone. */
const KEPT = 4;

/**
 * Folder of the panel, built from what is in the sources now. Tests run side by side: each state of the sources
 * has a folder of its own, which is there as a whole or not at all.
 */
export async function builtPanel(): Promise<string> {
  const changedAt = Math.floor(sourcesChangedAt(root, PANEL));
  const place = join(cache, String(changedAt));
  if (existsSync(place)) return place;
  mkdirSync(cache, { recursive: true });
  const draft = `${place}-${process.pid}`;
  // Vitest's own would make Vite build React for development.
  process.env.NODE_ENV = 'production';
  await build({
    configFile: join(root, 'vite.config.ts'),
    mode: 'panel',
    logLevel: 'error',
    build: { outDir: draft, emptyOutDir: true },
  });
  try {
    renameSync(draft, place);
  } catch (error) {
    // Another test file was faster.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
  removeOld();
  return place;
}

function removeOld(): void {
  const builds = readdirSync(cache).filter((name) => /^\d+$/.test(name));
  for (const old of builds.sort().slice(0, -KEPT)) rmSync(join(cache, old), { recursive: true, force: true });
}
