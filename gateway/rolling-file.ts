import { once } from 'node:events';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import sonicBoom, { type SonicBoom } from 'sonic-boom';

export interface RollingFileOptions {
  dir: string;
  /** Files are `<name>.<number>.log`; the highest number is written. */
  name: string;
  /** A file that has so many bytes is the last but one. */
  fileBytes: number;
  /** Older files that stay beside the one that is written. */
  olderFiles: number;
  /** What may wait in memory for a disk that takes nothing. */
  maxWaitingBytes: number;
}

/**
 * A log file that gives way to the next when it is full. sonic-boom, which pino itself writes with, does the writing
 * and the change of files; pino-roll does the same, but loads all of date-fns for it: 10 MB and a sixth of a second.
 * @returns the stream once the file is open
 * @throws the error of node:fs when it cannot be opened
 */
export async function openRollingFile(options: RollingFileOptions): Promise<SonicBoom> {
  const { dir, name, fileBytes, olderFiles, maxWaitingBytes } = options;
  let number = Math.max(1, ...(await numbersIn(dir, name)));
  const path = () => join(dir, `${name}.${number}.log`);
  let size = (await stat(path()).catch(() => null))?.size ?? 0;
  const file = { dest: path(), maxLength: maxWaitingBytes, mkdir: true, mode: 0o600 };
  const stream = new sonicBoom.SonicBoom(file);
  // Writing to one that could not be opened would throw.
  await once(stream, 'ready');

  stream.on('write', (written: number) => {
    size += written;
    if (size < fileBytes) return;
    size = 0;
    // Between two writes: what waits goes to the next file.
    stream.once('drain', roll);
  });

  function roll(): void {
    number += 1;
    stream.reopen(path());
    void removeOld().catch(() => undefined);
  }

  async function removeOld(): Promise<void> {
    const old = (await numbersIn(dir, name)).filter((other) => other < number - olderFiles);
    await Promise.all(old.map((other) => rm(join(dir, `${name}.${other}.log`), { force: true })));
  }

  return stream;
}

async function numbersIn(dir: string, name: string): Promise<number[]> {
  const names = await readdir(dir).catch(() => []);
  return names
    .map((found) => (found.startsWith(`${name}.`) ? /^\.(\d+)\.log$/.exec(found.slice(name.length)) : null))
    .filter((match) => match !== null)
    .map((match) => Number(match[1]));
}
