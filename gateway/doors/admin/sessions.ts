import { createHash, randomBytes } from 'node:crypto';

/** A browser nobody used for this long is signed out. */
const IDLE_MS = 12 * 3_600_000;
/** More than one owner's browsers; the one unused longest gives way. */
const MAX_SESSIONS = 100;
const MAX_TICKETS = 100;

/**
 * Browsers that are signed in, and the tickets that sign one in once. Both live in memory: a restart signs
 * everybody out. They are kept by their hash, so the time a lookup takes tells nothing of them.
 */
export class Sessions {
  readonly #steady: () => number;
  /** When each was last used, steady ms; the order of the map is the order of use. */
  readonly #usedAt = new Map<string, number>();
  readonly #tickets = new Set<string>();

  constructor(steady: () => number) {
    this.#steady = steady;
  }

  /** A new ticket for `/panel/signin?ticket=…`. It signs one browser in. */
  ticket(): string {
    const ticket = secret();
    this.#tickets.add(hashOf(ticket));
    forgetOldest(this.#tickets, MAX_TICKETS);
    return ticket;
  }

  /** @returns the session's id for the cookie; null for a ticket that is unknown or was used */
  redeem(ticket: string): string | null {
    if (!this.#tickets.delete(hashOf(ticket))) return null;
    const id = secret();
    this.#usedAt.set(hashOf(id), this.#steady());
    forgetOldest(this.#usedAt, MAX_SESSIONS);
    return id;
  }

  /** Whether the session lives; asking is using it. */
  use(id: string): boolean {
    const hash = hashOf(id);
    const usedAt = this.#usedAt.get(hash);
    this.#usedAt.delete(hash);
    const now = this.#steady();
    if (usedAt === undefined || now - usedAt > IDLE_MS) return false;
    this.#usedAt.set(hash, now);
    return true;
  }

  end(id: string): void {
    this.#usedAt.delete(hashOf(id));
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function forgetOldest(kept: Set<string> | Map<string, number>, most: number): void {
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
}
