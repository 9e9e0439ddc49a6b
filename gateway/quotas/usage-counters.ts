import type { Clock } from '../clock.ts';
import {
  type Amounts,
  type Cell,
  METRICS,
  SlidingWindow,
  WINDOWS,
  type WindowSeconds,
} from './sliding-window.ts';

export interface CountedSubject {
  memberId: number;
  keyId: number;
  /** The id asked for and, where that is an alias, the one it stands for. */
  models: readonly string[];
}

/** Whose use is counted, and of which model (null: all). */
export interface CounterId {
  countedFor: 'member' | 'key';
  memberId: number;
  keyId: number;
  model: string | null;
  windowSeconds: WindowSeconds;
}

/**
 * Reads from the store what a counter must start with: cells in wall-clock time, from `from` on, everything
 * that was committed included.
 */
export type UsageHistory = (id: CounterId, from: number) => Cell[];

type Windows = Partial<Record<WindowSeconds, SlidingWindow>>;
interface Counters {
  byModel: Map<string, Windows>;
  usedAt: number;
}

const SECONDS = [60, 86_400, 2_592_000] as const satisfies WindowSeconds[];
const IDLE_MS = 3_600_000;
const ALL_MODELS = '';

/**
 * The sliding windows of members and keys. A counter is made when a limit first asks for it, from the
 * store's history, so a restart, an idle hour or a limit set today all see what was used before.
 */
export class UsageCounters {
  readonly #counters = { member: new Map<number, Counters>(), key: new Map<number, Counters>() };
  readonly #history: UsageHistory;
  readonly #clock: Clock;

  constructor(history: UsageHistory, clock: Clock) {
    this.#history = history;
    this.#clock = clock;
  }

  window(id: CounterId): SlidingWindow {
    const now = this.#clock.steady();
    const owners = this.#counters[id.countedFor];
    const number = id.countedFor === 'member' ? id.memberId : id.keyId;
    let counters = owners.get(number);
    if (counters === undefined) {
      counters = { byModel: new Map(), usedAt: now };
      owners.set(number, counters);
    }
    counters.usedAt = now;
    const model = id.model ?? ALL_MODELS;
    let windows = counters.byModel.get(model);
    if (windows === undefined) {
      windows = {};
      counters.byModel.set(model, windows);
    }
    let window = windows[id.windowSeconds];
    if (window === undefined) {
      window = this.#load(id, now);
      windows[id.windowSeconds] = window;
    }
    return window;
  }

  /**
   * The window as admission would find it, for a look alone: it is kept in memory no longer for that. One that is
   * not there is read from the store and let go.
   */
  peek(id: CounterId): SlidingWindow {
    const number = id.countedFor === 'member' ? id.memberId : id.keyId;
    const known = this.#counters[id.countedFor].get(number)?.byModel.get(id.model ?? ALL_MODELS)?.[
      id.windowSeconds
    ];
    return known ?? this.#load(id, this.#clock.steady());
  }

  /** Adds to every counter that exists and concerns the subject; others will read it from the store. */
  add(subject: CountedSubject, at: number, amounts: Amounts): void {
    this.#each(subject, (window) => window.add(at, amounts));
  }

  /** Gives back in the day and month windows alone. */
  giveBackLong(subject: CountedSubject, at: number, amounts: Amounts): void {
    const back = negated(amounts);
    this.#each(subject, (window, seconds) => {
      if (seconds !== 60) window.add(at, back);
    });
  }

  /** Lets go of counters that nobody used for an hour; the store still knows what they held. */
  forgetIdle(): void {
    const before = this.#clock.steady() - IDLE_MS;
    for (const owners of [this.#counters.member, this.#counters.key]) {
      for (const [number, counters] of owners) if (counters.usedAt < before) owners.delete(number);
    }
  }

  #each(subject: CountedSubject, visit: (window: SlidingWindow, seconds: WindowSeconds) => void): void {
    visitWindows(this.#counters.member.get(subject.memberId), subject.models, visit);
    visitWindows(this.#counters.key.get(subject.keyId), subject.models, visit);
  }

  /**
   * Rows carry wall-clock time. One from the future (the clock was set back) counts as admitted now.
   * Where the clocks differ, a cell of the history lies across two steps of the window: all of it goes into
   * the later one, since none of it may leave early.
   */
  #load(id: CounterId, now: number): SlidingWindow {
    const { ms, granularityMs } = WINDOWS[id.windowSeconds];
    const ahead = now - this.#clock.wall();
    const cells = this.#history(id, now - ahead - ms - granularityMs).map((cell) => ({
      ...cell,
      start: Math.min(cell.start + ahead + granularityMs - 1, now),
    }));
    return new SlidingWindow(id.windowSeconds, cells);
  }
}

function visitWindows(
  counters: Counters | undefined,
  models: readonly string[],
  visit: (window: SlidingWindow, seconds: WindowSeconds) => void,
): void {
  if (counters === undefined) return;
  for (const [model, windows] of counters.byModel) {
    if (model !== ALL_MODELS && !models.includes(model)) continue;
    for (const seconds of SECONDS) {
      const window = windows[seconds];
      if (window !== undefined) visit(window, seconds);
    }
  }
}

export function negated(amounts: Amounts): Amounts {
  const result = { requests: 0, tokens: 0, images: 0, cost: 0 };
  for (const metric of METRICS) result[metric] = -amounts[metric];
  return result;
}
