/** `open`: calls are held back. `half-open`: one probe may find out whether that is over. */
export type CircuitState = 'closed' | 'half-open' | 'open';

export interface CircuitSnapshot {
  key: string;
  state: CircuitState;
  /** When the state began, ms. */
  since: number;
  /** When the cooldown ends or ended, ms; null while closed. */
  openUntil: number | null;
  /** The cooldown, over or not, is one that the provider asked for. */
  askedToWait: boolean;
  consecutiveFailures: number;
  /** When the first of them came, ms; null while closed. */
  failingSince: number | null;
  lastServedAt: number | null;
  lastFailedAt: number | null;
  lastError: string | null;
  /** What kind of failure the last one was. */
  lastReason: string | null;
  lastLatencyMs: number | null;
}

/**
 * Circuit breakers by key (a provider, or a provider and its model). After a failure the key cools down:
 * 1 s, 2 s, 4 s … 60 s with equal jitter, or for exactly as long as the provider asked.
 */
export interface Health {
  state(key: string): CircuitState;
  /**
   * Asks for leave to call. True while closed; half-open it is true for one probe at a time. Whoever was
   * let through reports back with `succeeded`, `failed` or `released`.
   */
  tryAcquire(key: string): boolean;
  /** The provider answered. Closes a half-open circuit; a cooldown under way runs on. */
  succeeded(key: string, latencyMs?: number): void;
  /**
   * @param failure.message for people, without secrets
   * @param failure.reason a short name of its kind
   * @param failure.retryAfterMs what the provider asked for; at most one hour is honoured
   */
  failed(key: string, failure?: { message?: string; reason?: string; retryAfterMs?: number | null }): void;
  /** The call ended without telling anything, as when the client hung up. */
  released(key: string): void;
  /** When the cooldown ends, ms; null while closed. */
  openUntil(key: string): number | null;
  /** The cooldown under way is one that the provider asked for. */
  askedToWait(key: string): boolean;
  /** Forgets a key, as when its owner changed the provider. */
  reset(key: string): void;
  snapshot(): CircuitSnapshot[];
}

export interface HealthOptions {
  /** Milliseconds, running evenly. */
  now: () => number;
  /** In [0, 1). */
  random?: () => number;
  /** How many keys are remembered. */
  maxKeys?: number;
}

const FIRST_COOLDOWN_MS = 1_000;
const LONGEST_COOLDOWN_MS = 60_000;
const LONGEST_RETRY_AFTER_MS = 3_600_000;
/** A probe that never reports must not block the key for good. */
const PROBE_LEASE_MS = 60_000;
const LONGEST_ERROR_TEXT = 300;

interface Circuit {
  since: number;
  askedToWait: boolean;
  openUntil: number | null;
  probeSince: number | null;
  consecutiveFailures: number;
  failingSince: number | null;
  lastServedAt: number | null;
  lastFailedAt: number | null;
  lastError: string | null;
  lastReason: string | null;
  lastLatencyMs: number | null;
}

export function createHealth({ now, random = Math.random, maxKeys = 10_000 }: HealthOptions): Health {
  const circuits = new Map<string, Circuit>();

  function circuitOf(key: string): Circuit {
    const known = circuits.get(key);
    if (known !== undefined) return known;
    if (circuits.size >= maxKeys) forgetOne();
    const circuit = newCircuit(now());
    circuits.set(key, circuit);
    return circuit;
  }

  /** The oldest closed circuit says least; without one, the oldest. */
  function forgetOne(): void {
    let victim = circuits.keys().next().value;
    for (const [key, circuit] of circuits) {
      if (circuit.openUntil !== null) continue;
      victim = key;
      break;
    }
    if (victim !== undefined) circuits.delete(victim);
  }

  function stateOf(circuit: Circuit | undefined): CircuitState {
    if (circuit === undefined || circuit.openUntil === null) return 'closed';
    return now() < circuit.openUntil ? 'open' : 'half-open';
  }

  function cooldown(failures: number): number {
    const full = Math.min(LONGEST_COOLDOWN_MS, FIRST_COOLDOWN_MS * 2 ** (failures - 1));
    return full / 2 + (random() * full) / 2;
  }

  return {
    state: (key) => stateOf(circuits.get(key)),

    tryAcquire(key) {
      const circuit = circuits.get(key);
      const state = stateOf(circuit);
      if (circuit === undefined || state !== 'half-open') return state === 'closed';
      if (circuit.probeSince !== null && now() - circuit.probeSince < PROBE_LEASE_MS) return false;
      circuit.probeSince = now();
      return true;
    },

    succeeded(key, latencyMs) {
      const circuit = circuitOf(key);
      if (latencyMs !== undefined) circuit.lastLatencyMs = latencyMs;
      // A call that began before the failure proves nothing about now.
      if (stateOf(circuit) === 'open') return;
      if (circuit.openUntil !== null) circuit.since = now();
      circuit.lastServedAt = now();
      circuit.failingSince = null;
      circuit.openUntil = null;
      circuit.probeSince = null;
      circuit.consecutiveFailures = 0;
    },

    failed(key, { message, reason, retryAfterMs } = {}) {
      const circuit = circuitOf(key);
      circuit.lastFailedAt = now();
      circuit.failingSince ??= now();
      if (reason !== undefined) circuit.lastReason = reason;
      if (message !== undefined) circuit.lastError = message.slice(0, LONGEST_ERROR_TEXT);
      const asked = retryAfterMs == null ? null : Math.min(Math.max(0, retryAfterMs), LONGEST_RETRY_AFTER_MS);
      const wasOpen = stateOf(circuit) === 'open';
      // Calls that were under way together fail together: they count as one failure.
      if (wasOpen && asked === null) return;
      if (!wasOpen) {
        circuit.consecutiveFailures += 1;
        circuit.since = now();
      }
      circuit.askedToWait = asked !== null || (wasOpen && circuit.askedToWait);
      const until = now() + (asked ?? cooldown(circuit.consecutiveFailures));
      circuit.openUntil = Math.max(until, circuit.openUntil ?? 0);
      circuit.probeSince = null;
    },

    released(key) {
      const circuit = circuits.get(key);
      if (circuit !== undefined) circuit.probeSince = null;
    },

    openUntil: (key) => circuits.get(key)?.openUntil ?? null,

    askedToWait(key) {
      const circuit = circuits.get(key);
      return circuit?.askedToWait === true && stateOf(circuit) === 'open';
    },

    reset: (key) => void circuits.delete(key),

    snapshot: () =>
      [...circuits].map(([key, circuit]) => {
        const state = stateOf(circuit);
        return {
          key,
          state,
          since: state === 'half-open' ? (circuit.openUntil ?? circuit.since) : circuit.since,
          openUntil: circuit.openUntil,
          askedToWait: circuit.askedToWait,
          consecutiveFailures: circuit.consecutiveFailures,
          failingSince: circuit.failingSince,
          lastServedAt: circuit.lastServedAt,
          lastFailedAt: circuit.lastFailedAt,
          lastError: circuit.lastError,
          lastReason: circuit.lastReason,
          lastLatencyMs: circuit.lastLatencyMs,
        };
      }),
  };
}

function newCircuit(since: number): Circuit {
  return {
    since,
    askedToWait: false,
    openUntil: null,
    probeSince: null,
    consecutiveFailures: 0,
    failingSince: null,
    lastServedAt: null,
    lastFailedAt: null,
    lastError: null,
    lastReason: null,
    lastLatencyMs: null,
  };
}

/**
 * How long a provider asks to wait: `retry-after-ms` (OpenAI, Azure), else `retry-after` in seconds or as an
 * HTTP date (RFC 9110 §10.2.3).
 * @param headers lower-case names
 * @param now wall clock, ms
 * @returns ms, never negative; null when nothing readable was sent
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | null {
  const exact = decimal(headers['retry-after-ms']);
  if (exact !== null) return Math.ceil(exact);
  const text = headers['retry-after'];
  const seconds = decimal(text);
  if (seconds !== null) return Math.ceil(seconds * 1_000);
  const date = text === undefined ? Number.NaN : httpDate(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

function decimal(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d{1,12}(\.\d+)?\s*$/.test(text) ? Number(text) : null;
}

/** RFC 9110 §5.6.7: all three forms begin with a weekday and mean UTC; the oldest does not say so. */
function httpDate(text: string): number {
  const trimmed = text.trim();
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(trimmed)) return Number.NaN;
  return Date.parse(trimmed.endsWith('GMT') ? trimmed : `${trimmed} GMT`);
}
