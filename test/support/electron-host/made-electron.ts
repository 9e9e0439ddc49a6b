import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What @electron/fuses looks for in Electron's program: then come a version, a length, and as many fuses. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSES = 9;

/**
 * A folder that electron-builder takes for an unpacked Electron for Linux, where there is no real one. Its program
 * has fuses to set, and does nothing.
 */
export function makeElectron(folder: string): string {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  const wire = Buffer.from([1, FUSES, ...Buffer.alloc(FUSES, '0')]);
  const program = Buffer.concat([Buffer.from(`#!/bin/sh\nexit 1\n${SENTINEL}`), wire]);
  writeFileSync(join(folder, 'electron'), program, { mode: 0o755 });
  return folder;
}
