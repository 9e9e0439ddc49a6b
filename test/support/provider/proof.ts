/**
 * The opaque proofs that services attach to thinking and check when it comes back. Each provider makes its own:
 * proofs of one `realm` are foreign to every other, as those of two services are.
 */
import { createHash } from 'node:crypto';

/** Which provider made a proof; '' unless told otherwise. */
export type Realm = string;

/** The signature on a thinking block. `hidden` is what it holds beyond the text shown. */
export function signatureFor(thinking: string, hidden = '', realm: Realm = ''): string {
  return `EqQB${sealed('signature', thinking, hidden, realm)}`;
}

/** Whether this provider put that signature on a block with that text. */
export function isSignatureFor(signature: unknown, thinking: string, realm: Realm): boolean {
  return isSealed(signature, 'EqQB', 'signature', thinking, realm);
}

/** The `data` of a redacted thinking block. */
export function redactedFor(hidden: string, realm: Realm = ''): string {
  return `EmwK${sealed('redacted', '', hidden, realm)}`;
}

export function isRedacted(data: unknown, realm: Realm): boolean {
  return isSealed(data, 'EmwK', 'redacted', '', realm);
}

/** The `encrypted_content` of a reasoning item. */
export function encryptedFor(thinking: string, hidden = '', realm: Realm = ''): string {
  return `gAAAAAB${sealed('encrypted', thinking, hidden, realm)}`;
}

export function isEncryptedFor(content: unknown, thinking: string, realm: Realm): boolean {
  return isSealed(content, 'gAAAAAB', 'encrypted', thinking, realm);
}

/** Base64 of a SHA-256. */
const DIGEST_LENGTH = 44;

/** What is shown is proven, what is hidden is carried along. */
function sealed(kind: string, shown: string, hidden: string, realm: Realm): string {
  const carried = Buffer.from(hidden).toString('base64');
  const sealedText = `${kind}:${shown}${hidden}${realm === '' ? '' : `@${realm}`}`;
  return createHash('sha256').update(sealedText).digest('base64') + carried;
}

function isSealed(proof: unknown, prefix: string, kind: string, shown: string, realm: Realm): boolean {
  if (typeof proof !== 'string' || !proof.startsWith(prefix)) return false;
  const hidden = Buffer.from(proof.slice(prefix.length + DIGEST_LENGTH), 'base64').toString('utf8');
  return proof === prefix + sealed(kind, shown, hidden, realm);
}

/** Google's `thoughtSignature` on a call of that function, or on a text (''). */
export function thoughtSignatureFor(functionName: string, realm: Realm = ''): string {
  return `AVSoXO${sealed('thought', functionName, '', realm)}`;
}

export function isThoughtSignatureFor(signature: unknown, functionName: string, realm: Realm): boolean {
  return isSealed(signature, 'AVSoXO', 'thought', functionName, realm);
}
