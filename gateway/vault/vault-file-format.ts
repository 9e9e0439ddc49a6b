import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { VaultError } from './vault.ts';

/** One AES-256-GCM message: a 96-bit random nonce, and the ciphertext with its 128-bit tag behind it; in base64. */
interface Box {
  nonce: string;
  data: string;
}

export type KeySource =
  | { source: 'scrypt'; N: number; r: number; p: number; salt: string }
  | { source: 'key-file' };

export interface VaultEntry {
  account: string;
  box: Box;
}

export interface VaultFile {
  format: 'ntl-vault';
  version: 1;
  key: KeySource;
  /** Holds nothing; opens only with the right key. Tells a wrong passphrase from a damaged file. */
  check: Box;
  /** A list, not an object: an account may be called `__proto__`. */
  entries: VaultEntry[];
  /** Holds nothing; its associated data is all the rest, so no entry can be taken out, swapped or renamed. */
  seal: Box;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @returns the text of a vault file, checked and sealed under `key` (32 bytes) */
export function writeVaultFile(source: KeySource, entries: VaultEntry[], key: Uint8Array): string {
  const content = {
    format: 'ntl-vault',
    version: 1,
    key: source,
    check: encrypt(key, 'check', ''),
    entries,
  } as const;
  return toText({ ...content, seal: encrypt(key, sealedBy(content), '') });
}

/**
 * Reads the form only; the seal is for `verifyVaultFile`, which needs the key.
 * @throws VaultError `damaged` when one byte is not as `writeVaultFile` would have it
 */
export function parseVaultFile(text: string): VaultFile {
  let file: VaultFile;
  try {
    file = vaultFileOf(JSON.parse(text));
  } catch (cause) {
    throw damaged(cause);
  }
  if (toText(file) !== text) throw damaged();
  return file;
}

/** Rebuilt field by field: what is added, missing or in another place shows when it is written out again. */
function vaultFileOf(value: unknown): VaultFile {
  const { format, version, key, check, entries, seal } = objectOf(value);
  if (format !== 'ntl-vault' || version !== 1 || !Array.isArray(entries)) throw notAVault();
  return {
    format,
    version,
    key: keySourceOf(key),
    check: boxOf(check),
    entries: entries.map((entry) => {
      const { account, box } = objectOf(entry);
      return { account: textOf(account), box: boxOf(box) };
    }),
    seal: boxOf(seal),
  };
}

/** Bounds keep a damaged file from asking for hours of work or all memory: scrypt takes 128 · N · r bytes. */
function keySourceOf(value: unknown): KeySource {
  const { source, N, r, p, salt } = objectOf(value);
  if (source === 'key-file') return { source };
  if (source !== 'scrypt') throw notAVault();
  return { source, N: whole(N, 2, 2 ** 20), r: whole(r, 1, 16), p: whole(p, 1, 16), salt: base64Of(salt) };
}

function boxOf(value: unknown): Box {
  const { nonce, data } = objectOf(value);
  return { nonce: base64Of(nonce), data: base64Of(data) };
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw notAVault();
  return value as Record<string, unknown>;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw notAVault();
  return value;
}

function base64Of(value: unknown): string {
  const text = textOf(value);
  if (Buffer.from(text, 'base64').toString('base64') !== text) throw notAVault();
  return text;
}

function whole(value: unknown, least: number, most: number): number {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) throw notAVault();
  return value as number;
}

function notAVault(): TypeError {
  return new TypeError('The file is not a vault.');
}

/** @throws VaultError `wrong_passphrase` when the key does not fit, `damaged` when the file was altered */
export function verifyVaultFile(file: VaultFile, key: Uint8Array): void {
  if (decrypt(key, 'check', file.check) === undefined) throw wrongKey(file.key);
  const { seal, ...content } = file;
  if (decrypt(key, sealedBy(content), seal) === undefined) throw damaged();
}

/** @returns the entry for one account: its secret, bound to its name */
export function encryptEntry(key: Uint8Array, account: string, secret: string): VaultEntry {
  return { account, box: encrypt(key, `entry:${account}`, secret) };
}

/** @throws VaultError `damaged` */
export function decryptEntry(key: Uint8Array, entry: VaultEntry): string {
  const secret = decrypt(key, `entry:${entry.account}`, entry.box);
  if (secret === undefined) throw damaged();
  return secret;
}

function encrypt(key: Uint8Array, associatedData: string, plaintext: string): Box {
  // Random nonces are safe for 2^32 messages under one key (NIST SP 800-38D, 8.3).
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(associatedData, 'utf8'));
  const data = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { nonce: nonce.toString('base64'), data: data.toString('base64') };
}

/** @returns undefined when the key, the associated data or a byte is not what it was */
function decrypt(key: Uint8Array, associatedData: string, box: Box): string | undefined {
  const nonce = Buffer.from(box.nonce, 'base64');
  const data = Buffer.from(box.data, 'base64');
  if (nonce.length !== NONCE_BYTES || data.length < TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(associatedData, 'utf8'));
  decipher.setAuthTag(data.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(data.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

function toText(file: VaultFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

function sealedBy(content: Omit<VaultFile, 'seal'>): string {
  return `seal:${JSON.stringify(content)}`;
}

function wrongKey(source: KeySource): VaultError {
  return source.source === 'scrypt'
    ? new VaultError(
        'wrong_passphrase',
        'NTL_VAULT_PASSPHRASE does not open the credential file. Start again with the passphrase it was made with; if that is the one, the file was altered: restore vault.json from a backup.',
      )
    : new VaultError(
        'damaged',
        'vault.key does not open the credential file. Restore vault.json and vault.key from the same backup.',
      );
}

function damaged(cause?: unknown): VaultError {
  return new VaultError(
    'damaged',
    'The credential file vault.json is damaged or was altered. Restore it from a backup, or move it away and enter the provider credentials again.',
    { cause },
  );
}
