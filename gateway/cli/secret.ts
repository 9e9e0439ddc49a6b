import { usageError } from './failures.ts';
import { ask, pipedIn } from './prompt.ts';

export interface SecretSource {
  /** Asked at a terminal. */
  question: string;
  /** As in "Waiting for the signing secret". */
  what: string;
  /** A variable that holds it, where one was named. */
  variable?: string | undefined;
  /** The option that named it. */
  option: string;
}

/**
 * A secret from where nobody else sees it: a variable, a hidden prompt, or standard input. It never stands on the
 * command line, which shells and process lists keep. @returns '' where nothing came
 * @throws CliError
 */
export async function readSecret({ question, what, variable, option }: SecretSource): Promise<string> {
  if (variable !== undefined) return fromVariable(variable, option);
  return process.stdin.isTTY ? (await ask(question, { hidden: true })).trim() : pipedIn(what);
}

function fromVariable(name: string, option: string): string {
  const value = process.env[name]?.trim();
  if (value === undefined || value === '') throw usageError(`The variable ${name} of ${option} is not set.`);
  return value;
}
