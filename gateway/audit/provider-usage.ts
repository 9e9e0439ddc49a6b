import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../store/store.ts';
import { FirstBytes } from './first-bytes.ts';
import type { Names } from './names.ts';
import { UNFIT } from './request-places.ts';
import type { UsageReport } from './usage-report.ts';

/** What one provider did in a span. Ids are strings, as reports give them. */
export interface ProviderUse {
  providerId: string;
  /** Also of a deleted provider. */
  providerName: string | null;
  /** Requests it answered, or was the last to fail. */
  requests: number;
  /** Calls made to it, those included that failed before another provider answered. */
  calls: number;
  failedCalls: number;
  /** Median of its latest answers; null where it gave none lately. */
  firstByteMs: number | null;
  costMicros: number;
}

interface Position {
  request: number;
  number: number;
}

interface FailedCall extends Position {
  providerId: number | null;
  at: number;
  /** 1 for the request's last attempt. */
  last: number;
  /** 1 where the request did not fit the target, and no call was made. */
  unfit: number;
}

interface Calls {
  failed: number;
  /** Requests that ended so: their rows name the provider as those it answered do. */
  unanswered: number;
}

/** Half-open span of wall-clock milliseconds. */
interface Span {
  from: number;
  to: number;
}

/** Failed calls looked at in one go: about a millisecond of the gateway's thread. */
const SLICE_CALLS = 500;
const HOUR_MS = 3_600_000;
/** Hours summed in one go. */
const SLICE_MS = 60 * 24 * HOUR_MS;

/** Up to where failed calls are summed by the hour: rows in (locatedAfter, rolledUpTo]. */
export interface FailedCallMarks {
  rolledUpTo: () => number;
  locatedAfter: () => number;
}

const FAILED_CALLS = `
  SELECT a.request, a.number, a.provider_id AS providerId, r.at, a.number = r.attempts AS last, a.reason = @unfit AS unfit
  FROM attempts a CROSS JOIN requests r ON r.id = a.request
  WHERE (a.request, a.number) > (@request, @number) AND a.request <= @upTo
  ORDER BY a.request, a.number LIMIT ${SLICE_CALLS}`;

/** Reports what providers did: requests and cost by the usage report, failed calls by their sums and what is behind. */
export class ProviderUsage {
  readonly #usage: UsageReport;
  readonly #names: Names;
  readonly #firstBytes: FirstBytes;
  readonly #failedCalls;
  readonly #summed;
  readonly #oldestSummed: () => number;
  readonly #marks: FailedCallMarks;
  readonly #nameOf: (providerId: number) => string | undefined;

  /** @param nameOf the name of a provider, also of a deleted one */
  constructor(
    db: Database,
    names: Names,
    usage: UsageReport,
    nameOf: (providerId: number) => string | undefined,
    marks: FailedCallMarks,
  ) {
    this.#marks = marks;
    this.#usage = usage;
    this.#nameOf = nameOf;
    this.#names = names;
    this.#firstBytes = new FirstBytes(db);
    this.#failedCalls = db.prepare<Position & { upTo: number; unfit: number }, FailedCall>(FAILED_CALLS);
    const oldest = db.prepare<[], { hour: number }>('SELECT hour FROM failed_calls ORDER BY hour LIMIT 1');
    this.#oldestSummed = () => oldest.get()?.hour ?? Number.MAX_SAFE_INTEGER;
    this.#summed = db.prepare<Span, Calls & { providerId: number }>(
      `SELECT provider_id AS providerId, sum(failed) AS failed, sum(unanswered) AS unanswered
       FROM failed_calls WHERE hour >= @from AND hour < @to GROUP BY provider_id`,
    );
  }

  /**
   * The most used first; a provider that was not called in the span is left out.
   * @param span widened to whole hours, as the usage report is
   */
  async report(asked: Span, signal?: AbortSignal): Promise<ProviderUse[]> {
    const span = { from: floorTo(asked.from, HOUR_MS), to: floorTo(asked.to + HOUR_MS - 1, HOUR_MS) };
    const { rows } = await this.#usage.report(
      { ...span, step: 'total', groupBy: ['provider'], timeZoneOffsetMinutes: 0 },
      signal,
    );
    const calls = await this.#calls(span, signal);
    const used = new Map(
      rows.flatMap((row) => (row.providerId == null ? [] : [[row.providerId, row] as const])),
    );
    const ids = [...new Set([...used.keys(), ...calls.keys()].map(Number))];
    const firstBytes = await this.#firstBytes.byProvider(span, ids, signal);
    const found = ids.map((id): ProviderUse => {
      const { requests = 0, costMicros = 0 } = used.get(String(id)) ?? {};
      const { failed, unanswered } = calls.get(id) ?? { failed: 0, unanswered: 0 };
      return {
        providerId: String(id),
        providerName: this.#nameOf(id) ?? null,
        requests,
        // A row may settle between the two reports; no call is failed more than once.
        calls: Math.max(failed, requests - unanswered + failed),
        failedCalls: failed,
        firstByteMs: firstBytes.get(id) ?? null,
        costMicros,
      };
    });
    return found.sort((a, b) => b.calls - a.calls);
  }

  /** The newest sums are read in one go with their mark: so no call is missed or counted twice. */
  async #calls({ from, to }: Span, signal?: AbortSignal): Promise<Map<number, Calls>> {
    const byProvider = new Map<number, Calls>();
    const add = (providerId: number, { failed, unanswered }: Calls) => {
      const calls = byProvider.get(providerId) ?? { failed: 0, unanswered: 0 };
      byProvider.set(providerId, {
        failed: calls.failed + failed,
        unanswered: calls.unanswered + unanswered,
      });
    };
    const end = Math.min(to, Date.now() + SLICE_MS);
    let start = Math.max(from, this.#oldestSummed());
    for (; start + SLICE_MS < end; start += SLICE_MS) {
      for (const calls of this.#summed.all({ from: start, to: start + SLICE_MS }))
        add(calls.providerId, calls);
      await nextTurn();
      signal?.throwIfAborted();
    }
    const [locatedAfter, rolledUpTo] = [this.#marks.locatedAfter(), this.#marks.rolledUpTo()];
    for (const calls of this.#summed.all({ from: Math.min(start, to), to })) add(calls.providerId, calls);
    const rest = [
      { after: rolledUpTo, upTo: Number.MAX_SAFE_INTEGER },
      { after: 0, upTo: locatedAfter },
    ];
    for (const { after, upTo } of rest) {
      for await (const { providerId, at, last, unfit } of this.#behind(after, upTo, signal)) {
        if (providerId !== null && at >= from && at < to)
          add(providerId, { failed: 1 - unfit, unanswered: last });
      }
    }
    return byProvider;
  }

  /** Failed calls of rows with ids in (after, upTo]. */
  async *#behind(
    after: number,
    upTo: number,
    signal?: AbortSignal,
  ): AsyncGenerator<FailedCall, void, undefined> {
    const unfit = this.#names.find(UNFIT) ?? 0;
    let position: Position = { request: after, number: Number.MAX_SAFE_INTEGER };
    while (upTo > 0) {
      signal?.throwIfAborted();
      const slice = this.#failedCalls.all({ ...position, upTo, unfit });
      yield* slice;
      const last = slice.at(-1);
      if (last === undefined || slice.length < SLICE_CALLS) return;
      position = last;
      await nextTurn();
    }
  }
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
