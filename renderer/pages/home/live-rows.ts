import type { AuditRow, RequestProgress } from '../../../gateway/doors/admin/contract.ts';
import type { LiveEvent } from '../../api/live-events.ts';

/** A request that runs, as far as it is known. */
export interface RunningRow {
  id: string;
  requestId: string;
  at: string;
  memberId: string | null;
  tool: string;
  model: string | null;
  streamed: boolean;
  /** An estimate. */
  inputTokens: number;
  providerId: string | null;
  /** `unknown`: it ran already when the page began to listen. */
  stage: 'unknown' | 'admitted' | 'answering';
}

export interface LiveRows {
  /** Newest first. */
  running: readonly RunningRow[];
  /** The latest that ended first. */
  done: readonly AuditRow[];
}

const MOST_DONE = 40;

/** What runs and what has just ended, put together from lists and events, in whatever order those come. */
export class LiveBook {
  /** By request id: a restored database gives its rows' numbers again. */
  readonly #running = new Map<string, RunningRow>();
  readonly #done = new Map<string, AuditRow>();
  /** The gateway may tell of an end before its list, read earlier, tells that it runs. */
  readonly #ended = new Set<string>();

  /** @returns whether that changed anything */
  hear(event: LiveEvent): boolean {
    if (event.type === 'progress') return this.#progress(event.data);
    if (event.type !== 'request') return false;
    this.#end(event.data);
    return true;
  }

  /**
   * Takes over what was read.
   * @param newest rows of the audit log, newest first
   * @param running those of the last hour that run
   * @param askedAt when they were asked for: what began since is not missing in them. Wall-clock ms
   */
  read(newest: readonly AuditRow[], running: readonly AuditRow[], askedAt: number): void {
    const read = new Set(running.map(({ requestId }) => requestId));
    for (const [requestId, { at }] of this.#running)
      if (!read.has(requestId) && Date.parse(at) < askedAt) this.#running.delete(requestId);
    for (const row of running) {
      if (this.#ended.has(row.requestId) || this.#running.has(row.requestId)) continue;
      this.#running.set(row.requestId, { ...row, stage: 'unknown' });
    }
    for (const row of newest) if (row.status !== 0) this.#end(row);
  }

  rows(): LiveRows {
    return {
      running: [...this.#running.values()].sort((a, b) => (a.at < b.at ? 1 : -1)),
      done: [...this.#done.values()].sort((a, b) => endOf(b) - endOf(a)),
    };
  }

  #progress(told: RequestProgress): boolean {
    if (this.#ended.has(told.requestId)) return false;
    const stage = told.ttfbMs === null ? 'admitted' : 'answering';
    if (stage === 'admitted' && this.#running.get(told.requestId)?.stage === 'answering') return false;
    this.#running.set(told.requestId, { ...told, stage });
    return true;
  }

  #end(row: AuditRow): void {
    this.#running.delete(row.requestId);
    this.#done.set(row.requestId, row);
    this.#ended.add(row.requestId);
    if (this.#done.size > 2 * MOST_DONE) this.#forget();
  }

  #forget(): void {
    for (const { requestId } of this.rows().done.slice(MOST_DONE)) {
      this.#done.delete(requestId);
      this.#ended.delete(requestId);
    }
  }
}

function endOf({ at, latencyMs }: AuditRow): number {
  return Date.parse(at) + (latencyMs ?? 0);
}
