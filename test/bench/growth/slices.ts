import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RollUp } from '../../../gateway/audit/roll-up.ts';
import { Settings } from '../../../gateway/catalogue/settings.ts';
import { openStore, type Store } from '../../../gateway/store/store.ts';

const DAY_MS = 86_400_000;

export interface Slices {
  count: number;
  /** Wall time, ms. */
  median: number;
  p99: number;
  longest: number;
  /** CPU time, ms: what other programs took is left out. */
  medianCpu: number;
  p99Cpu: number;
  longestCpu: number;
}

/**
 * Deletes what is past its retention, as the gateway does it.
 * @param days how many of the oldest days are deleted
 * @returns how the slices were, and the bytes of the file before and after
 */
export async function measureRetention(
  dataDir: string,
  days: number,
): Promise<Slices & { rows: number; before: number; after: number; free: number }> {
  const store = await openStore({ dataDir, backupStartDelayMs: 2 ** 30 });
  try {
    const { db } = store;
    const oldest = Number(db.prepare('SELECT min(at) FROM requests').pluck().get());
    const settings = new Settings(db);
    const now = Date.now();
    settings.set('retention_days', Math.floor((now - oldest) / DAY_MS) - days);
    const countRows = () =>
      Number(
        db.prepare('SELECT (SELECT max(id) FROM requests) - (SELECT min(id) FROM requests)').pluck().get(),
      );
    const [before, rows] = [fileBytes(dataDir, store), countRows()];
    const slices = await timed(store, settings, () => now);
    const free = Number(db.pragma('freelist_count', { simple: true })) * 4_096;
    return { ...slices, rows: rows - countRows(), before, after: fileBytes(dataDir, store), free };
  } finally {
    await store.close();
  }
}

/** Forgets what the last rows were summed up to, as if the roll-up had been away for so many rows. */
export async function measureRollUp(dataDir: string, rows: number): Promise<Slices> {
  const store = await openStore({ dataDir, backupStartDelayMs: 2 ** 30 });
  try {
    const settings = new Settings(store.db);
    settings.set('retention_days', 2_000);
    settings.set('rolled_up_to', settings.get('rolled_up_to') - rows);
    return await timed(store, settings, Date.now);
  } finally {
    await store.close();
  }
}

async function timed(store: Store, settings: Settings, wall: () => number): Promise<Slices> {
  const rollUp = new RollUp(store, { settledBelow: Number.MAX_SAFE_INTEGER }, settings, wall);
  const [times, cpus]: [number[], number[]] = [[], []];
  for (let more = true; more; ) {
    await nextTurn();
    const [begun, cpu] = [performance.now(), process.threadCpuUsage()];
    more = await rollUp.slice();
    times.push(performance.now() - begun);
    const { user, system } = process.threadCpuUsage(cpu);
    cpus.push((user + system) / 1_000);
  }
  const [lasted, own] = [spread(times), spread(cpus)];
  return {
    count: times.length,
    ...lasted,
    ...{ medianCpu: own.median, p99Cpu: own.p99, longestCpu: own.longest },
  };
}

function spread(values: number[]): Pick<Slices, 'median' | 'p99' | 'longest'> {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { median: at(0.5), p99: at(0.99), longest: at(1) };
}

function fileBytes(dataDir: string, store: Store): number {
  store.db.pragma('wal_checkpoint(TRUNCATE)');
  return statSync(join(dataDir, 'ntl.db')).size;
}
