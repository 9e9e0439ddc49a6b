import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright';
import { CHROMIUM_PROGRAMS, findProgram } from './find-program.ts';

/** Where Google's build of Chromium lies on systems that do not have it on PATH. */
const CHROME: Partial<Record<NodeJS.Platform, string>> = {
  darwin: '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  win32: join(process.env.ProgramFiles ?? 'C:/Program Files', 'Google/Chrome/Application/chrome.exe'),
};

/** @returns the system's Chromium; `npm test` installs it, see system-packages.ts */
export function chromiumPath(): string {
  const chrome = CHROME[process.platform];
  if (chrome !== undefined && existsSync(chrome)) return chrome;
  const path = CHROMIUM_PROGRAMS.map(findProgram).find((found) => found !== undefined);
  if (path === undefined)
    throw new Error('Chromium is not installed: run `node test/support/system-packages.ts`.');
  return path;
}

/** Flags, and a home of its own. */
export interface ChromiumOptions {
  args?: readonly string[];
  /** Where it looks for certificates its user trusts (`.pki/nssdb`, on Linux). */
  home?: string;
}

/** Starts the system's Chromium without a window. Close it when done. */
export function launchChromium({ args = [], home }: ChromiumOptions = {}): Promise<Browser> {
  // Chromium's sandbox does not start for root, which build jobs in containers are.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({
    ...{ executablePath: chromiumPath(), args: [...sandbox, ...args] },
    ...(home === undefined ? {} : { env: { ...(process.env as Record<string, string>), HOME: home } }),
  });
}
