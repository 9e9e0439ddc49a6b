import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { finished, pipeline } from 'node:stream/promises';
import type { Query } from './admin-client.ts';
import { CliError } from './failures.ts';
import type { Terminal } from './terminal.ts';

/** Writes every request that matches, as it comes. A file is whole or not there. */
export async function exportRequests(
  terminal: Terminal,
  query: Query,
  out: string | undefined,
): Promise<void> {
  if (out === undefined) {
    const rows = await terminal.admin.open('/requests', query);
    rows.pipe(process.stdout, { end: false });
    await finished(rows).catch(cutShort);
    return;
  }
  if (existsSync(out)) await terminal.confirm(`${out} is there already. Replace it?`);
  const unfinished = `${out}.part`;
  const rows = await terminal.admin.open('/requests', query);
  try {
    // It names people and addresses.
    await pipeline(rows, createWriteStream(unfinished, { mode: 0o600 }));
    renameSync(unfinished, out);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw writeFailure(error, out);
  }
  terminal.say(`Written to ${out}.`);
}

function cutShort(error: unknown): never {
  throw new CliError('The gateway ended before the export was complete.', 1, { cause: error });
}

function writeFailure(error: unknown, out: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return new CliError(`The export to ${out} did not complete (${code}).`, 1, { cause: error });
}
