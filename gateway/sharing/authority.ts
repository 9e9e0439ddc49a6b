import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Vault } from '../vault/vault.ts';
import { type HostNames, hostNames } from './host-names.ts';
import { isPermitted, type PermittedNames } from './name-constraints.ts';
import { isPrivateAddress } from './own-network.ts';
import type { AuthorityRecord, SharingStore } from './sharing-store.ts';
import type { KeptIdentity } from './x509.ts';

/** By which the vault is asked. */
export const AUTHORITY_ACCOUNT = 'sharing:authority';

const DAY_MS = 86_400_000;

/** macOS takes 825 days at most from an authority of one's own; short lives are renewed without anybody's doing. */
const LEAF_MS = 90 * DAY_MS;
const AUTHORITY_YEARS = 10;

/** Clocks of colleagues may be behind. */
const BACKDATED_MS = 2 * DAY_MS;

/**
 * From here on an authority holds, whatever the clock said when it was made: one made while the clock was ahead must
 * hold when it is right again.
 */
const EARLIEST = Date.UTC(2026, 0, 1);

/** Names that no public authority may sign for, and so may be this network's (RFC 6762, RFC 8375, ICANN 2024). */
const LOCAL_DOMAINS = ['local', 'internal', 'home.arpa', 'lan', 'home', 'localdomain', 'intranet', 'corp'];

/** RFC 1918, RFC 6598, RFC 3927; RFC 4193, RFC 4291. */
const LOCAL_RANGES = [
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'],
  ...['fc00::/7', 'fe80::/10'],
];

export interface AuthorityParts {
  vault: Vault;
  kept: SharingStore;
  wall: () => number;
}

export interface Leaf extends KeptIdentity {
  hosts: readonly string[];
}

/**
 * The authority of this gateway, as others trust it: for as long as its key is in the vault it is never replaced by
 * itself, since every colleague would have to trust the new one.
 */
export class Authority {
  readonly record: AuthorityRecord;
  readonly #key: string;
  readonly #wall: () => number;

  private constructor(record: AuthorityRecord, key: string, wall: () => number) {
    this.record = record;
    this.#key = key;
    this.#wall = wall;
  }

  /**
   * The one there is, else a new one: at the first use, and where the key is gone, as on another computer.
   * @param hosts what it must be able to sign for beside what is local: this computer's name and chosen addresses
   * @returns `made` when it is new
   * @throws VaultError
   */
  static async open(
    parts: AuthorityParts,
    hosts: readonly string[],
  ): Promise<{ authority: Authority; made: boolean }> {
    const record = parts.kept.get('authority');
    if (record !== null) {
      const key = await parts.vault.get(AUTHORITY_ACCOUNT);
      if (key !== null && belongsTo(key, record)) {
        return { authority: new Authority(record, key, parts.wall), made: false };
      }
    }
    return { authority: await Authority.make(parts, hosts), made: true };
  }

  /**
   * A new authority in place of the one there is. Whoever trusted that one must trust this one.
   * @throws VaultError
   */
  static async make({ vault, kept, wall }: AuthorityParts, hosts: readonly string[]): Promise<Authority> {
    const { makeAuthority } = await import('./x509.ts');
    const permitted = permittedFor(hosts);
    const notBefore = new Date(Math.min(EARLIEST, wall() - BACKDATED_MS));
    const notAfter = new Date(Math.max(EARLIEST, wall()));
    notAfter.setUTCFullYear(notAfter.getUTCFullYear() + AUTHORITY_YEARS);
    const name = `NoTokenLimit Desktop on ${hosts.find((host) => isIP(host) === 0) ?? 'this computer'}`;
    const { cert, key } = await makeAuthority({ name, permitted, notBefore, notAfter });
    await vault.set(AUTHORITY_ACCOUNT, key);
    const record = { certificate: cert, permitted };
    kept.set('authority', record);
    return new Authority(record, key, wall);
  }

  /** Those of the hosts that it may sign for. */
  permitted(hosts: readonly string[]): string[] {
    return hosts.filter((host) => isPermitted(this.record.permitted, host));
  }

  /**
   * Whether a certificate must be made anew: two thirds of its time are over, or it is not valid yet, since the
   * clock was ahead when it was made. Not where a new one could be no better, at the end of the authority's own time.
   */
  isDue(certificate: string): boolean {
    const now = this.#wall();
    const own = new X509Certificate(this.record.certificate);
    const { validFromDate: from, validToDate: to } = new X509Certificate(certificate);
    if (now < from.getTime()) return from > own.validFromDate;
    return now > to.getTime() - LEAF_MS / 3 && to < own.validToDate;
  }

  /** A server's certificate that holds from now on; no longer than the authority itself. */
  async issue(hosts: readonly string[]): Promise<Leaf> {
    const { makeLeaf } = await import('./x509.ts');
    const now = this.#wall();
    const { validFromDate, validToDate } = new X509Certificate(this.record.certificate);
    const leaf = await makeLeaf(
      { cert: this.record.certificate, key: this.#key },
      {
        hosts,
        notBefore: new Date(Math.max(validFromDate.getTime(), now - BACKDATED_MS)),
        notAfter: new Date(Math.min(validToDate.getTime(), now + LEAF_MS)),
      },
    );
    return { ...leaf, hosts };
  }
}

/** The names and addresses others may use. @param name as the system tells it */
export function hostsFor(name: string, addresses: readonly string[]): string[] {
  const { bare, local, full }: HostNames = hostNames(name);
  return [...new Set([local, bare, ...(full === null ? [] : [full]), ...addresses])];
}

function permittedFor(hosts: readonly string[]): PermittedNames {
  const names = hosts.filter((host) => isIP(host) === 0);
  const others = hosts.filter((host) => isIP(host) !== 0 && !isPrivateAddress(host));
  return {
    domains: [...new Set([...LOCAL_DOMAINS, ...names])],
    ranges: [...LOCAL_RANGES, ...others.map((address) => `${address}/${isIP(address) === 4 ? 32 : 128}`)],
  };
}

function belongsTo(key: string, { certificate }: AuthorityRecord): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}
