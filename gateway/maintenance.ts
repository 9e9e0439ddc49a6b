import type { Logger } from 'pino';
import type { RollUp } from './audit/roll-up.ts';
import { StoreUnavailable } from './store/store.ts';

const ROLL_UP_EVERY_MS = 30_000;
const TIDY_EVERY_MS = 60_000;
const LISTINGS_EVERY_MS = 600_000;

export interface MaintenanceParts {
  rollUp: RollUp;
  log: Logger;
  /** Looked after now and then: idle counters, alerts. */
  tidy: readonly (() => void)[];
  /** Asks providers again what they tell of their models, where that is due. */
  refreshListings: (signal: AbortSignal) => Promise<void>;
}

/**
 * Runs the jobs that keep the database small, a slice at a time, with a turn of the event loop in between, and
 * those that keep it current.
 */
export function startMaintenance({ rollUp, log, tidy, refreshListings }: MaintenanceParts): {
  stop(): Promise<void>;
} {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let listing: Promise<void> = Promise.resolve();
  const stopping = new AbortController();

  const rollUpAll = async () => {
    try {
      while (!stopped && (await rollUp.slice())) await new Promise(setImmediate);
    } catch (error) {
      if (!(error instanceof StoreUnavailable))
        log.error({ err: error }, 'the roll-up failed; it is tried again');
    }
  };
  const attempt = (job: () => void) => {
    try {
      job();
    } catch (error) {
      log.error({ err: error }, 'tidying up failed; it is tried again');
    }
  };
  const rollUpTimer = setInterval(() => {
    running = running.then(rollUpAll);
  }, ROLL_UP_EVERY_MS);
  const tidyTimer = setInterval(() => {
    for (const job of tidy) attempt(job);
  }, TIDY_EVERY_MS);
  const listingsTimer = setInterval(() => {
    listing = listing
      .then(() => refreshListings(stopping.signal))
      .catch((error) => {
        log.error({ err: error }, 'model listings could not be refreshed; it is tried again tomorrow');
      });
  }, LISTINGS_EVERY_MS);
  for (const timer of [rollUpTimer, tidyTimer, listingsTimer]) timer.unref();

  return {
    async stop() {
      stopped = true;
      clearInterval(rollUpTimer);
      clearInterval(tidyTimer);
      clearInterval(listingsTimer);
      stopping.abort();
      await Promise.all([running, listing]);
    },
  };
}
