import type { Database } from '../store/store.ts';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** Fewer requests in an hour are never unusual. */
const FLOOR = 200;
/** How many times the busiest hour of the last week. */
const FACTOR = 5;

export interface Volume {
  keyId: number;
  /** In the current hour so far, refused ones included. */
  requests: number;
  /** In the busiest hour of the last seven days. */
  busiest: number;
}

/** Every key over the floor in the current hour, from the roll-ups and the rows behind them. */
const CURRENT = `
  SELECT keyId, memberId, sum(requests) AS requests FROM (
    SELECT u.key_id AS keyId, u.member_id AS memberId, sum(u.requests + u.refused) AS requests
    FROM members m CROSS JOIN usage_hours u ON u.member_id = m.id AND u.hour = @hour WHERE u.key_id > 0 GROUP BY 1, 2
    UNION ALL
    SELECT key_id, member_id, count(*) FROM requests NOT INDEXED
    WHERE id > @rolledUpTo AND at >= @hour AND key_id IS NOT NULL AND member_id IS NOT NULL GROUP BY 1, 2
  ) GROUP BY 1, 2 HAVING sum(requests) > ${FLOOR}`;

const BUSIEST = `
  SELECT max(requests) AS busiest FROM (
    SELECT sum(requests + refused) AS requests FROM usage_hours
    WHERE member_id = @memberId AND hour >= @from AND hour < @hour AND key_id = @keyId GROUP BY hour)`;

/** Finds keys that send far more than they did all week. Each is told once an hour. */
export class UnusualVolume {
  readonly #rolledUpTo: () => number;
  readonly #told = new Map<number, number>();
  readonly #current;
  readonly #busiest;
  readonly #toldBefore;

  constructor(db: Database, rolledUpTo: () => number) {
    this.#rolledUpTo = rolledUpTo;
    this.#current = db.prepare<
      { hour: number; rolledUpTo: number },
      { keyId: number; memberId: number; requests: number }
    >(CURRENT);
    this.#busiest = db.prepare<
      { memberId: number; keyId: number; from: number; hour: number },
      { busiest: number | null }
    >(BUSIEST);
    this.#toldBefore = db.prepare<[number, number], { id: number }>(
      "SELECT id FROM alerts WHERE kind = 'unusual_volume' AND key_id = ? AND at >= ? LIMIT 1",
    );
  }

  /** @param now wall-clock ms */
  find(now: number): Volume[] {
    const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
    const found: Volume[] = [];
    for (const { keyId, memberId, requests } of this.#current.all({ hour, rolledUpTo: this.#rolledUpTo() })) {
      const busiest = this.#busiest.get({ memberId, keyId, from: hour - WEEK_MS, hour })?.busiest ?? 0;
      if (requests <= FACTOR * busiest || this.#wasTold(keyId, hour)) continue;
      this.#told.set(keyId, hour);
      found.push({ keyId, requests, busiest });
    }
    return found;
  }

  /** The table is asked too: the gateway may have been started again within the hour. */
  #wasTold(keyId: number, hour: number): boolean {
    return this.#told.get(keyId) === hour || this.#toldBefore.get(keyId, hour) !== undefined;
  }
}
