import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * What Chromium is called: Debian's build without a window, which starts in a third of the time, its own whole one,
 * Ubuntu's, and Google's.
 */
export const CHROMIUM_PROGRAMS = [
  ...['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'],
] as const;

/** `ldconfig` lies outside an ordinary user's PATH on Debian. */
const SEARCH_PATH = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];

/** @returns the program's full path, or undefined where it is not installed */
export function findProgram(name: string): string | undefined {
  return SEARCH_PATH.map((folder) => join(folder, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
