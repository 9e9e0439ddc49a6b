/** Exit codes of `ntl`. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Something the person at the terminal can put right. `message` is one or two plain sentences. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.failed, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}

/** A command that was typed wrongly: exit code 2. */
export function usageError(message: string): CliError {
  return new CliError(message, EXIT.usage);
}

/**
 * What to print for an error, and the exit code to end with. Errors meant for the owner show their message;
 * of any other only its name and place are told, because its message may quote a request.
 */
export function explain(error: unknown): { message: string; exitCode: number } {
  if (error instanceof CliError) return { message: error.message, exitCode: error.exitCode };
  if (error instanceof Error && FOR_THE_OWNER.has(error.name)) {
    return { message: error.message, exitCode: EXIT.failed };
  }
  return { message: `This is a fault of ntl itself: ${nameAndPlace(error)}`, exitCode: EXIT.failed };
}

/** By name, because importing their classes would load the whole gateway for every small command. */
const FOR_THE_OWNER = new Set(['StoreError', 'StoreUnavailable', 'ListenError', 'VaultError', 'SetupError']);

function nameAndPlace(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames.slice(0, 5)].join('\n');
}
