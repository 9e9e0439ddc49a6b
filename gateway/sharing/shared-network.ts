import { Authority, type AuthorityParts, hostsFor, type Leaf } from './authority.ts';
import type { OpenDoor, SharedDoor } from './doors.ts';
import type { Announcement } from './mdns.ts';
import {
  admission,
  type NetworkView,
  type OwnAddress,
  ownAddresses,
  sharedAddresses,
} from './own-network.ts';
import type { SharingSettings } from './sharing-settings.ts';

export interface SharedNetworkParts extends AuthorityParts {
  view: NetworkView;
  openDoor: OpenDoor;
  log: SharingLog;
  /** A new authority was made: others must trust it. */
  onAuthority: () => void;
}

/** A pino logger fits. */
export interface SharingLog {
  info(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** One address and port that others reach. */
interface Place {
  address: string;
  port: number;
  secure: boolean;
}

interface OpenPlace extends Place {
  door: SharedDoor;
}

/**
 * The gateway while it is shared: a door at each shared address, with a certificate for the names and addresses this
 * computer has now. `look` brings both to what they should be and may be called as often as one likes.
 */
export class SharedNetwork {
  readonly #parts: SharedNetworkParts;
  readonly #open = new Map<string, OpenPlace>();
  /** What kept a place from being opened, for people. */
  readonly #problems = new Map<string, string>();
  #authority: Authority | null = null;
  #leaf: Leaf | null = null;
  #leftOut: readonly string[] = [];
  #admits: (address: string) => boolean = () => false;
  #announcement: Announcement | null = null;

  constructor(parts: SharedNetworkParts) {
    this.#parts = parts;
  }

  get leaf(): Leaf | null {
    return this.#leaf;
  }

  /** Names and addresses of this computer that its authority may not sign for: only a new one can. */
  get leftOut(): readonly string[] {
    return this.#leftOut;
  }

  /** The places others reach now. */
  get places(): readonly Place[] {
    return [...this.#open.values()];
  }

  /** What is wrong with an address, if anything. */
  problemAt(address: string): string | null {
    const found = [...this.#problems].find(([key]) => key.endsWith(` ${address}`));
    return found?.[1] ?? null;
  }

  /** Whether the computer is as it was when it was last looked at, and everything is open. */
  isSettled(settings: SharingSettings): boolean {
    const shared = this.#shared(settings);
    const wanted = placesFor(shared, settings);
    if (this.#problems.size > 0 || wanted.length !== this.#open.size) return false;
    if (wanted.some((place) => !this.#open.has(keyOf(place)))) return false;
    return this.#leaf !== null && !this.#isLeafDue(this.#hosts(shared));
  }

  /**
   * Brings doors, certificate and announcement to what the settings and this computer's addresses ask for.
   * @param renew makes a new certificate in any case
   * @returns how many places there should be, and how many are open
   * @throws VaultError where the authority's key cannot be had
   */
  async look(settings: SharingSettings, { renew = false } = {}): Promise<{ wanted: number; open: number }> {
    const shared = this.#shared(settings);
    const wanted = placesFor(shared, settings);
    this.#admits = admission(this.#parts.view, settings.addresses);
    await this.#certify(this.#hosts(shared), renew);
    const keys = new Set(wanted.map(keyOf));
    for (const [key, place] of this.#open) if (!keys.has(key)) this.#close(key, place);
    this.#problems.clear();
    for (const place of wanted) if (!this.#open.has(keyOf(place))) await this.#tryToOpen(place);
    await this.#announce(settings, shared);
    return { wanted: wanted.length, open: this.#open.size };
  }

  /** Makes a new authority, and a certificate by it. @throws VaultError */
  async replaceAuthority(settings: SharingSettings): Promise<void> {
    this.#authority = await Authority.make(this.#parts, this.#hosts(this.#shared(settings)));
    this.#parts.onAuthority();
    await this.look(settings, { renew: true });
  }

  /** Lets go of every place and tells the network so. */
  async close(): Promise<void> {
    for (const [key, place] of this.#open) this.#close(key, place);
    await this.#announcement?.close();
    this.#announcement = null;
  }

  #shared({ addresses }: SharingSettings): OwnAddress[] {
    return sharedAddresses(ownAddresses(this.#parts.view), addresses);
  }

  #hosts(shared: readonly OwnAddress[]): string[] {
    return hostsFor(
      this.#parts.view.hostName(),
      shared.map(({ address }) => address),
    );
  }

  async #certify(hosts: readonly string[], renew: boolean): Promise<void> {
    if (this.#authority === null) {
      const { authority, made } = await Authority.open(this.#parts, hosts);
      this.#authority = authority;
      if (made) this.#parts.onAuthority();
    }
    const permitted = this.#authority.permitted(hosts);
    this.#leftOut = hosts.filter((host) => !permitted.includes(host));
    if (!renew && !this.#isLeafDue(hosts)) return;
    this.#leaf = await this.#authority.issue(permitted);
    this.#parts.log.info({ hosts: permitted }, 'the shared gateway has a new certificate');
    for (const { door, secure } of this.#open.values()) if (secure) door.identify(this.#leaf);
  }

  #isLeafDue(hosts: readonly string[]): boolean {
    if (this.#leaf === null || this.#authority === null) return true;
    const permitted = this.#authority.permitted(hosts);
    return permitted.join() !== this.#leaf.hosts.join() || this.#authority.isDue(this.#leaf.cert);
  }

  async #tryToOpen(place: Place): Promise<void> {
    const { address, port, secure } = place;
    try {
      const door = await this.#parts.openDoor(address, port, {
        identity: secure ? this.#leaf : null,
        admits: (caller) => this.#admits(caller),
      });
      this.#open.set(keyOf(place), { ...place, door });
    } catch (error) {
      this.#problems.set(keyOf(place), factOf(error, place));
    }
  }

  #close(key: string, { door }: OpenPlace): void {
    this.#open.delete(key);
    door.close();
  }

  async #announce({ mdns, port }: SharingSettings, shared: readonly OwnAddress[]): Promise<void> {
    if (!mdns) {
      await this.#announcement?.close();
      this.#announcement = null;
      return;
    }
    if (this.#announcement === null) {
      const { Announcement } = await import('./mdns.ts');
      this.#announcement = new Announcement(this.#parts.log);
    }
    const open = shared.filter(({ address }) => this.#open.has(keyOf({ address, port, secure: true })));
    await this.#announcement.tell({ port, hostName: this.#parts.view.hostName(), addresses: open });
  }
}

function placesFor(shared: readonly OwnAddress[], settings: SharingSettings): Place[] {
  const { port, plainHttp, plainPort } = settings;
  return shared.flatMap(({ address }) => [
    { address, port, secure: true },
    ...(plainHttp ? [{ address, port: plainPort, secure: false }] : []),
  ]);
}

function keyOf({ address, port, secure }: Place): string {
  return `${secure ? 'https' : 'http'} ${port} ${address}`;
}

/** Errors of known kinds say by `fact` what is wrong, without advice for a start. */
function factOf(error: unknown, { address, port }: Place): string {
  if (error instanceof Error && 'fact' in error) return String(error.fact);
  const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
  return `The system does not let this program listen on port ${port} at ${address}${code}.`;
}
