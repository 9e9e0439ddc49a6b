import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How a running gateway is reached; `<data-dir>/runtime.json`, readable by its owner alone. */
export interface RuntimeFile {
  pid: number;
  url: string;
  adminToken: string;
  /** Signs a browser in, once. */
  panelUrl: string;
}

export function writeRuntimeFile(dataDir: string, runtime: RuntimeFile): void {
  const path = join(dataDir, 'runtime.json');
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, `${JSON.stringify(runtime, null, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, path);
}

/** @returns null where no gateway has written one, or not a whole one */
export function readRuntimeFile(dataDir: string): RuntimeFile | null {
  try {
    const runtime = JSON.parse(readFileSync(join(dataDir, 'runtime.json'), 'utf8'));
    return typeof runtime.url === 'string' && typeof runtime.adminToken === 'string' ? runtime : null;
  } catch {
    return null;
  }
}

/** Removes the file if it is this process's own. */
export function removeRuntimeFile(dataDir: string): void {
  if (readRuntimeFile(dataDir)?.pid === process.pid) rmSync(join(dataDir, 'runtime.json'), { force: true });
}
