/** Keys of ours in the text of a settings file, known by their hash. */
import { hash } from 'node:crypto';

const KEYS = /ntl_live_[A-Za-z0-9]{40}/g;

export function keyHashOf(key: string): string {
  return hash('sha256', key, 'hex');
}

/** The key of this hash, where the text has it. */
export function keyIn(text: string, keyHash: string): string | undefined {
  return text.match(KEYS)?.find((key) => keyHashOf(key) === keyHash);
}
