import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.ts';

/** A browser nobody used for this long is signed out. */
const IDLE_MS = 12 * 3_600_000;
/** However much it is used, a browser signs in anew after this long. */
const LONGEST_MS = 7 * 86_400_000;
/** A link that was asked for is used now, or not at all. */
const LINK_MS = 10 * 60_000;
/** More than one owner's browsers; the one unused longest gives way. */
const MAX_SESSIONS = 100;
const MAX_TICKETS = 100;
const MAX_USER_AGENT = 200;

/** How a browser was signed in: `here` by a link or the token of this computer, the others over the network. */
export type SignInWay = 'here' | 'password' | 'passkey';

/** A browser that is signed in, as the owner may see it: nothing here signs anybody in. */
export interface SignedIn {
  id: number;
  way: SignInWay;
  /** From where it was signed in. */
  address: string;
  /** Wall-clock ms. */
  createdAt: number;
  /** Wall-clock ms. */
  lastUsedAt: number;
  /** At most 200 characters. */
  userAgent: string;
}

interface Session extends SignedIn {
  /** Steady ms. */
  since: number;
  /** Steady ms. */
  usedAt: number;
}

/**
 * Browsers that are signed in, and the tickets that sign one in once. Both live in memory: the end of the process
 * signs everybody out. They are kept by their hash, so the time a lookup takes tells nothing of them.
 */
export class Sessions {
  readonly #clock: Clock;
  /** In order of use. */
  readonly #sessions = new Map<string, Session>();
  /** Until when each signs in, steady ms. */
  readonly #tickets = new Map<string, number>();
  #lastId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A new ticket for `/panel/signin?ticket=…`. It signs one browser in, whenever that is. */
  ticket(): string {
    return this.#ticket(Number.POSITIVE_INFINITY);
  }

  /** A ticket for whoever asks for a link now: it holds for ten minutes, and never takes the place of a lasting one. */
  shortTicket(): string {
    return this.#ticket(this.#clock.steady() + LINK_MS);
  }

  #ticket(until: number): string {
    const ticket = secret();
    this.#tickets.set(hashOf(ticket), until);
    if (this.#tickets.size > MAX_TICKETS) {
      const [short] = [...this.#tickets].find(([, end]) => Number.isFinite(end)) ?? [];
      const [oldest] = this.#tickets.keys();
      this.#tickets.delete(short ?? oldest ?? '');
    }
    return ticket;
  }

  /** @returns the session's secret for the cookie; null for a ticket that is unknown, was used, or is too old */
  redeem(ticket: string, userAgent: string, address = ''): string | null {
    const hash = hashOf(ticket);
    const until = this.#tickets.get(hash) ?? Number.NEGATIVE_INFINITY;
    this.#tickets.delete(hash);
    return this.#clock.steady() > until ? null : this.start(userAgent, 'here', address);
  }

  /** Signs a browser in. @returns the session's secret for the cookie */
  start(userAgent: string, way: SignInWay = 'here', address = ''): string {
    const id = secret();
    const [wall, steady] = [this.#clock.wall(), this.#clock.steady()];
    this.#sessions.set(hashOf(id), {
      ...{ id: ++this.#lastId, createdAt: wall, lastUsedAt: wall, since: steady, usedAt: steady },
      ...{ userAgent: userAgent.slice(0, MAX_USER_AGENT), way, address },
    });
    if (this.#sessions.size > MAX_SESSIONS) {
      const [oldest] = this.#sessions.keys();
      if (oldest !== undefined) this.#sessions.delete(oldest);
    }
    return id;
  }

  /**
   * Whether the session lives; asking is using it.
   * @param overNetwork what comes from another computer needs a session that was signed in from one, and the reverse
   */
  use(sessionSecret: string, overNetwork = false): boolean {
    const session = this.find(sessionSecret);
    if (session === undefined || overNetwork === (session.way === 'here')) return false;
    const hash = hashOf(sessionSecret);
    this.#sessions.delete(hash);
    const used = { usedAt: this.#clock.steady(), lastUsedAt: this.#clock.wall() };
    this.#sessions.set(hash, Object.assign(session, used));
    return true;
  }

  /** The session that lives under a cookie's secret. Asking is not using it. */
  find(sessionSecret: string): Session | undefined {
    const session = this.#sessions.get(hashOf(sessionSecret));
    return session !== undefined && this.#lives(session) ? session : undefined;
  }

  /** The one last used first. */
  list(): SignedIn[] {
    for (const [hash, session] of this.#sessions) if (!this.#lives(session)) this.#sessions.delete(hash);
    return [...this.#sessions.values()]
      .reverse()
      .map(({ since: _since, usedAt: _usedAt, ...shown }) => shown);
  }

  end(sessionSecret: string): void {
    this.#sessions.delete(hashOf(sessionSecret));
  }

  /** Signs out every browser that the test picks. @returns how many */
  endWhere(picked: (session: SignedIn) => boolean): number {
    const found = [...this.#sessions].filter(([, session]) => picked(session));
    for (const [hash] of found) this.#sessions.delete(hash);
    return found.length;
  }

  #lives({ since, usedAt }: Session): boolean {
    const now = this.#clock.steady();
    return now - usedAt <= IDLE_MS && now - since <= LONGEST_MS;
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
