import type { Clock } from '../clock.ts';
import type { Vault } from '../vault/vault.ts';
import type { OpenDoor } from './doors.ts';
import { hostNames } from './host-names.ts';
import { type NetworkView, ownAddresses, sharedAddresses } from './own-network.ts';
import type { SharedNetwork, SharingLog } from './shared-network.ts';
import { type SharingReport, sharingReport } from './sharing-report.ts';
import { type SharingSettings, sameForm } from './sharing-settings.ts';
import type { SharingStore } from './sharing-store.ts';

export interface SharingParts {
  kept: SharingStore;
  vault: Vault;
  clock: Clock;
  view: NetworkView;
  openDoor: OpenDoor;
  log: SharingLog;
  /** A new authority was made: others must trust it. */
  onAuthority: () => void;
}

/** What the owner asked for cannot be. `message` is for people. */
export class SharingError extends Error {
  /** Of the settings. */
  readonly field: keyof SharingSettings;

  constructor(field: keyof SharingSettings, message: string) {
    super(message);
    this.name = 'SharingError';
    this.field = field;
  }
}

/** How long a vault that did not open is left alone: asking may show the owner a prompt. */
const VAULT_REST_MS = 60_000;

/**
 * The switch: shares the gateway with other computers while it is on. Nothing that sharing needs is loaded before.
 */
export class Sharing {
  readonly #parts: SharingParts;
  #network: SharedNetwork | null = null;
  #timer: NodeJS.Timeout | undefined;
  #trouble: string | null = null;
  /** Steady ms. */
  #restUntil = 0;
  #ended = false;
  /** One after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: SharingParts) {
    this.#parts = parts;
  }

  get settings(): SharingSettings {
    return this.#parts.kept.get('settings');
  }

  /** The gateway while it is shared; null while it is not. */
  get network(): SharedNetwork | null {
    return this.#network;
  }

  /** Why it is not shared though it should be, for people. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** How it stands, for the owner. */
  report(): SharingReport {
    return sharingReport(this, this.#parts.view, this.#parts.kept.get('authority'));
  }

  /** The authority's certificate, PEM; null until the gateway was shared for the first time. */
  get authority(): string | null {
    return this.#parts.kept.get('authority')?.certificate ?? null;
  }

  /** Whether a name or address is one by which others reach this computer. */
  isOwnHost(host: string): boolean {
    const { bare, local, full } = hostNames(this.#parts.view.hostName());
    if ([bare, local, full].includes(host.toLowerCase())) return true;
    const shared = sharedAddresses(ownAddresses(this.#parts.view), this.settings.addresses);
    return shared.some(({ address }) => address === sameForm(host));
  }

  /** At the gateway's start: shares it where the owner wants that. What goes wrong is told by `trouble`. */
  start(): Promise<void> {
    return this.#inTurn(() => (this.settings.on ? this.#tend() : Promise.resolve()));
  }

  /**
   * Changes settings. What is left out stays.
   * @throws SharingError, VaultError; everything is then as it was
   */
  apply(patch: Partial<SharingSettings>): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.settings;
      const next = { ...before, ...patch };
      this.#check(next, patch);
      try {
        await this.#shareBy(next, before);
        this.#parts.kept.set('settings', next);
      } catch (error) {
        await this.#goBack(before);
        throw error;
      }
      if (!next.on) await this.#end();
      else this.#watch();
    });
  }

  /** Makes a new certificate now. @throws VaultError */
  renew(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#network?.look(this.settings, { renew: true });
    });
  }

  /** Makes a new authority: everybody must trust it anew. @throws VaultError */
  replaceAuthority(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#network?.replaceAuthority(this.settings);
    });
  }

  /** Looks at the network now: the computer has slept, or somebody wants to know. */
  wake(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.settings.on) await this.#tend();
    });
  }

  /** Ends sharing with the gateway; the switch stays as it is. */
  close(): Promise<void> {
    this.#ended = true;
    return this.#inTurn(() => this.#end());
  }

  async #shareBy(next: SharingSettings, before: SharingSettings): Promise<void> {
    if (!next.on) return;
    const network = await this.#loaded();
    const { wanted, open } = await network.look(next);
    this.#trouble = null;
    if (wanted > 0 && open === 0)
      throw new SharingError(this.#fieldAtFault(next, before), this.#firstProblem());
    if (next.plainHttp && !network.places.some(({ secure }) => !secure) && wanted > 0)
      throw new SharingError('plainPort', this.#firstProblem());
  }

  #fieldAtFault(next: SharingSettings, before: SharingSettings): keyof SharingSettings {
    return next.addresses !== before.addresses && next.port === before.port && before.on
      ? 'addresses'
      : 'port';
  }

  #firstProblem(): string {
    const own = ownAddresses(this.#parts.view);
    const found = own
      .map(({ address }) => this.#network?.problemAt(address))
      .find((problem) => problem != null);
    return `${found ?? 'Nothing could be listened at.'} Choose another port.`;
  }

  #check(next: SharingSettings, patch: Partial<SharingSettings>): void {
    if (next.plainHttp && next.plainPort === next.port)
      throw new SharingError('plainPort', 'HTTPS and plain HTTP cannot have one port. Choose another.');
    const own = ownAddresses(this.#parts.view).map(({ address }) => address);
    const unknown = (patch.addresses ?? []).find((address) => !own.includes(sameForm(address)));
    if (unknown !== undefined)
      throw new SharingError('addresses', `This computer has no address ${unknown} that others could use.`);
  }

  async #goBack(before: SharingSettings): Promise<void> {
    if (!before.on) await this.#end();
    else await this.#tend();
  }

  /** Brings everything to where it should be; keeps what goes wrong for `trouble`. */
  async #tend(): Promise<void> {
    if (this.#ended) return;
    this.#watch();
    if (this.#parts.clock.steady() < this.#restUntil) return;
    try {
      const network = await this.#loaded();
      if (!network.isSettled(this.settings)) await network.look(this.settings);
      this.#trouble = null;
    } catch (error) {
      this.#restUntil = this.#parts.clock.steady() + VAULT_REST_MS;
      this.#trouble = error instanceof Error ? error.message : 'It could not be shared.';
      this.#parts.log.error({ err: error }, 'the gateway could not be shared');
    }
  }

  async #loaded(): Promise<SharedNetwork> {
    if (this.#network !== null) return this.#network;
    const { SharedNetwork } = await import('./shared-network.ts');
    const { clock, ...parts } = this.#parts;
    this.#network = new SharedNetwork({ ...parts, wall: () => clock.wall() });
    return this.#network;
  }

  /** Addresses come and go, clocks jump, certificates end: all of it is looked at while sharing is on. */
  #watch(): void {
    if (this.#ended || this.#timer !== undefined) return;
    this.#timer = setInterval(() => void this.wake(), this.#parts.view.lookMs);
    this.#timer.unref();
  }

  async #end(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#trouble = null;
    this.#restUntil = 0;
    const network = this.#network;
    this.#network = null;
    await network?.close();
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
