import { hash, randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { SecretCookie } from './cookie.ts';

/** Sent where alone it is needed; it goes when the browser is closed. */
export const MEMBER_COOKIE: SecretCookie = { name: 'ntl_member', path: '/me' };

/** A page nobody uses for this long is signed out, and every page after the longest. */
const IDLE_MS = 2 * 3_600_000;
const LONGEST_MS = 12 * 3_600_000;
/** The one unused longest gives way: of the key's own first, so that one key pushes nobody else out. */
const MOST_OF_KEY = 10;
const MOST = 2_000;

interface Session {
  keyId: number;
  /** Steady ms. */
  since: number;
  usedAt: number;
}

/** Browsers that showed a key, by the hash of their secret. In memory: the end of the process signs all of them out. */
export class MemberSessions {
  readonly #clock: Pick<Clock, 'steady'>;
  /** In order of use. */
  readonly #sessions = new Map<string, Session>();

  constructor(clock: Pick<Clock, 'steady'>) {
    this.#clock = clock;
  }

  /** @returns the secret for the cookie */
  start(keyId: number): string {
    const secret = randomBytes(32).toString('base64url');
    const now = this.#clock.steady();
    const own = [...this.#sessions].filter(([, session]) => session.keyId === keyId);
    const [ownOldest] = own.length >= MOST_OF_KEY ? own : this.#sessions.size >= MOST ? this.#sessions : [];
    if (ownOldest !== undefined) this.#sessions.delete(ownOldest[0]);
    this.#sessions.set(hashOf(secret), { keyId, since: now, usedAt: now });
    return secret;
  }

  /** Whose key the browser showed; asking is using it. */
  use(secret: string): number | undefined {
    const id = hashOf(secret);
    const session = this.#sessions.get(id);
    if (session === undefined) return undefined;
    this.#sessions.delete(id);
    const now = this.#clock.steady();
    if (now - session.usedAt > IDLE_MS || now - session.since > LONGEST_MS) return undefined;
    this.#sessions.set(id, { ...session, usedAt: now });
    return session.keyId;
  }

  end(secret: string): void {
    this.#sessions.delete(hashOf(secret));
  }
}

function hashOf(secret: string): string {
  return hash('sha256', secret, 'hex');
}
