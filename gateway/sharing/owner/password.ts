import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { PasswordHash } from '../sharing-store.ts';

export type PasswordCost = Pick<PasswordHash, 'n' | 'r' | 'p'>;

/** OWASP Password Storage Cheat Sheet, scrypt: N = 2¹⁷, r = 8, p = 1, which takes 128 MiB and some tenths of a second. */
export const PASSWORD_COST: PasswordCost = { n: 2 ** 17, r: 8, p: 1 };
const HASH_BYTES = 32;
const SALT_BYTES = 16;

/** @param now wall-clock ms */
export async function hashPassword(
  password: string,
  now: number,
  cost: PasswordCost = PASSWORD_COST,
): Promise<PasswordHash> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, cost);
  return { ...cost, salt: salt.toString('base64'), hash: hash.toString('base64'), setAt: now };
}

export async function isPassword(password: string, kept: PasswordHash): Promise<boolean> {
  const expected = Buffer.from(kept.hash, 'base64');
  return timingSafeEqual(await derive(password, Buffer.from(kept.salt, 'base64'), kept), expected);
}

/** One text has several forms in Unicode, and keyboards differ in which they write (RFC 8265 §4.2.2). */
function derive(password: string, salt: Buffer, { n, r, p }: PasswordCost): Promise<Buffer> {
  const options = { N: n, r, p, maxmem: 256 * n * r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, HASH_BYTES, options, (error, hash) => {
      if (error === null) resolve(hash);
      else reject(error);
    });
  });
}
