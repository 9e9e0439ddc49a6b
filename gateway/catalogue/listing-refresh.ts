import type { Alerts } from '../audit/alerts.ts';
import type { Clock } from '../clock.ts';
import { ModelListError } from '../providers/listing.ts';
import type { Providers } from '../providers/providers.ts';
import { UpstreamFailure } from '../providers/upstream.ts';
import type { Upstreams } from '../providers/upstreams.ts';
import { VaultError } from '../vault/vault.ts';
import type { ListedFacts } from './listed-facts.ts';

const DAY_MS = 86_400_000;
const LISTING_MS = 30_000;

export interface RefreshParts {
  providers: Providers;
  upstreams: Pick<Upstreams, 'models' | 'inUse'>;
  listed: ListedFacts;
  clock: Clock;
  alerts: Pick<Alerts, 'credentialRefused'>;
}

/**
 * Lists the models of providers in use again, each once a day at most, whether or not that goes well. Others are
 * left alone: asking them may open a keychain's dialog that nobody waits for.
 * @returns the job; it ends early when its signal aborts
 */
export function listingRefresh({ providers, upstreams, listed, clock, alerts }: RefreshParts) {
  const tried = new Map<number, number>();

  function isDue(providerId: number, now: number): boolean {
    const times = [listed.listedAt(providerId), tried.get(providerId) ?? null];
    // A clock that was set back must not stop the job for years.
    return times.every((time) => time === null || Math.abs(now - time) >= DAY_MS);
  }

  return async (signal: AbortSignal): Promise<void> => {
    for (const { id, name } of providers.list()) {
      const now = clock.wall();
      if (signal.aborted || !providers.get(id)?.enabled || !upstreams.inUse(id) || !isDue(id, now)) continue;
      tried.set(id, now);
      await upstreams
        .models(id, AbortSignal.any([signal, AbortSignal.timeout(LISTING_MS)]))
        .catch((error) => {
          if (error instanceof ModelListError && (error.status === 401 || error.status === 403))
            alerts.credentialRefused(
              id,
              `${name} refused the stored credential (${error.status}) when its models were asked for; the owner must renew it.`,
            );
          leaveForTomorrow(error);
        });
    }
  };
}

function leaveForTomorrow(error: unknown): void {
  const known = [UpstreamFailure, ModelListError, VaultError];
  if (!known.some((kind) => error instanceof kind)) throw error;
}
