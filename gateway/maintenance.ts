import type { Logger } from 'pino';
import type { RollUp } from './audit/roll-up.ts';
import { StoreUnavailable } from './store/store.ts';

const ROLL_UP_EVERY_MS = 5_000;
const TIDY_EVERY_MS = 60_000;
const LISTINGS_EVERY_MS = 600_000;
const LISTINGS_AFTER_SLEEP_MS = 30_000;

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
  /** Does now what has waited while the computer slept. */
  wake(): void;
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
  const rollUpSoon = () => {
    running = running.then(rollUpAll);
  };
  const tidyUp = () => {
    for (const job of tidy) attempt(job);
  };
  const listAgain = () => {
    listing = listing
      .then(() => refreshListings(stopping.signal))
      .catch((error) => {
        log.error({ err: error }, 'model listings could not be refreshed; it is tried again tomorrow');
      });
  };
  const rollUpTimer = setInterval(rollUpSoon, ROLL_UP_EVERY_MS);
  const tidyTimer = setInterval(tidyUp, TIDY_EVERY_MS);
  const listingsTimer = setInterval(listAgain, LISTINGS_EVERY_MS);
  for (const timer of [rollUpTimer, tidyTimer, listingsTimer]) timer.unref();

  return {
    wake() {
      if (stopped) return;
      rollUpSoon();
      tidyUp();
      // The network comes back some seconds later than the program: a listing that fails now is tried tomorrow.
      setTimeout(listAgain, LISTINGS_AFTER_SLEEP_MS).unref();
    },
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
