import type { Alerts } from './alerts.ts';
import type { LiveEvents } from './events.ts';

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

  /** @param message for people, without secrets */
  failed(providerId: number, message: string): void {
    this.#alerts.providerFailing(providerId, message);
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
