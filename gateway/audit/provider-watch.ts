import type { Alerts } from './alerts.ts';
import type { LiveEvents } from './events.ts';

/** Nothing but another credential helps then. */
const CREDENTIAL_TROUBLE = new Set(['http_401', 'http_403', 'credential_unavailable']);

/** Tells those who watch when a provider begins to fail and when it is well again. */
export class ProviderWatch {
  readonly #alerts: Alerts;
  readonly #events: LiveEvents;
  readonly #openUntil: (providerId: number) => number | null;
  readonly #failing = new Set<number>();

  /** @param openUntil wall-clock ms at which a provider is called again; null while nothing holds it back */
  constructor(alerts: Alerts, events: LiveEvents, openUntil: (providerId: number) => number | null) {
    this.#alerts = alerts;
    this.#events = events;
    this.#openUntil = openUntil;
  }

  /**
   * @param message for people, without secrets
   * @param reason such as `http_401`
   */
  failed(providerId: number, message: string, reason: string): void {
    this.#alerts.providerFailing(providerId, message, CREDENTIAL_TROUBLE.has(reason));
    this.#failing.add(providerId);
    const openUntil = this.#openUntil(providerId);
    this.#events.emit({ type: 'provider', data: { providerId, state: 'open', message, openUntil } });
  }

  served(providerId: number): void {
    this.#alerts.providerWell(providerId);
    if (!this.#failing.delete(providerId)) return;
    this.#events.emit({
      type: 'provider',
      data: { providerId, state: 'closed', message: null, openUntil: null },
    });
  }
}
