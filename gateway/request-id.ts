import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

const ID_BYTES = 16;

/** Asking the system for random bytes costs the same for many ids as for one. */
const pool = new Uint8Array(256 * ID_BYTES);
let used = pool.length;

function random(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ID_BYTES;
  return pool.subarray(used - ID_BYTES, used);
}

/** A time-ordered id (RFC 9562, version 7): an audit row can be found by it without an index of its own. */
export function requestId(): string {
  return uuidv7({ random: random() });
}
