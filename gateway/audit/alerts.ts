import { isLoopbackAddress, normalAddress } from '../accounts/addresses.ts';
import type { IpBlocks } from '../accounts/ip-blocks.ts';
import type { ApiKey } from '../accounts/keys.ts';
import type { Store } from '../store/store.ts';
import { Bursts } from './bursts.ts';
import type { LiveEvents } from './events.ts';
import type { Names } from './names.ts';
import { UnusualVolume } from './unusual-volume.ts';

type AlertKind = 'new_address' | 'refused_keys' | 'provider_failing' | 'unusual_volume' | 'billing';

/** Something the owner should look at. */
export interface Alert {
  id: number;
  /** Wall-clock ms. */
  at: number;
  kind: AlertKind;
  /** Plain sentences, without secrets. */
  message: string;
  memberId: number | null;
  keyId: number | null;
  address: string | null;
  seenAt: number | null;
}

type AlertFacts = Omit<Alert, 'id' | 'seenAt'>;

/** Half-open span of wall-clock milliseconds, and a page of it. */
export interface AlertPage {
  from: number;
  to: number;
  limit: number;
  offset: number;
  /** Only those nobody has looked at. */
  unseenOnly: boolean;
}

export interface AlertsParts {
  store: Pick<Store, 'db' | 'commits'>;
  names: Names;
  keys: { get(id: number): ApiKey | undefined };
  blocks: IpBlocks;
  events: LiveEvents;
  /** Last audit row that the roll-ups hold. */
  rolledUpTo: () => number;
  /** The name of a provider, also of a deleted one. */
  providerName: (id: number) => string | undefined;
  wall: () => number;
  /** An alert that could not be written is lost, not the request it came from. */
  onError: (error: unknown) => void;
}

/** What a provider may fail in a row before the owner hears of it. */
const FAILURES_TOLD = 3;
const BLOCK_MS = 15 * 60_000;
/** A key seen from more addresses than this moves all the time: one more is no news. */
const MAX_ADDRESSES = 1_000;

/** The desktop window's calls come from no address. */
const IN_PROCESS = 'in-process';

const COLUMNS =
  'id, at, kind, message, member_id AS memberId, key_id AS keyId, address, seen_at AS seenAt FROM alerts';
const SPAN = 'at >= @from AND at < @to AND (@unseen = 0 OR seen_at IS NULL)';

/** Notices what is unusual and keeps it for the owner. No method throws on the way of a request. */
export class Alerts {
  readonly #parts: AlertsParts;
  readonly #addresses = new Map<number, Set<string>>();
  readonly #bursts = new Bursts({ size: 20, withinMs: 60_000, quietMs: BLOCK_MS });
  readonly #failing = new Map<number, number>();
  readonly #volume: UnusualVolume;
  readonly #insert;
  readonly #insertAddress;
  readonly #knownAddresses;
  readonly #list;
  readonly #count;
  readonly #byId;
  readonly #seen;

  constructor(parts: AlertsParts) {
    this.#parts = parts;
    const { db } = parts.store;
    this.#volume = new UnusualVolume(db, parts.rolledUpTo);
    this.#insert = db.prepare<AlertFacts>(
      `INSERT INTO alerts (at, kind, message, member_id, key_id, address)
       VALUES (@at, @kind, @message, @memberId, @keyId, @address)`,
    );
    this.#insertAddress = db.prepare<[number, number, number]>(
      'INSERT OR IGNORE INTO key_addresses (key_id, address, first_at) VALUES (?, ?, ?)',
    );
    this.#knownAddresses = db.prepare<[number], { text: string }>(
      `SELECT n.text FROM key_addresses a JOIN names n ON n.id = a.address WHERE a.key_id = ? LIMIT ${MAX_ADDRESSES}`,
    );
    this.#list = db.prepare<
      { from: number; to: number; unseen: number; limit: number; offset: number },
      Alert
    >(`SELECT ${COLUMNS} WHERE ${SPAN} ORDER BY id DESC LIMIT @limit OFFSET @offset`);
    this.#count = db.prepare<{ from: number; to: number; unseen: number }, { total: number }>(
      `SELECT count(*) AS total FROM alerts WHERE ${SPAN}`,
    );
    this.#byId = db.prepare<[number], Alert>(`SELECT ${COLUMNS} WHERE id = ?`);
    this.#seen = db.prepare<[number, number]>(
      'UPDATE alerts SET seen_at = ? WHERE id = ? AND seen_at IS NULL',
    );
  }

  /** A key was accepted. Its first address ever is no news, and this computer never is. */
  keyUsedFrom(use: { memberId: number; keyId: number; address: string; at: number }): void {
    const address = normalAddress(use.address);
    const known = this.#addresses.get(use.keyId);
    if (known?.has(address)) return;
    this.#guarded(() => this.#newAddress({ ...use, address }));
  }

  /** A key was refused. Too many from one address block it for a while; this computer is never blocked. */
  refusedKey(callerAddress: string, at: number): void {
    const address = normalAddress(callerAddress);
    if (!this.#bursts.count(address, at)) return;
    this.#guarded(() => {
      const blocked = !isLocal(address) && this.#block(address, at);
      const what = `Many wrong API keys came from ${isLocal(address) ? 'a program on this computer' : address} within a minute.`;
      const then = blocked ? ' The address is blocked for 15 minutes.' : '';
      this.#raise({ at, kind: 'refused_keys', message: what + then, memberId: null, keyId: null, address });
    });
  }

  /** A call to the provider failed. One alert when it starts to fail, the next only after it was well. */
  providerFailing(providerId: number, message: string): void {
    const failures = (this.#failing.get(providerId) ?? 0) + 1;
    this.#failing.set(providerId, failures);
    if (failures !== FAILURES_TOLD) return;
    const name = this.#parts.providerName(providerId) ?? providerId;
    this.#guarded(() =>
      this.#raise({
        at: this.#parts.wall(),
        kind: 'provider_failing',
        message: `Provider ${name} keeps failing. ${message}`.trim(),
        memberId: null,
        keyId: null,
        address: null,
      }),
    );
  }

  providerWell(providerId: number): void {
    this.#failing.delete(providerId);
  }

  /** Something about payments that only the owner can settle. */
  billing(message: string, memberId: number | null): void {
    const facts = { at: this.#parts.wall(), kind: 'billing' as const, message, memberId };
    this.#guarded(() => this.#raise({ ...facts, keyId: null, address: null }));
  }

  /** Looks for unusual volume. To be called every minute or so. */
  check(): void {
    const at = this.#parts.wall();
    this.#guarded(() => {
      for (const { keyId, requests, busiest } of this.#volume.find(at)) {
        const key = this.#parts.keys.get(keyId);
        const usual =
          busiest === 0
            ? 'It was not used in the week before.'
            : `Its busiest hour in the week before had ${busiest}.`;
        this.#raise({
          at,
          kind: 'unusual_volume',
          message: `Key ${key?.name ?? keyId} sent ${requests} requests within this hour. ${usual}`,
          memberId: key?.memberId ?? null,
          keyId,
          address: null,
        });
      }
    });
  }

  /** Newest first. */
  list({ unseenOnly, ...page }: AlertPage): { alerts: Alert[]; total: number } {
    const span = { ...page, unseen: unseenOnly ? 1 : 0 };
    return { alerts: this.#list.all(span), total: this.#count.get(span)?.total ?? 0 };
  }

  /** @returns the alert, undefined when there is none */
  markSeen(id: number): Alert | undefined {
    this.#seen.run(this.#parts.wall(), id);
    return this.#byId.get(id);
  }

  #newAddress({
    memberId,
    keyId,
    address,
    at,
  }: {
    memberId: number;
    keyId: number;
    address: string;
    at: number;
  }) {
    const known = this.#addressesOf(keyId);
    if (known.has(address) || known.size >= MAX_ADDRESSES) return;
    const firstEver = known.size === 0;
    const { names, keys } = this.#parts;
    const name = names.id(address);
    known.add(address);
    const write = () => void this.#insertAddress.run(keyId, name, at);
    if (firstEver || isLocal(address)) return this.#write(write, () => undefined);
    const key = keys.get(keyId);
    const message = `Key ${key?.name ?? keyId} (${key?.prefix ?? ''}…) was used from ${address} for the first time.`;
    this.#raise({ at, kind: 'new_address', message, memberId, keyId, address }, write);
  }

  #addressesOf(keyId: number): Set<string> {
    let known = this.#addresses.get(keyId);
    if (known === undefined) {
      known = new Set(this.#knownAddresses.all(keyId).map(({ text }) => text));
      this.#addresses.set(keyId, known);
    }
    return known;
  }

  /** @returns false where the owner's own block holds already */
  #block(address: string, at: number): boolean {
    const { blocks } = this.#parts;
    if (blocks.find(address) !== undefined) return false;
    const reason = 'Many wrong API keys within a minute';
    blocks.add({ cidr: address, reason, expiresAt: at + BLOCK_MS, createdAt: at });
    return true;
  }

  #raise(facts: AlertFacts, alongside?: () => void): void {
    let id = 0;
    const write = () => {
      alongside?.();
      id = Number(this.#insert.run(facts).lastInsertRowid);
    };
    this.#write(write, () =>
      this.#parts.events.emit({ type: 'alert', data: { ...facts, id, seenAt: null } }),
    );
  }

  #write(work: () => void, written: () => void): void {
    this.#parts.store.commits.commit(work).then(written).catch(this.#parts.onError);
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#parts.onError(error);
    }
  }
}

function isLocal(address: string): boolean {
  return address === IN_PROCESS || isLoopbackAddress(address);
}
