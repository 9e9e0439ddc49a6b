import { PROVIDERS } from '../../providers/catalogue.ts';
import { providerState } from '../../providers/provider-state.ts';
import type { Provider } from '../../providers/providers.ts';
import type { ProviderState } from './contract.ts';
import type { AdminParts } from './parts.ts';
import { isoTimeOrNull } from './values.ts';

/** Clocks that differ by less are the same. */
const SAME_MS = 1_000;

/** How providers stand, and how many public models each has targets for. */
export class ProviderStates {
  readonly #parts: AdminParts;

  constructor(parts: AdminParts) {
    this.#parts = parts;
  }

  /** @param hasCredential by the vault, where it was asked */
  of(provider: Provider, hasCredential = provider.credentialStored): ProviderState {
    const { upstreams, clock } = this.#parts;
    const { id, enabled, kind } = provider;
    const state = providerState({
      ...{ id, enabled },
      lacksCredential: !hasCredential && PROVIDERS[kind].credential === 'required',
      circuits: upstreams.healthOf(id),
      listing: upstreams.listingOf(id),
      answeredBefore: upstreams.answeredBefore(id),
      upstreamModels: this.#targetsOf(id).map(({ upstreamModel }) => upstreamModel),
    });
    const apart = clock.wall() - clock.steady();
    // Read one after the other they differ by a little: a moment must not move each time it is told.
    const ahead = Math.abs(apart) < SAME_MS ? 0 : apart;
    const wall = (at: number | null) => isoTimeOrNull(at === null ? null : at + ahead);
    return { ...state, since: wall(state.since), until: wall(state.until) };
  }

  /** Public models with a target at the provider. */
  modelCount(providerId: number): number {
    return new Set(this.#targetsOf(providerId).map(({ model }) => model)).size;
  }

  #targetsOf(providerId: number): { model: string; upstreamModel: string }[] {
    return this.#parts.models
      .list()
      .flatMap(({ id, targets }) => targets.map((target) => ({ model: id, ...target })))
      .filter((target) => target.providerId === providerId);
  }
}
