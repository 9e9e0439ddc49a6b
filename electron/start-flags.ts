import { parseArgs } from 'node:util';

export interface StartFlags {
  /** Starts in the tray, without a window. */
  hidden: boolean;
  dataDir: string | undefined;
}

/**
 * The app's own flags among what it was started with; Chromium's and the system's are left to them.
 * @param args `process.argv` without the program
 */
export function readStartFlags(args: readonly string[]): StartFlags {
  const options = { hidden: { type: 'boolean' }, 'data-dir': { type: 'string' } } as const;
  const { values } = parseArgs({ args: [...args], options, strict: false });
  const dataDir = values['data-dir'];
  return { hidden: values.hidden === true, dataDir: typeof dataDir === 'string' ? dataDir : undefined };
}
