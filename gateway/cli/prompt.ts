import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CliError } from './failures.ts';

/** After this long without input, people are told what is waited for. */
const HINT_AFTER_MS = 2_000;

/**
 * Asks on stderr, so that what a command answers on stdout stays clean.
 * @param hidden shows nothing of what is typed
 * @param stopped what is said then
 * @throws CliError on Ctrl-C and Ctrl-D
 */
export function ask(
  question: string,
  { hidden = false, stopped = 'Nothing was changed.' } = {},
): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const output = hidden ? nowhere : process.stderr;
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  if (hidden) process.stderr.write(question);
  return new Promise((resolve, reject) => {
    lines.on('SIGINT', () => lines.close());
    lines.on('close', () => {
      if (hidden) process.stderr.write('\n');
      reject(new CliError(stopped));
    });
    lines.question(hidden ? '' : question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}

/** What is piped in, up to its end, without the blanks around it. */
export async function pipedIn(what: string): Promise<string> {
  const hint = setTimeout(() => {
    process.stderr.write(`Waiting for ${what} on standard input.\n`);
  }, HINT_AFTER_MS);
  try {
    return (await text(process.stdin)).trim();
  } finally {
    clearTimeout(hint);
  }
}
