import { v7 as uuid } from 'uuid';
import { Names } from '../../gateway/audit/names.ts';
import {
  type Counts,
  NO_USAGE,
  type RequestFacts,
  RequestLog,
  type RequestOutcome,
  type RequestUsage,
} from '../../gateway/audit/request-log.ts';
import { RollUp } from '../../gateway/audit/roll-up.ts';
import { windowHistory } from '../../gateway/audit/window-history.ts';
import { Models } from '../../gateway/catalogue/models.ts';
import { Settings } from '../../gateway/catalogue/settings.ts';
import { UsageCounters } from '../../gateway/quotas/usage-counters.ts';
import { openStore, type Store } from '../../gateway/store/store.ts';
import { ManualClock } from './manual-clock.ts';

/** The parts that remember what was used, on a real store, put together as the gateway does. */
export class Books {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly names: Names;
  readonly settings: Settings;
  readonly models: Models;
  readonly log: RequestLog;
  readonly rollUp: RollUp;

  private constructor(store: Store, clock: ManualClock) {
    this.store = store;
    this.clock = clock;
    this.names = new Names(store.db);
    this.settings = new Settings(store.db);
    this.models = new Models(store.db);
    this.log = new RequestLog(store, this.names);
    this.rollUp = new RollUp(store, this.log, this.settings, () => clock.wall());
  }

  static async open(dataDir: string, clock = new ManualClock()): Promise<Books> {
    return new Books(await openStore({ dataDir }), clock);
  }

  /** Counters that have seen nothing yet, as after a start. */
  newCounters(): UsageCounters {
    const rolledUpTo = () => this.settings.get('rolled_up_to');
    const aliasesOf = (model: string) => this.models.countedAs(model);
    return new UsageCounters(windowHistory(this.store, this.names, rolledUpTo, aliasesOf), this.clock);
  }

  /** How far the tables of sums and places reach. */
  marks() {
    return {
      rolledUpTo: () => this.settings.get('rolled_up_to'),
      sumsFrom: () => this.settings.get('sums_from'),
      monthsFrom: () => this.settings.get('months_from'),
      locatedAfter: () => this.settings.get('located_after'),
      locatedSince: () => this.settings.get('located_since'),
    };
  }

  facts(some: Partial<RequestFacts> = {}): RequestFacts {
    return {
      at: this.clock.wall(),
      requestId: uuid(),
      memberId: 1,
      keyId: 1,
      address: '127.0.0.1',
      tool: 'curl',
      endpoint: 'chat',
      model: 'm',
      streamed: false,
      multiplier: 1,
      ...some,
    };
  }

  /** Takes all that can be rolled up, and deletes all that may be. */
  async rollUpAll(): Promise<void> {
    while (await this.rollUp.slice());
  }

  async close(): Promise<void> {
    this.log.close();
    await this.store.close();
  }
}

export function used(some: Partial<RequestUsage>): RequestUsage {
  return { ...NO_USAGE, ...some };
}

export function outcome(
  usage: RequestUsage,
  counts: Counts = 'everywhere',
  some: Partial<RequestOutcome> = {},
): RequestOutcome {
  return {
    status: counts === 'minute' ? 502 : 200,
    code: counts === 'minute' ? 'upstream_error' : null,
    providerId: 1,
    upstreamModel: 'up',
    attempts: 1,
    failedAttempts: [],
    latencyMs: 5,
    ttfbMs: 2,
    usage,
    counts,
    dropped: null,
    ...some,
  };
}
