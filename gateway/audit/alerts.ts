import { isLoopbackAddress, networkOf, normalAddress } from '../accounts/addresses.ts';
import type { IpBlocks } from '../accounts/ip-blocks.ts';
import type { ApiKey } from '../accounts/keys.ts';
import type { Store } from '../store/store.ts';
import { type Alert, type AlertFacts, AlertLog, type AlertPage } from './alert-log.ts';
import { Bursts } from './bursts.ts';
import type { LiveEvents } from './events.ts';
import { ExpiringKeys, untilWords } from './expiring-keys.ts';
import type { Names } from './names.ts';
import { UnusualVolume } from './unusual-volume.ts';

export interface AlertsParts {
  store: Pick<Store, 'db' | 'commits'>;
  names: Names;
  keys: { get(id: number): ApiKey | undefined; list(): ApiKey[] };
  /** The name of a member who is there. */
  memberName: (id: number) => string | undefined;
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

/** Notices what is unusual and keeps it for the owner. No method throws on the way of a request. */
export class Alerts {
  readonly log: AlertLog;
  readonly #parts: AlertsParts;
  readonly #addresses = new Map<number, Set<string>>();
  readonly #bursts = new Bursts({ size: 20, withinMs: 60_000, quietMs: BLOCK_MS });
  readonly #failing = new Map<number, number>();
  /** Providers whose credential is refused, as long as that lasts. */
  readonly #refused = new Set<number>();
  readonly #volume: UnusualVolume;
  readonly #expiring: ExpiringKeys;
  readonly #insertAddress;
  readonly #knownAddresses;

  constructor(parts: AlertsParts) {
    this.#parts = parts;
    const { db } = parts.store;
    this.log = new AlertLog(db);
    this.#volume = new UnusualVolume(db, this.log, parts.rolledUpTo);
    this.#expiring = new ExpiringKeys(parts.keys, this.log);
    this.#insertAddress = db.prepare<[number, number, number]>(
      'INSERT OR IGNORE INTO key_addresses (key_id, address, first_at) VALUES (?, ?, ?)',
    );
    this.#knownAddresses = db.prepare<[number], { text: string }>(
      `SELECT n.text FROM key_addresses a JOIN names n ON n.id = a.address WHERE a.key_id = ? LIMIT ${MAX_ADDRESSES}`,
    );
  }

  /** A key was accepted. Its first address ever is no news, and this computer never is. */
  keyUsedFrom(use: { memberId: number; keyId: number; address: string; at: number }): void {
    const address = normalAddress(use.address);
    const known = this.#addresses.get(use.keyId);
    if (known?.has(address)) return;
    this.#guarded(() => this.#newAddress({ ...use, address }));
  }

  /**
   * A key was refused. Too many from one address block it for a while; this computer is never blocked. Whoever has
   * one IPv6 address has its whole /64, so that counts, and is blocked, as one.
   */
  refusedKey(callerAddress: string, at: number): void {
    const address = normalAddress(callerAddress);
    const network = isLocal(address) ? address : networkOf(address);
    if (!this.#bursts.count(network, at)) return;
    this.#guarded(() => {
      const blocked = !isLocal(address) && this.#block(network, at);
      const whole = network === address ? 'The address is' : `All of ${network} is`;
      const what = `Many wrong API keys came from ${isLocal(address) ? 'a program on this computer' : address} within a minute.`;
      const then = blocked ? ` ${whole} blocked for 15 minutes.` : '';
      this.#raise({ at, kind: 'refused_keys', message: what + then, address });
    });
  }

  /**
   * A call to the provider failed. One alert when it starts to fail, at once where it refuses its credential; the
   * next only after it was well.
   */
  providerFailing(providerId: number, message: string, credentialRefused = false): void {
    if (credentialRefused) {
      this.credentialRefused(providerId, message);
      return;
    }
    const failures = (this.#failing.get(providerId) ?? 0) + 1;
    this.#failing.set(providerId, failures);
    if (failures !== FAILURES_TOLD) return;
    const name = this.#parts.providerName(providerId) ?? providerId;
    this.#guarded(() =>
      this.#raise({
        at: this.#parts.wall(),
        kind: 'provider_failing',
        message: `Provider ${name} keeps failing. ${message}`.trim(),
        providerId,
      }),
    );
  }

  /** A provider does not take its credential, or it cannot be read. One alert, also over restarts, until it is well. */
  credentialRefused(providerId: number, message: string): void {
    if (this.#refused.has(providerId)) return;
    this.#refused.add(providerId);
    this.#guarded(() => {
      if (this.log.hasOpenOfProvider(providerId, 'provider_credential')) return;
      this.#raise({ at: this.#parts.wall(), kind: 'provider_credential', message, providerId });
    });
  }

  providerWell(providerId: number): void {
    this.#failing.delete(providerId);
    if (!this.#refused.delete(providerId)) return;
    const at = this.#parts.wall();
    this.#write(
      () => this.log.settleOfProvider(providerId, 'provider_credential', at),
      () => undefined,
    );
  }

  /** Something about payments that only the owner can settle. */
  billing(message: string, memberId: number | null): void {
    this.#guarded(() => this.#raise({ at: this.#parts.wall(), kind: 'billing', message, memberId }));
  }

  /** The public tunnel is not as the owner thinks it is. */
  tunnel(message: string): void {
    this.#guarded(() => this.#raise({ at: this.#parts.wall(), kind: 'tunnel', message }));
  }

  /** Looks for unusual volume and for keys that end soon. To be called every minute or so. */
  check(): void {
    const at = this.#parts.wall();
    this.#guarded(() => {
      for (const { keyId, words } of this.#volume.find(at)) {
        const key = this.#parts.keys.get(keyId);
        this.#raise({
          at,
          kind: 'unusual_volume',
          message: `Key ${key?.name ?? keyId} ${words}`,
          memberId: key?.memberId ?? null,
          keyId,
        });
      }
    });
    this.#guarded(() => {
      for (const key of this.#expiring.find(at)) this.#keyExpires(key, at);
    });
  }

  /** Newest first. */
  list(page: AlertPage): { alerts: Alert[]; total: number } {
    return this.log.list(page);
  }

  /** @returns the alert, undefined when there is none */
  markSeen(id: number): Alert | undefined {
    return this.log.settle(id, this.#parts.wall());
  }

  #keyExpires({ id, name, prefix, memberId, expiresAt }: ApiKey & { expiresAt: number }, at: number): void {
    const whose = this.#parts.memberName(memberId);
    if (whose === undefined) return;
    const moment = new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ');
    this.#raise({
      ...{ at, kind: 'key_expiring', memberId, keyId: id },
      message: `Key ${name} (${prefix}…) of ${whose} expires ${untilWords(expiresAt - at)}, on ${moment} UTC. Later requests with it are refused: make a new one before.`,
    });
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
  #block(network: string, at: number): boolean {
    const { blocks } = this.#parts;
    if (blocks.find(network) !== undefined) return false;
    const reason = 'Many wrong API keys within a minute';
    blocks.add({ cidr: network, reason, expiresAt: at + BLOCK_MS, createdAt: at });
    return true;
  }

  #raise(facts: AlertFacts, alongside?: () => void): void {
    let alert: Alert | undefined;
    const write = () => {
      alongside?.();
      alert = this.log.add(facts);
    };
    this.#write(write, () => alert && this.#parts.events.emit({ type: 'alert', data: alert }));
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
