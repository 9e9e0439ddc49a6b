/** The opaque proofs that services attach to thinking and check when it comes back. */
import { createHash } from 'node:crypto';

/** The signature this provider puts on a thinking block, and the only one it takes back with that text. */
export function signatureFor(thinking: string): string {
  return `EqQB${digest('signature', thinking)}`;
}

/** The `encrypted_content` this provider puts on a reasoning item, and the only one it takes back with that text. */
export function encryptedFor(thinking: string): string {
  return `gAAAAAB${digest('encrypted', thinking)}`;
}

function digest(kind: string, thinking: string): string {
  return createHash('sha256').update(`${kind}:${thinking}`).digest('base64');
}
