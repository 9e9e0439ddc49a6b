import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../store/store.ts';
import { FirstBytes } from './first-bytes.ts';
import type { Names } from './names.ts';
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

/** Reason of an attempt that came to no call. */
const UNFIT = 'unfit';

const FAILED_CALLS = `
  SELECT a.request, a.number, a.provider_id AS providerId, r.at, a.number = r.attempts AS last, a.reason = @unfit AS unfit
  FROM attempts a CROSS JOIN requests r ON r.id = a.request
  WHERE (a.request, a.number) > (@request, @number)
  ORDER BY a.request, a.number LIMIT ${SLICE_CALLS}`;

/** Reports what providers did: requests and cost by the usage report, failed calls by the attempts of audit rows. */
export class ProviderUsage {
  readonly #usage: UsageReport;
  readonly #names: Names;
  readonly #firstBytes: FirstBytes;
  readonly #failedCalls;
  readonly #firstRow;
  readonly #nameOf: (providerId: number) => string | undefined;

  /** @param nameOf the name of a provider, also of a deleted one */
  constructor(
    db: Database,
    names: Names,
    usage: UsageReport,
    nameOf: (providerId: number) => string | undefined,
  ) {
    this.#usage = usage;
    this.#nameOf = nameOf;
    this.#names = names;
    this.#firstBytes = new FirstBytes(db);
    this.#failedCalls = db.prepare<Position & { unfit: number }, FailedCall>(FAILED_CALLS);
    this.#firstRow = db.prepare<[number], { id: number }>(
      'SELECT id FROM requests INDEXED BY requests_at WHERE at >= ? ORDER BY at, id LIMIT 1',
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

  async #calls({ from, to }: Span, signal?: AbortSignal): Promise<Map<number, Calls>> {
    const byProvider = new Map<number, Calls>();
    const first = this.#firstRow.get(from)?.id;
    if (first === undefined) return byProvider;
    const unfitReason = this.#names.find(UNFIT) ?? 0;
    let after: Position = { request: first - 1, number: Number.MAX_SAFE_INTEGER };
    for (;;) {
      signal?.throwIfAborted();
      const slice = this.#failedCalls.all({ ...after, unfit: unfitReason });
      for (const { providerId, at, last, unfit } of slice) {
        if (providerId === null || at < from || at >= to) continue;
        const calls = byProvider.get(providerId) ?? { failed: 0, unanswered: 0 };
        calls.failed += 1 - unfit;
        calls.unanswered += last;
        byProvider.set(providerId, calls);
      }
      const end = slice.at(-1);
      if (end === undefined || slice.length < SLICE_CALLS) return byProvider;
      after = end;
      await nextTurn();
    }
  }
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
