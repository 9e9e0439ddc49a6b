import { EventEmitter } from 'node:events';
import type { Alert } from './alert-log.ts';
import type { AuditRow } from './audit-row.ts';
import type { Change } from './changes.ts';

/** A provider's health as it just became. */
interface ProviderEvent {
  providerId: number;
  state: 'closed' | 'half-open' | 'open';
  /** For people, without secrets. */
  message: string | null;
  /** Wall-clock ms at which it will be tried again; null while it is well. */
  openUntil: number | null;
}

/** More requests ended than are told one by one. */
interface SkippedEvent {
  requests: number;
}

/** What the whole gateway does now. */
interface StateEvent {
  state: 'running' | 'paused' | 'draining';
}

/** A request that was admitted, and once more when its answer begins. Its row follows when it has ended. */
export interface ProgressEvent {
  /** The audit row's. */
  id: number;
  /** Wall-clock ms. */
  at: number;
  requestId: string;
  memberId: number | null;
  keyId: number | null;
  tool: string;
  endpoint: string;
  model: string | null;
  streamed: boolean;
  /** An estimate. */
  inputTokens: number;
  /** Who answers; null until the answer begins, and for the built-in models. */
  providerId: number | null;
  /** Null until the answer begins. */
  ttfbMs: number | null;
}

export type LiveEvent =
  | { type: 'request'; data: AuditRow }
  | { type: 'skipped'; data: SkippedEvent }
  | { type: 'progress'; data: ProgressEvent }
  | { type: 'alert'; data: Alert }
  | { type: 'change'; data: Change }
  | { type: 'provider'; data: ProviderEvent }
  | { type: 'state'; data: StateEvent };

/** Each open panel is one subscriber; more than this is a client that forgets to close. */
const MAX_SUBSCRIBERS = 64;

/** Tells those who watch what just happened. Nothing is kept for those who come later. */
export class LiveEvents {
  readonly #emitter = new EventEmitter<{ event: [LiveEvent] }>();
  /** Subscribers who want to hear of requests. */
  #watchers = 0;

  constructor() {
    this.#emitter.setMaxListeners(MAX_SUBSCRIBERS);
  }

  /** Whether anybody watches requests: what is costly to tell need not be put together otherwise. */
  get watched(): boolean {
    return this.#watchers > 0;
  }

  emit(event: LiveEvent): void {
    this.#emitter.emit('event', event);
  }

  /**
   * @param types what to hear of; all of it unless given
   * @returns ends the subscription; null when too many watch already
   */
  subscribe(listener: (event: LiveEvent) => void, types?: readonly LiveEvent['type'][]): (() => void) | null {
    if (this.#emitter.listenerCount('event') >= MAX_SUBSCRIBERS) return null;
    const wanted = (event: LiveEvent) => {
      if (types === undefined || types.includes(event.type)) listener(event);
    };
    const watches = types === undefined || types.includes('request') ? 1 : 0;
    this.#watchers += watches;
    this.#emitter.on('event', wanted);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.#watchers -= watches;
      this.#emitter.off('event', wanted);
    };
  }
}
