import { EXIT } from './failures.ts';
import { run } from './run.ts';

/** The `ntl` command as a process of its own. */

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `ntl requests | head` closes the pipe early; there is nobody left to tell.
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});

await run(process.argv);
