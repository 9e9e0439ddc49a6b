import { CommanderError, InvalidArgumentError } from 'commander';
import { EXIT, explain } from './failures.ts';
import { createProgram } from './program.ts';

/** The `ntl` command. Exit codes: 0 done, 1 refused or failed, 2 typed wrongly. */

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `ntl requests | head` closes the pipe early; there is nobody left to tell.
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});

try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  process.exitCode = exitCodeOf(error);
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
