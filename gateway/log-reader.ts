import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A line of the log. */
export interface LogEntry {
  /** Wall-clock ms. */
  at: number;
  /** As pino numbers levels: 20 debug, 30 info, 40 warn, 50 error, 60 fatal. */
  level: number;
  message: string;
  /** What else stands on the line. */
  fields: Record<string, unknown>;
}

export interface LogQuery {
  /** The least grave level that is wanted. */
  from: number;
  limit: number;
}

/** Read at a time, backwards: some hundred lines, in about a millisecond. */
const CHUNK_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;

/** @returns the log's files, the one that is written now first; none where there is no log yet */
export async function logFiles(dataDir: string): Promise<string[]> {
  const dir = join(dataDir, 'logs');
  const names = await readdir(dir).catch(() => []);
  return names
    .flatMap((name) => {
      const number = /^ntl\.(\d+)\.log$/.exec(name)?.[1];
      return number === undefined ? [] : [{ path: join(dir, name), number: Number(number) }];
    })
    .sort((a, b) => b.number - a.number)
    .map(({ path }) => path);
}

/** @returns the latest lines, newest first */
export async function readLog(files: readonly string[], { from, limit }: LogQuery): Promise<LogEntry[]> {
  const found: LogEntry[] = [];
  for (const path of files) {
    for await (const line of linesBackwards(path)) {
      const entry = entryOf(line);
      if (entry !== undefined && entry.level >= from) found.push(entry);
      if (found.length >= limit) return found;
    }
  }
  return found;
}

/** Lines from the last to the first. A file that was rolled away meanwhile has none. */
async function* linesBackwards(path: string): AsyncGenerator<string, void, undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return;
  try {
    let rest: Buffer[] = [];
    for await (const chunk of chunksBackwards(file)) {
      let end = chunk.length;
      for (
        let at = chunk.lastIndexOf(LINE_FEED);
        at !== -1;
        at = at === 0 ? -1 : chunk.lastIndexOf(LINE_FEED, at - 1)
      ) {
        yield Buffer.concat([chunk.subarray(at + 1, end), ...rest]).toString();
        rest = [];
        end = at;
      }
      rest.unshift(chunk.subarray(0, end));
    }
    yield Buffer.concat(rest).toString();
  } finally {
    await file.close();
  }
}

async function* chunksBackwards(file: FileHandle): AsyncGenerator<Buffer, void, undefined> {
  let { size: end } = await file.stat();
  while (end > 0) {
    const length = Math.min(CHUNK_BYTES, end);
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, end - length);
    yield buffer.subarray(0, bytesRead);
    end -= length;
  }
}

/** @returns undefined for a line that is not whole: one that is being written, or that a full disk has cut */
function entryOf(line: string): LogEntry | undefined {
  if (line === '') return undefined;
  try {
    const { level, time, msg, ...fields } = JSON.parse(line);
    if (typeof level !== 'number' || typeof time !== 'number') return undefined;
    return { at: time, level, message: typeof msg === 'string' ? msg : '', fields };
  } catch {
    return undefined;
  }
}
