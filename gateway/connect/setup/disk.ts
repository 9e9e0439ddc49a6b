/** Reads and writes the files of others: whole, in one step, with the rights and the owner they have. */
import { createHash, randomUUID } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { SetupError } from './setup-error.ts';

/** Settings are some kilobytes. */
const LARGEST = 4 * 1024 * 1024;

/** New files may hold a key: they are the owner's alone. */
const NEW_MODE = 0o600;

export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** @returns null where there is no file. @throws SetupError where it cannot be read, or is no file */
export function readBytes(path: string): Buffer | null {
  const real = realFile(path);
  try {
    const stats = statSync(real);
    if (!stats.isFile()) throw new SetupError(path, 'is no file');
    if (stats.size > LARGEST) throw new SetupError(path, 'is too large for settings');
    return readFileSync(real);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw asSetupError(path, error, 'cannot be read');
  }
}

/**
 * Takes a file's place in one step. A link is followed to the file itself.
 * @returns the folders that were made for it, outermost first
 * @throws SetupError where it may not be written
 */
export function writeBytes(path: string, bytes: Buffer): string[] {
  const real = realFile(path);
  try {
    const folders = makeFolders(dirname(real));
    const before = statsOf(real);
    if (before !== null) accessSync(real, constants.W_OK);
    replace(path, real, bytes, before);
    return folders;
  } catch (error) {
    throw asSetupError(path, error, 'cannot be written');
  }
}

/** @throws SetupError */
export function removeFile(path: string, folders: readonly string[]): void {
  try {
    rmSync(realFile(path), { force: true });
  } catch (error) {
    throw asSetupError(path, error, 'cannot be removed');
  }
  for (const folder of folders.toReversed()) {
    try {
      rmdirSync(folder);
    } catch {
      // Somebody else keeps something there.
      return;
    }
  }
}

function replace(path: string, real: string, bytes: Buffer, before: Stats | null): void {
  const fresh = join(dirname(real), `.${basename(real)}.${randomUUID().slice(0, 8)}.new`);
  const mode = before === null ? NEW_MODE : before.mode & 0o7777;
  try {
    const file = openSync(fresh, 'wx', mode);
    try {
      writeFileSync(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    keepOwner(path, fresh, before, mode);
    renameSync(fresh, real);
  } finally {
    rmSync(fresh, { force: true });
  }
}

function keepOwner(path: string, fresh: string, before: Stats | null, mode: number): void {
  if (process.platform === 'win32' || before === null) return;
  const made = statSync(fresh);
  if (made.uid !== before.uid || made.gid !== before.gid) {
    try {
      chownSync(fresh, before.uid, before.gid);
    } catch {
      throw new SetupError(path, 'belongs to somebody else');
    }
  }
  // The umask of the process took some rights away.
  if ((statSync(fresh).mode & 0o7777) !== mode) chmodSync(fresh, mode);
}

function makeFolders(folder: string): string[] {
  const missing: string[] = [];
  for (let at = folder; statsOf(at) === null && at !== dirname(at); at = dirname(at)) missing.unshift(at);
  mkdirSync(folder, { recursive: true });
  return missing;
}

/** Where a link leads, also to a file that is not there yet. */
function realFile(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    try {
      return lstatSync(path).isSymbolicLink() ? resolve(dirname(path), readlinkSync(path)) : path;
    } catch {
      return path;
    }
  }
}

function statsOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function asSetupError(path: string, error: unknown, what: string): SetupError {
  if (error instanceof SetupError) return error;
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new SetupError(path, `${what}: it is read-only or somebody else’s`);
  return new SetupError(path, `${what} (${code ?? 'unknown error'})`);
}
