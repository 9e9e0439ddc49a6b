import { type Browser, chromium } from 'playwright';
import { CHROMIUM_PROGRAMS, findProgram } from './find-program.ts';

/** @returns the system's Chromium; `npm test` installs it, see system-packages.ts */
export function chromiumPath(): string {
  const path = CHROMIUM_PROGRAMS.map(findProgram).find((found) => found !== undefined);
  if (path === undefined)
    throw new Error('Chromium is not installed: run `node test/support/system-packages.ts`.');
  return path;
}

/** Starts the system's Chromium without a window. Close it when done. */
export function launchChromium(): Promise<Browser> {
  // Chromium's sandbox does not start for root, which build jobs in containers are.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: chromiumPath(), args });
}
