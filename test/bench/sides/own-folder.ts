import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @returns an empty folder, removed when the benchmark ends, whichever way */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ntl-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
