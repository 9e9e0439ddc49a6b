import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { environmentForTools } from './tool-environment.ts';

/** A download this slow has stalled. */
const DOWNLOAD_LIMIT_MS = 10 * 60_000;

/**
 * The path of Electron's program. Its npm package brings none: it is fetched from GitHub when it is first needed.
 * @param told gets one line before a download begins
 * @returns null where it is missing and cannot be fetched
 */
export async function electronBinary(told: (line: string) => void): Promise<string | null> {
  const home = electronHome();
  if (home === null) return null;
  const known = installedBinary(home);
  if (known !== null) return known;
  told('Fetching Electron from GitHub, some 120 MB, this once …');
  await download(home);
  return installedBinary(home);
}

function electronHome(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    // Installed without development dependencies.
    return null;
  }
}

/** As the package's own index.js finds it; that one would download unasked. */
function installedBinary(home: string): string | null {
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH || join(home, 'dist');
  const name = join(home, 'path.txt');
  if (!existsSync(name)) return null;
  const binary = join(dist, readFileSync(name, 'utf8'));
  return existsSync(binary) ? binary : null;
}

/** Whether it worked shows in the file. What it prints is a stack of its own insides. */
async function download(home: string): Promise<void> {
  const installer = spawn(process.execPath, [join(home, 'install.js')], {
    env: environmentForTools(),
    stdio: 'ignore',
    timeout: DOWNLOAD_LIMIT_MS,
  });
  await once(installer, 'exit');
}
