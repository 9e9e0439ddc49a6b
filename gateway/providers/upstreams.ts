import type { Clock } from '../clock.ts';
import type { Protocol } from '../protocols/endpoint.ts';
import type { Vault } from '../vault/vault.ts';
import { CredentialCache } from './credential-cache.ts';
import type { SystemProxy } from './dispatcher.ts';
import { createEcho } from './echo/echo.ts';
import { type CircuitSnapshot, createHealth, type Health } from './health.ts';
import {
  createHttpUpstream,
  type HttpProvider,
  type HttpUpstream,
  type UpstreamTimeouts,
} from './http-upstream.ts';
import { ModelListError } from './listing.ts';
import type { ListedModel } from './model-list.ts';
import type { ListingOutcome } from './provider-state.ts';
import { type Provider, type Providers, proxyAccount } from './providers.ts';
import { type Upstream, UpstreamFailure } from './upstream.ts';

export interface UpstreamsOptions {
  providers: Providers;
  vault: Vault;
  clock: Clock;
  timeouts: UpstreamTimeouts;
  systemProxy?: SystemProxy | undefined;
  /** Told of every model listing that came in. */
  onListed: (providerId: number, models: readonly ListedModel[]) => void;
  /** Providers that answered their last request before the start. */
  answeredBefore: ReadonlySet<number>;
}

/** The live side of the providers: one set of connections each, made when first needed, and their health. */
export class Upstreams {
  readonly #options: UpstreamsOptions;
  readonly #credentials: CredentialCache;
  readonly #open = new Map<number, Promise<HttpUpstream>>();
  /** `id:protocol` of what a provider's kind speaks and its server turned out to lack. */
  readonly #lacking = new Set<string>();
  readonly #listings = new Map<number, ListingOutcome>();
  readonly #answeredBefore: Set<number>;
  readonly health: Health;
  /** Answers `ntl/echo`. */
  readonly echo: Upstream = createEcho();

  constructor(options: UpstreamsOptions) {
    this.#options = options;
    this.#answeredBefore = new Set(options.answeredBefore);
    this.#credentials = new CredentialCache(options.vault, options.clock);
    this.health = createHealth({ now: () => options.clock.steady() });
  }

  /** @throws VaultError when the provider's proxy is kept in a vault that cannot be read */
  of(provider: Provider): Promise<HttpUpstream> {
    const known = this.#open.get(provider.id);
    if (known !== undefined) return known;
    const opening = this.#connect(provider);
    this.#open.set(provider.id, opening);
    opening.catch(() => this.#open.delete(provider.id));
    return opening;
  }

  /** Whether the provider was called since the start, or since its settings changed. */
  inUse(providerId: number): boolean {
    return this.#open.has(providerId);
  }

  /** The owner changed or removed the provider: the next call uses the new settings, running ones go on. */
  changed(providerId: number): void {
    const before = this.#open.get(providerId);
    this.#open.delete(providerId);
    this.#credentials.forget(providerId);
    this.#listings.delete(providerId);
    this.#answeredBefore.delete(providerId);
    for (const key of this.#lacking) if (key.startsWith(`${providerId}:`)) this.#lacking.delete(key);
    for (const { key } of this.health.snapshot()) {
      if (key === String(providerId) || key.startsWith(`${providerId}:`)) this.health.reset(key);
    }
    before?.then((upstream) => upstream.retire()).catch(() => undefined);
  }

  /**
   * The computer slept: connections are dead without knowing it, and what failed may be well again. Providers in use
   * are connected to anew, and asked again at once unless they asked for a pause themselves. Running calls go on.
   */
  reconnect(): void {
    for (const [id, before] of [...this.#open]) {
      this.#open.delete(id);
      before.then((upstream) => upstream.retire()).catch(() => undefined);
      const provider = this.#options.providers.get(id);
      if (provider !== undefined) this.of(provider).catch(() => undefined);
    }
    for (const { key, state } of this.health.snapshot()) {
      if (state !== 'closed' && !this.health.askedToWait(key)) this.health.reset(key);
    }
  }

  /** Whether the provider's server has shown that it lacks a protocol; forgotten when its settings change. */
  lacks(providerId: number, protocol: Protocol | 'native'): boolean {
    return this.#lacking.has(`${providerId}:${protocol}`);
  }

  noteLacking(providerId: number, protocol: Protocol | 'native'): void {
    this.#lacking.add(`${providerId}:${protocol}`);
  }

  /** The provider's own circuit and those of its models. */
  healthOf(providerId: number): CircuitSnapshot[] {
    return this.health
      .snapshot()
      .filter(({ key }) => key === String(providerId) || key.startsWith(`${providerId}:`));
  }

  /** Wall-clock ms until which the last of the provider's circuits is open; null while all are closed. */
  heldBackUntil(providerId: number): number | null {
    const { clock } = this.#options;
    const now = clock.steady();
    const until = Math.max(now, ...this.healthOf(providerId).map(({ openUntil }) => openUntil ?? now));
    return until === now ? null : until - now + clock.wall();
  }

  /** What the provider lists now. @throws as HttpUpstream.models does */
  async models(providerId: number, signal: AbortSignal): Promise<ListedModel[]> {
    const provider = this.#provider(providerId);
    // Another address may have been set meanwhile, or the provider be gone: what came is of no use then.
    const isCurrent = () => this.#options.providers.get(providerId) === provider;
    try {
      const models = await (await this.of(provider)).models(signal);
      if (isCurrent()) {
        this.#noteListing(providerId, 'ok', null);
        this.#options.onListed(providerId, models);
      }
      return models;
    } catch (error) {
      const told = listingFailure(error);
      if (told !== null && !signal.aborted && isCurrent()) this.#noteListing(providerId, ...told);
      throw error;
    }
  }

  /**
   * What a provider that is not stored lists, over connections of its own. Nothing of it is kept.
   * @param credential null for none
   * @throws as HttpUpstream.models does
   */
  async modelsOf(
    provider: HttpProvider,
    credential: string | null,
    signal: AbortSignal,
  ): Promise<ListedModel[]> {
    const upstream = this.#upstreamOf(provider, async () => credential);
    try {
      return await upstream.models(signal);
    } finally {
      await upstream.close();
    }
  }

  /** What the last listing told since the start, or since the provider's settings changed. Steady times. */
  listingOf(providerId: number): ListingOutcome | null {
    return this.#listings.get(providerId) ?? null;
  }

  /** Whether it answered its last request before the start; forgotten when its settings change. */
  answeredBefore(providerId: number): boolean {
    return this.#answeredBefore.has(providerId);
  }

  async close(): Promise<void> {
    const open = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    await Promise.all(
      open.map((result) => (result.status === 'fulfilled' ? result.value.close() : undefined)),
    );
  }

  #noteListing(providerId: number, outcome: ListingOutcome['outcome'], message: string | null): void {
    const at = this.#options.clock.steady();
    const before = this.#listings.get(providerId);
    const since = before?.outcome === outcome ? before.since : at;
    this.#listings.set(providerId, { at, since, outcome, message });
  }

  async #connect(provider: Provider): Promise<HttpUpstream> {
    const proxy = (await this.#storedProxy(provider)) ?? provider.proxy;
    return this.#upstreamOf({ ...provider, proxy }, async () =>
      provider.credentialStored ? this.#credentials.get(provider.id) : null,
    );
  }

  #upstreamOf(provider: HttpProvider, credential: () => Promise<string | null>): HttpUpstream {
    const { timeouts, systemProxy } = this.#options;
    return createHttpUpstream(provider, {
      ...{ credential, timeouts },
      ...(systemProxy === undefined ? {} : { systemProxy }),
    });
  }

  /** A proxy with a user and a password is kept whole in the vault. */
  async #storedProxy(provider: Provider): Promise<string | null> {
    if (provider.proxy === null || provider.proxy === 'direct') return null;
    return this.#options.vault.get(proxyAccount(provider.id));
  }

  #provider(id: number): Provider {
    const provider = this.#options.providers.get(id);
    if (provider === undefined) throw new RangeError(`no provider ${id}`);
    return provider;
  }
}

/** @returns null for a failure that tells nothing of the provider */
function listingFailure(error: unknown): [ListingOutcome['outcome'], string] | null {
  if (error instanceof UpstreamFailure) {
    return error.reason === 'aborted' ? null : ['unreachable', error.message];
  }
  if (!(error instanceof ModelListError)) return null;
  const { status, message } = error;
  if (status === 401 || status === 403) return ['credential_refused', message];
  if (status === 429) return null;
  return [status >= 500 ? 'unreachable' : 'no_listing', message];
}
