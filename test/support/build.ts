import { join } from 'node:path';
import { buildIfStale, PANEL } from '../../electron/launch/build-if-stale.ts';

/** Before the tests: what `npm start` would build is built once, not by several of them at the same time. */
export async function setup(): Promise<void> {
  if (!(await buildIfStale(join(import.meta.dirname, '../..'), PANEL)))
    throw new Error('The panel could not be built.');
}
