import { Readable } from 'node:stream';
import { run } from '../../gateway/cli/run.ts';
import { cleanEnvironment, NTL, type Run, type RunOptions } from './run-ntl.ts';

// What commands print of times; a process of its own gets it from `runNtl`.
process.env.TZ = 'UTC';

let last: Promise<unknown> = Promise.resolve();

/**
 * The command as `runNtl` gives it, without a process of its own, which takes a hundred times as long: for what
 * a command asks, says and refuses. One at a time: they share this process's streams and environment.
 */
export function ntlHere(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const result = last.then(() => runHere(args, options));
  last = result.catch(() => undefined);
  return result;
}

async function runHere(args: readonly string[], { env = {}, input = '' }: RunOptions): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  const restore = [
    replaced(process, 'env', { ...cleanEnvironment(), ...env }),
    replaced(process, 'stdin', Readable.from(input === '' ? [] : [input])),
    replaced(
      process.stdout,
      'write',
      writerTo((text) => (written.stdout += text)),
    ),
    replaced(
      process.stderr,
      'write',
      writerTo((text) => (written.stderr += text)),
    ),
  ];
  try {
    await run([NTL[0], NTL[2], ...args]);
    return { code: Number(process.exitCode ?? 0), ...written };
  } finally {
    process.exitCode = undefined;
    for (const back of restore) back();
  }
}

/** A stream's `write` in all its forms. */
function writerTo(take: (text: string) => void) {
  return (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    take(Buffer.from(chunk as string).toString());
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
}

/** @returns puts the property back */
function replaced(owner: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true, enumerable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, before);
  };
}
