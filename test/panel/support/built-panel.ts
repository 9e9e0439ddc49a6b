import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildIfStale, PANEL, sourcesChangedAt } from '../../../electron/launch/build-if-stale.ts';

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
  if (!(await buildIfStale(root, PANEL))) throw new Error('The panel could not be built.');
  cpSync(join(root, dirname(PANEL.result)), draft, { recursive: true });
  try {
    renameSync(draft, place);
  } catch (error) {
    // Another test file was faster.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
  removeOld(String(changedAt));
  return place;
}

/** @param used stays, however old its sources are */
function removeOld(used: string): void {
  const builds = readdirSync(cache).filter((name) => /^\d+$/.test(name));
  for (const old of builds
    .sort()
    .slice(0, -KEPT)
    .filter((name) => name !== used))
    rmSync(join(cache, old), { recursive: true, force: true });
}
