import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from './atomic-file.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { assertStorable } from './storable.ts';
import { type Vault, VaultError, type VaultLog } from './vault.ts';
import {
  decryptEntry,
  encryptEntry,
  type KeySource,
  parseVaultFile,
  type VaultEntry,
  type VaultFile,
  verifyVaultFile,
  writeVaultFile,
} from './vault-file-format.ts';
import { createKeyFile, deriveKey, keyFilePath, newScryptSource, readKeyFile } from './vault-key.ts';

const PROTECTION = {
  'file-passphrase':
    'Provider credentials are in a file encrypted under NTL_VAULT_PASSPHRASE; without the passphrase nobody can read them.',
  'file-key':
    'Provider credentials are in an encrypted file with its key beside it: copied databases and backups without vault.key reveal nothing, but whoever can read your files can read them.',
} as const;

export interface EncryptedFileOptions {
  /** Folder of `vault.json` and, without a passphrase, `vault.key`. */
  dataDir: string;
  passphrase?: string | undefined;
  log?: VaultLog | undefined;
}

interface OpenedFile {
  source: KeySource;
  key: Uint8Array;
  entries: VaultEntry[];
}

/**
 * Opens `<dataDir>/vault.json`, AES-256-GCM. Nothing is read or written before the first call, but
 * for the kind of a file that exists. A file made without a passphrase moves under the passphrase
 * with the first call that has one; `vault.key` is then gone.
 * One process a folder: writers in two processes would overwrite each other's entries.
 */
export async function openEncryptedFile(options: EncryptedFileOptions): Promise<Vault> {
  const needsPassphrase = options.passphrase !== undefined || (await madeWithPassphrase(options.dataDir));
  return new EncryptedFileVault(needsPassphrase ? 'file-passphrase' : 'file-key', options);
}

/** @returns whether credentials are in a file there, readable or not */
export function encryptedFileExists(dataDir: string): boolean {
  return existsSync(vaultFilePath(dataDir));
}

class EncryptedFileVault implements Vault {
  readonly kind: 'file-passphrase' | 'file-key';
  readonly protection: string;
  readonly #path: string;
  readonly #dataDir: string;
  readonly #passphrase: string | undefined;
  readonly #log: VaultLog | undefined;
  readonly #turns = new OneAtATime();
  /** Deriving takes half a second, so the last key stays; secrets are decrypted one by one when asked for. */
  #derived: { salt: string; key: Uint8Array } | undefined;

  constructor(kind: 'file-passphrase' | 'file-key', { dataDir, passphrase, log }: EncryptedFileOptions) {
    this.kind = kind;
    this.protection = PROTECTION[kind];
    this.#path = vaultFilePath(dataDir);
    this.#dataDir = dataDir;
    this.#passphrase = passphrase;
    this.#log = log;
  }

  async get(account: string): Promise<string | null> {
    assertStorable(account);
    return this.#turns.run(async () => {
      const opened = await this.#open();
      const entry = opened?.entries.find((candidate) => candidate.account === account);
      return opened && entry ? decryptEntry(opened.key, entry) : null;
    });
  }

  async set(account: string, secret: string): Promise<void> {
    assertStorable(account, secret);
    return this.#turns.run(async () => {
      const opened = (await this.#open()) ?? (await this.#newFile());
      const others = opened.entries.filter((entry) => entry.account !== account);
      await this.#save({ ...opened, entries: [...others, encryptEntry(opened.key, account, secret)] });
    });
  }

  async delete(account: string): Promise<void> {
    assertStorable(account);
    return this.#turns.run(async () => {
      const opened = await this.#open();
      const others = opened?.entries.filter((entry) => entry.account !== account) ?? [];
      if (opened && others.length < opened.entries.length) await this.#save({ ...opened, entries: others });
    });
  }

  /** Reads the file anew each time: it is small, and a restored backup counts at once. */
  async #open(): Promise<OpenedFile | undefined> {
    const text = await readText(this.#path);
    if (text === undefined) return undefined;
    const file = parseVaultFile(text);
    const key = await this.#keyOf(file.key);
    verifyVaultFile(file, key);
    return file.key.source === 'key-file' && this.#passphrase !== undefined
      ? this.#moveUnderPassphrase(file, key)
      : { source: file.key, key, entries: file.entries };
  }

  async #keyOf(source: KeySource): Promise<Uint8Array> {
    if (source.source === 'scrypt') return this.#derive(source);
    const key = await this.#readKeyFile();
    if (key !== undefined) return key;
    throw new VaultError(
      'damaged',
      'The credential file is here but its key file vault.key is missing. Restore vault.key from a backup, or move vault.json away and enter the provider credentials again.',
    );
  }

  async #newFile(): Promise<OpenedFile> {
    if (this.#passphrase !== undefined) {
      const source = newScryptSource();
      return { source, key: await this.#derive(source), entries: [] };
    }
    const key = (await this.#readKeyFile()) ?? (await writing(createKeyFile(this.#dataDir)));
    return { source: { source: 'key-file' }, key, entries: [] };
  }

  async #moveUnderPassphrase(file: VaultFile, oldKey: Uint8Array): Promise<OpenedFile> {
    const source = newScryptSource();
    const key = await this.#derive(source);
    const entries = file.entries.map((entry) =>
      encryptEntry(key, entry.account, decryptEntry(oldKey, entry)),
    );
    const moved = { source, key, entries };
    await this.#save(moved);
    await writing(rm(keyFilePath(this.#dataDir), { force: true }));
    this.#log?.info('The credential file is encrypted under NTL_VAULT_PASSPHRASE now; vault.key is gone.');
    return moved;
  }

  async #derive(source: Extract<KeySource, { source: 'scrypt' }>): Promise<Uint8Array> {
    if (this.#passphrase === undefined) {
      throw new VaultError(
        'wrong_passphrase',
        'The provider credentials are encrypted under a passphrase. Start again with NTL_VAULT_PASSPHRASE set to it.',
      );
    }
    // A damaged cost with the same salt gives another key: all of the source is the cache's key.
    const salt = JSON.stringify(source);
    if (this.#derived?.salt !== salt)
      this.#derived = { salt, key: await deriveKey(this.#passphrase, source) };
    return this.#derived.key;
  }

  #readKeyFile(): Promise<Uint8Array | undefined> {
    return readKeyFile(this.#dataDir, (message) => this.#log?.warn(message));
  }

  #save({ source, key, entries }: OpenedFile): Promise<void> {
    return writing(writeFileAtomic(this.#path, writeVaultFile(source, entries, key)));
  }
}

function vaultFilePath(dataDir: string): string {
  return join(dataDir, 'vault.json');
}

async function madeWithPassphrase(dataDir: string): Promise<boolean> {
  try {
    const text = await readText(vaultFilePath(dataDir));
    return text !== undefined && parseVaultFile(text).key.source === 'scrypt';
  } catch {
    return false; // Damaged or unreadable: the first call says so.
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new VaultError(
      'unavailable',
      'The credential file vault.json cannot be read. Check its owner and mode.',
      {
        cause: error,
      },
    );
  }
}

async function writing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new VaultError(
      'unavailable',
      `The credential file could not be written (${code}); the old one still holds. Check that the disk has room and the data folder may be written.`,
      { cause },
    );
  }
}
