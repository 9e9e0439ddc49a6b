import { BrokenSettings } from '../editing/settings-format.ts';

/** A file that is left as it is, and why. The message names it and the line. */
export class SetupError extends Error {
  readonly path: string;

  constructor(path: string, what: string, line: number | null = null) {
    super(`${path}${line === null ? '' : `, line ${line},`} ${what}. It is left as it is.`);
    this.name = 'SetupError';
    this.path = path;
  }
}

/** Runs work on the text of a file, and names the file where that fails. */
export function onFile<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof BrokenSettings) throw new SetupError(path, error.message, error.line);
    throw error;
  }
}
