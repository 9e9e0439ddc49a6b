import { randomBytes, type ScryptOptions, scrypt } from 'node:crypto';
import { chmod, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from './atomic-file.ts';
import { VaultError } from './vault.ts';
import type { KeySource } from './vault-file-format.ts';

const KEY_BYTES = 32;
const KEY_FILE = 'vault.key';

type ScryptSource = Extract<KeySource, { source: 'scrypt' }>;

/** @returns what a new vault file uses: OWASP's first choice for scrypt (128 MiB, about half a second) */
export function newScryptSource(): ScryptSource {
  return { source: 'scrypt', N: 2 ** 17, r: 8, p: 1, salt: randomBytes(16).toString('base64') };
}

/** @returns the 32-byte key for a passphrase. Runs off the event loop. */
export function deriveKey(passphrase: string, { N, r, p, salt }: ScryptSource): Promise<Uint8Array> {
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), KEY_BYTES, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

export function keyFilePath(dataDir: string): string {
  return join(dataDir, KEY_FILE);
}

/**
 * @param warn told when other users of this machine could read the file; its mode is then mended
 * @returns the key, or undefined when there is no key file
 * @throws VaultError `damaged` when it does not hold 32 bytes, `unavailable` when it cannot be read
 */
export async function readKeyFile(
  dataDir: string,
  warn: (message: string) => void,
): Promise<Uint8Array | undefined> {
  const path = keyFilePath(dataDir);
  const key = await readOrUndefined(path);
  if (key === undefined) return undefined;
  if (key.length !== KEY_BYTES) {
    throw new VaultError('damaged', `${KEY_FILE} does not hold a key. Restore it from a backup.`);
  }
  await closeToOthers(path, warn);
  return key;
}

/** Makes `vault.key` (mode 0600). @returns the new key */
export async function createKeyFile(dataDir: string): Promise<Uint8Array> {
  const key = randomBytes(KEY_BYTES);
  await writeFileAtomic(keyFilePath(dataDir), key);
  return key;
}

async function readOrUndefined(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new VaultError('unavailable', `${KEY_FILE} cannot be read. Make it readable for this user.`, {
      cause: error,
    });
  }
}

/** Windows has no such modes: there the user's profile folder keeps others out. */
async function closeToOthers(path: string, warn: (message: string) => void): Promise<void> {
  if (process.platform === 'win32') return;
  if (((await stat(path)).mode & 0o077) === 0) return;
  try {
    await chmod(path, 0o600);
  } catch (cause) {
    throw new VaultError(
      'unavailable',
      `Other users can read ${KEY_FILE} and its mode cannot be changed. Give the file to this user with mode 0600.`,
      { cause },
    );
  }
  warn(
    `Other users of this machine could read ${KEY_FILE}; its mode is 0600 now. If somebody may have copied it, replace your provider credentials.`,
  );
}
