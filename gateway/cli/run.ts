import { CommanderError, InvalidArgumentError } from 'commander';
import { EXIT, explain } from './failures.ts';
import { createProgram } from './program.ts';

/**
 * One command, as typed; what goes wrong is told on stderr. Exit codes, left in `process.exitCode`: 0 done,
 * 1 refused or failed, 2 typed wrongly.
 * @param argv with the program and the script in front, as `process.argv` has them
 */
export async function run(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof InvalidArgumentError) {
    process.stderr.write(`${error.message}\n`);
    return EXIT.usage;
  }
  // commander has printed its message already; asking for help or the version ends with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const { message, exitCode } = explain(error);
  process.stderr.write(`${message}\n`);
  return exitCode;
}
