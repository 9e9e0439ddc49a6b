import type { Database } from '../store/store.ts';
import type { AlertLog } from './alert-log.ts';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

/** What is counted, how many in an hour are never unusual, and how it is called. */
const METRICS = [
  { metric: 'requests', floor: 200, words: 'requests' },
  { metric: 'tokens', floor: 2_000_000, words: 'tokens' },
] as const;
/** How many times the busiest hour of the last week. */
const FACTOR = 5;

type Metric = (typeof METRICS)[number]['metric'];
type Amounts = Record<Metric, number>;

export interface Volume {
  keyId: number;
  /** What came, what is usual, and how many times that is, in plain words. */
  words: string;
}

const FLOORS = METRICS.map(({ metric, floor }) => `sum(${metric}) > ${floor}`).join(' OR ');

/** Every key over a floor in the current hour, from the roll-ups and the rows behind them. */
const CURRENT = `
  SELECT keyId, memberId, sum(requests) AS requests, sum(tokens) AS tokens FROM (
    SELECT u.key_id AS keyId, u.member_id AS memberId, sum(u.requests + u.refused) AS requests,
      sum(u.input_tokens + u.output_tokens) AS tokens
    FROM members m CROSS JOIN usage_hours u ON u.member_id = m.id AND u.hour = @hour WHERE u.key_id > 0 GROUP BY 1, 2
    UNION ALL
    SELECT key_id, member_id, count(*), sum(iif(counted > 0, input_tokens + output_tokens, 0)) FROM requests NOT INDEXED
    WHERE id > @rolledUpTo AND at >= @hour AND key_id IS NOT NULL AND member_id IS NOT NULL GROUP BY 1, 2
  ) GROUP BY 1, 2 HAVING ${FLOORS}`;

const HOURS = `
  SELECT sum(requests + refused) AS requests, sum(input_tokens + output_tokens) AS tokens FROM usage_hours
  WHERE member_id = @memberId AND hour >= @from AND hour < @hour AND key_id = @keyId GROUP BY hour`;

/** Finds keys that send far more than they did all week. Each is told once an hour. */
export class UnusualVolume {
  readonly #rolledUpTo: () => number;
  readonly #log: AlertLog;
  readonly #told = new Map<number, number>();
  readonly #current;
  readonly #hours;

  constructor(db: Database, log: AlertLog, rolledUpTo: () => number) {
    this.#log = log;
    this.#rolledUpTo = rolledUpTo;
    this.#current = db.prepare<
      { hour: number; rolledUpTo: number },
      { keyId: number; memberId: number } & Amounts
    >(CURRENT);
    this.#hours = db.prepare<{ memberId: number; keyId: number; from: number; hour: number }, Amounts>(HOURS);
  }

  /** @param now wall-clock ms */
  find(now: number): Volume[] {
    const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
    const found: Volume[] = [];
    for (const { keyId, memberId, ...came } of this.#current.all({ hour, rolledUpTo: this.#rolledUpTo() })) {
      const hours = this.#hours.all({ memberId, keyId, from: hour - WEEK_MS, hour });
      const words = METRICS.flatMap((metric) => unusualWords(metric, came, hours));
      if (words.length === 0 || this.#wasTold(keyId, hour)) continue;
      this.#told.set(keyId, hour);
      found.push({ keyId, words: words.join(' ') });
    }
    return found;
  }

  /** The table is asked too: the gateway may have been started again within the hour. */
  #wasTold(keyId: number, hour: number): boolean {
    return this.#told.get(keyId) === hour || this.#log.hasOfKey(keyId, 'unusual_volume', hour);
  }
}

/** @returns nothing where it is usual for this key */
function unusualWords(
  { metric, floor, words }: (typeof METRICS)[number],
  came: Amounts,
  hours: readonly Amounts[],
): string[] {
  const before = hours.map((hour) => hour[metric]).toSorted((a, b) => a - b);
  const busiest = before.at(-1) ?? 0;
  const count = came[metric];
  if (count <= floor || count <= FACTOR * busiest) return [];
  const what = `sent ${spelled(count)} ${words} within this hour.`;
  if (busiest === 0) return [`${what} It was not used in the week before.`];
  const usual = before[Math.floor((before.length - 1) / 2)] ?? 0;
  const seldom = before.length < 3 || usual === 0 || usual === busiest;
  const median = seldom
    ? ''
    : `, and ${timesWords(count / usual)} an hour that is usual for it (${spelled(usual)})`;
  return [
    `${what} Its busiest hour in the week before had ${spelled(busiest)}. This is ${timesWords(count / busiest)} that${median}.`,
  ];
}

function timesWords(times: number): string {
  return `${times < 10 ? times.toFixed(1).replace(/\.0$/, '') : Math.round(times)} times`;
}

function spelled(count: number): string {
  return count.toLocaleString('en-US');
}
