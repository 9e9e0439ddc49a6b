import { hash, randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { GatewayError } from '../../errors.ts';
import type { Limit, Limits } from '../../quotas/limits.ts';
import type { Store } from '../../store/store.ts';
import type { ApiKey, Keys } from '../keys.ts';
import type { Member, Members } from '../members.ts';
import { type JoinRequest, JoinRequests, type KeyTerms } from './join-requests.ts';
import { type Look, lookOf, looksLike, refuseName } from './names.ts';
import { refusePlainText, tidied } from './plain-text.ts';

const HOUR_MS = 3_600_000;

/** How long a request waits for the owner, and an approved one for its browser. The page says so. */
export const WAITS_MS = 24 * HOUR_MS;
export const COLLECT_MS = HOUR_MS;
/** What was settled is told to its browser for so long. */
const KEPT_MS = 7 * 24 * HOUR_MS;
/** More than wait for an owner who looks now and then. */
const MOST_WAITING = 50;
const MOST_PURPOSE = 200;
/** The plan of new members. */
const PLAN = 'pro';

export interface JoiningParts {
  store: Pick<Store, 'db'>;
  clock: Clock;
  members: Members;
  keys: Keys;
  limits: Limits;
}

export interface Asked {
  name: string;
  email: string | null;
  purpose: string | null;
  address: string;
}

/** What somebody is let in with. */
export interface JoinTerms {
  member: Partial<Omit<Member, 'id' | 'createdAt' | 'owner' | 'status'>>;
  limits: readonly Omit<Limit, 'scope' | 'subjectId'>[];
  key: KeyTerms;
}

/** What counts where the owner lets somebody in without saying more. */
export const USUAL_TERMS: JoinTerms = {
  member: {},
  limits: [],
  key: { name: 'first key', kind: 'standard', expiresAt: null },
};

/** A request whose time ran out just now. */
export interface Lapsed {
  request: JoinRequest;
  /** The member that was taken off the list; null where it was let in. */
  member: Member | null;
}

/**
 * People who ask to join: from the page to the key. A request is bound to the browser that made it by a secret of
 * which only the hash is kept; the key is made at the moment that browser fetches it, so it lies nowhere before.
 * Each step is one transaction, and two of them at once are one after the other.
 */
export class Joining {
  readonly #parts: JoiningParts;
  readonly #requests: JoinRequests;
  readonly #looks = new WeakMap<Member, Look>();

  constructor(parts: JoiningParts) {
    this.#parts = parts;
    this.#requests = new JoinRequests(parts.store.db);
  }

  /**
   * Puts somebody on the list.
   * @returns the member that waits, and the secret for its browser, which is shown to nobody else
   * @throws GatewayError `invalid_request` that names the field, `conflict`
   */
  ask(asked: Asked): { request: JoinRequest; member: Member; secret: string } {
    const name = tidied(asked.name);
    const purpose = asked.purpose === null ? '' : tidied(asked.purpose);
    refuse('name', refuseName(name));
    refuse('purpose', refusePlainText(purpose, 'What it is for', MOST_PURPOSE));
    const waiting = this.list().filter(({ state }) => state === 'waiting').length;
    if (waiting >= MOST_WAITING)
      throw new GatewayError(
        'conflict',
        `${MOST_WAITING} people wait already. Try again later, or tell the owner.`,
      );
    this.#refuseTaken(name);
    const now = this.#now;
    const secret = randomBytes(32).toString('base64url');
    const secretHash = hashOf(secret);
    const { request, member } = this.#together(() => {
      const made = this.#parts.members.create({
        ...{ name, email: asked.email, status: 'pending' as const, planId: PLAN, createdAt: now },
        ...{ allowedModels: null, allowedIps: null, prepaid: false, selfService: true, owner: false },
      });
      const facts = {
        ...{ memberId: made.id, name, purpose: purpose === '' ? null : purpose, address: asked.address },
        ...{ state: 'waiting' as const, createdAt: now, decidedAt: null, until: now + WAITS_MS },
        ...{ words: null, key: null, keyId: null },
      };
      return { member: made, request: this.#requests.insert(facts, secretHash) };
    });
    this.#requests.remember(request, secretHash);
    return { request, member, secret };
  }

  /** Whose secret it is, as it stands now. */
  find(secret: string): JoinRequest | undefined {
    const found = this.#requests.byHash(hashOf(secret));
    return found && this.#current(found);
  }

  get(id: number): JoinRequest | undefined {
    const found = this.#requests.get(id);
    return found && this.#current(found);
  }

  /** All that are told of still, as they stand now. */
  list(): JoinRequest[] {
    return this.#requests.list().map((request) => this.#current(request));
  }

  /**
   * Lets somebody in. The key is made when it is fetched.
   * @throws GatewayError `conflict` where that was decided already
   */
  approve(request: JoinRequest, terms: JoinTerms): JoinRequest {
    const { members, limits } = this.#parts;
    this.#require(request, ['waiting']);
    const now = this.#now;
    const approved: JoinRequest = {
      ...request,
      ...{ state: 'approved', decidedAt: now, until: now + COLLECT_MS, key: terms.key },
    };
    const member = this.#together(() => {
      this.#requests.write(approved);
      const changed = members.write(request.memberId, { ...terms.member, status: 'active' });
      for (const limit of terms.limits) {
        limits.put({ ...limit, scope: 'member', subjectId: String(request.memberId) });
      }
      return changed;
    });
    if (member !== undefined) members.remember(member);
    this.#requests.remember(approved);
    return approved;
  }

  /** Turns somebody away; the member is taken off the list. @param words for the page; null for none */
  refuse(request: JoinRequest, words: string | null): JoinRequest {
    this.#require(request, ['waiting']);
    const said = words === null ? '' : tidied(words);
    refuse('words', refusePlainText(said, 'The words', MOST_PURPOSE));
    return this.#end(request, { state: 'refused', decidedAt: this.#now, words: said === '' ? null : said });
  }

  /**
   * Offers the key once more, to the same browser, where it was not fetched in time or got lost. One that was made is
   * revoked.
   */
  offerAgain(request: JoinRequest): JoinRequest {
    this.#require(request, ['approved', 'uncollected', 'collected']);
    const { members, keys } = this.#parts;
    if (members.get(request.memberId)?.status !== 'active')
      throw new GatewayError('conflict', 'The member is not active: nothing can be offered to it.');
    if (isOver(request.key, this.#now))
      throw new GatewayError(
        'conflict',
        'The key would have expired already. Make another one for the member.',
      );
    const offered: JoinRequest = {
      ...request,
      ...{ state: 'approved', until: this.#now + COLLECT_MS, keyId: null },
    };
    this.#together(() => {
      this.#requests.write(offered);
      if (request.keyId !== null) keys.revoke(request.keyId, this.#now);
    });
    this.#requests.remember(offered);
    return offered;
  }

  /**
   * Makes the key, for the browser that asked, this once.
   * @throws GatewayError `conflict`, `access_disabled` or `suspended`
   */
  collect(request: JoinRequest): { request: JoinRequest; member: Member; key: ApiKey; plaintext: string } {
    const { members, keys } = this.#parts;
    this.#require(request, ['approved']);
    const member = members.get(request.memberId);
    const { key: terms } = request;
    if (member === undefined || member.status === 'disabled' || member.status === 'pending')
      throw new GatewayError('access_disabled', `API access is off for ${request.name}.`);
    if (member.status === 'suspended')
      throw new GatewayError('suspended', `${member.name} is suspended by the owner.`);
    if (terms === null || isOver(terms, this.#now))
      throw new GatewayError(
        'conflict',
        'The key has expired before it was fetched. Ask the owner for another.',
      );
    const made = this.#together(() => {
      // First, so that a key is never made where this cannot be written.
      this.#requests.write({ ...request, state: 'collected' });
      const { key, plaintext } = keys.create({ ...terms, memberId: member.id, now: this.#now });
      const collected: JoinRequest = { ...request, state: 'collected', keyId: key.id };
      this.#requests.write(collected);
      return { request: collected, key, plaintext };
    });
    this.#requests.remember(made.request);
    return { ...made, member };
  }

  /** Takes one's own request back. @returns the member that waited */
  withdraw(request: JoinRequest): Member | undefined {
    this.#require(request, ['waiting']);
    const member = this.#parts.members.get(request.memberId);
    this.#end(request, { state: 'unanswered' });
    this.#requests.remove(request.id);
    return member;
  }

  /**
   * To be told of a member that the owner has changed or deleted elsewhere: a request that waits is decided by that.
   */
  memberChanged(memberId: number): void {
    const request = this.#requests.ofMember(memberId);
    if (request === undefined) return;
    const member = this.#parts.members.get(memberId);
    const now = this.#now;
    const settled = (facts: Partial<JoinRequest>) => {
      const after = { ...request, ...facts, decidedAt: request.decidedAt ?? now };
      this.#requests.write(after);
      this.#requests.remember(after);
    };
    if (member === undefined && (request.state === 'waiting' || request.state === 'approved'))
      settled({ state: request.state === 'waiting' ? 'refused' : 'uncollected' });
    else if (request.state === 'waiting' && member?.status === 'active')
      settled({ state: 'approved', until: now + COLLECT_MS, key: USUAL_TERMS.key });
  }

  /** Ends what has waited too long and forgets what was settled long ago. To be called every minute or so. */
  sweep(): Lapsed[] {
    const now = this.#now;
    const lapsed: Lapsed[] = [];
    for (const request of this.#requests.list()) {
      const member = this.#parts.members.get(request.memberId) ?? null;
      if (this.#hasLapsed(request)) {
        const waited = request.state === 'waiting';
        lapsed.push({ request: this.#lapse(request), member: waited ? member : null });
      } else if (isSettled(request) && now > Math.max(request.until, request.decidedAt ?? 0) + KEPT_MS) {
        this.#requests.remove(request.id);
      }
    }
    return lapsed;
  }

  get #now(): number {
    return this.#parts.clock.wall();
  }

  /** As it stands now, whether the sweep has come by or not. */
  #current(request: JoinRequest): JoinRequest {
    if (!this.#hasLapsed(request)) return request;
    return { ...request, state: request.state === 'waiting' ? 'unanswered' : 'uncollected' };
  }

  #hasLapsed({ state, until }: JoinRequest): boolean {
    return (state === 'waiting' || state === 'approved') && until <= this.#now;
  }

  #lapse(request: JoinRequest): JoinRequest {
    if (request.state === 'waiting') return this.#end(request, { state: 'unanswered' });
    const after: JoinRequest = { ...request, state: 'uncollected' };
    this.#requests.write(after);
    this.#requests.remember(after);
    return after;
  }

  /** Without the member that waited, and without what was made for it meanwhile. */
  #end(request: JoinRequest, facts: Partial<JoinRequest>): JoinRequest {
    const { members, keys } = this.#parts;
    const after = { ...request, ...facts };
    this.#together(() => {
      this.#requests.write(after);
      for (const { id } of keys.ofMember(request.memberId)) keys.revoke(id, this.#now);
      members.remove(request.memberId, this.#now);
    });
    this.#requests.remember(after);
    return after;
  }

  #require(request: JoinRequest, states: readonly JoinRequest['state'][]): void {
    const { state } = this.get(request.id) ?? request;
    if (!states.includes(state)) throw new GatewayError('conflict', `${request.name} ${SETTLED[state]}`);
  }

  /** Whom a name could be taken for. */
  #refuseTaken(name: string): void {
    const look = lookOf(name);
    for (const member of this.#parts.members.list()) {
      if (!looksLike(this.#lookOf(member), look)) continue;
      const words =
        member.name === name
          ? 'Somebody here has this name already. Add something to it, such as a surname or a machine.'
          : 'The name looks like one that somebody here has already. Add something to it.';
      throw new GatewayError('conflict', words, { field: 'name' });
    }
  }

  #lookOf(member: Member): Look {
    const known = this.#looks.get(member);
    if (known !== undefined) return known;
    const look = lookOf(member.name);
    this.#looks.set(member, look);
    return look;
  }

  #together<Result>(work: () => Result): Result {
    return this.#parts.store.db.transaction(work).immediate();
  }
}

const SETTLED: Readonly<Record<JoinRequest['state'], string>> = {
  waiting: 'waits for the owner still.',
  approved: 'was approved already.',
  collected: 'was approved already, and the key was fetched.',
  refused: 'was refused already.',
  unanswered: 'waited too long: the request has lapsed.',
  uncollected: 'was approved, but the key was not fetched in time.',
};

function isSettled({ state }: JoinRequest): boolean {
  return state !== 'waiting' && state !== 'approved';
}

function isOver(key: KeyTerms | null, now: number): boolean {
  return key !== null && key.expiresAt !== null && key.expiresAt <= now;
}

function refuse(field: string, message: string | null): void {
  if (message !== null) throw new GatewayError('invalid_request', message, { field });
}

function hashOf(secret: string): string {
  return hash('sha256', secret, 'hex');
}
