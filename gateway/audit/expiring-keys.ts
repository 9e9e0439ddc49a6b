import { type ApiKey, isUsable } from '../accounts/keys.ts';
import type { AlertLog } from './alert-log.ts';

const DAY_MS = 86_400_000;

/** How long before its end a key is told of, the earliest first. */
const STAGES_MS = [7 * DAY_MS, DAY_MS];

/** Finds keys that are about to expire. Each is told a week and a day before, over restarts too. */
export class ExpiringKeys {
  readonly #keys: { list(): ApiKey[] };
  readonly #log: AlertLog;
  /** By key, the expiry and the last stage that was told or need not be. */
  readonly #done = new Map<number, { expiresAt: number; stageMs: number }>();

  constructor(keys: { list(): ApiKey[] }, log: AlertLog) {
    this.#keys = keys;
    this.#log = log;
  }

  /** @param now wall-clock ms */
  find(now: number): (ApiKey & { expiresAt: number })[] {
    return this.#keys.list().filter((key): key is ApiKey & { expiresAt: number } => this.#isDue(key, now));
  }

  #isDue(key: ApiKey, now: number): boolean {
    const { id, expiresAt, createdAt } = key;
    if (expiresAt === null || expiresAt - now > (STAGES_MS[0] as number) || !isUsable(key, now)) return false;
    const stageMs = STAGES_MS.findLast((ms) => expiresAt - now <= ms) as number;
    const done = this.#done.get(id);
    if (done?.expiresAt === expiresAt && done.stageMs <= stageMs) return false;
    this.#done.set(id, { expiresAt, stageMs });
    // Whoever makes a key for three days knows that it ends within a week.
    if (expiresAt - createdAt <= stageMs) return false;
    return !this.#log.hasOfKey(id, 'key_expiring', expiresAt - stageMs);
  }
}

/** Such as `in 7 days`, `in 20 hours`. @param ms more than nothing */
export function untilWords(ms: number): string {
  const hours = Math.max(1, Math.round(ms / 3_600_000));
  const [count, unit] = hours > 24 ? [Math.round(hours / 24), 'day'] : [hours, 'hour'];
  return `in ${count} ${unit}${count === 1 ? '' : 's'}`;
}
