import type { CircuitSnapshot } from './health.ts';

type StateKind =
  | 'answers'
  | 'untested'
  | 'off'
  | 'no_credential'
  | 'credential_refused'
  | 'cooling_down'
  | 'failing';

/** How a provider stands. Times are on the clock of the evidence. */
export interface ProviderState {
  kind: StateKind;
  /** When that began; null where nobody knows. */
  since: number | null;
  /** When it is called again; null while nothing holds it back. */
  until: number | null;
  /** For people, without secrets. */
  message: string | null;
}

/** What the last listing of the provider's models told, as a test of it does. */
export interface ListingOutcome {
  at: number;
  /** When the first of an unbroken run of the same outcome came. */
  since: number;
  outcome: 'ok' | 'credential_refused' | 'unreachable' | 'no_listing';
  message: string | null;
}

/** What is known of a provider. */
export interface ProviderEvidence {
  id: number;
  enabled: boolean;
  /** It needs a credential and none is stored. */
  lacksCredential: boolean;
  /** Its own circuit and those of its models. */
  circuits: readonly CircuitSnapshot[];
  listing: ListingOutcome | null;
  /** It answered a request before the start. */
  answeredBefore: boolean;
  /** What public models call it for. */
  upstreamModels: readonly string[];
}

/** After so many failures in a row it is more than a hiccup; the owner is alerted at the same number. */
const FAILING_AFTER = 3;

const REFUSED_CREDENTIAL = new Set(['http_401', 'http_403']);

/** The newest evidence says how a provider stands; what the owner set goes before it. */
export function providerState(evidence: ProviderEvidence): ProviderState {
  const { enabled, lacksCredential, circuits, listing } = evidence;
  if (!enabled) return plain('off');
  if (lacksCredential) return plain('no_credential');
  const own = circuits.find(({ key }) => key === String(evidence.id));
  const ownTrouble = own === undefined ? null : troubleOf(own);
  // Some services list their models to anybody: that says nothing of a credential that calls were refused with.
  if (ownTrouble?.kind === 'credential_refused') return ownTrouble;
  const lastCall = Math.max(...circuits.map(lastCallOf), Number.NEGATIVE_INFINITY);
  if (listing !== null && listing.at >= lastCall) {
    const told = stateByListing(listing, circuits.some(hasServed));
    if (told !== null && told.kind !== 'answers') return told;
  } else if (ownTrouble !== null) return ownTrouble;
  return stateByModels(evidence, own);
}

/** Every model in trouble is the provider in trouble; one of several is worth a word. */
function stateByModels(evidence: ProviderEvidence, own: CircuitSnapshot | undefined): ProviderState {
  const { circuits, listing, upstreamModels } = evidence;
  const troubles = [...new Set(upstreamModels)].map((model) => {
    const circuit = circuits.find(({ key }) => key === `${evidence.id}:${model}`);
    return { model, trouble: circuit === undefined ? null : troubleOf(circuit) };
  });
  const inTrouble = troubles.flatMap(({ model, trouble }) => (trouble === null ? [] : [{ model, trouble }]));
  const first = inTrouble.toSorted((a, b) => (a.trouble.until ?? 0) - (b.trouble.until ?? 0))[0];
  if (first !== undefined && inTrouble.length === troubles.length) return first.trouble;
  const answered = listing?.outcome === 'ok' || evidence.answeredBefore || circuits.some(hasServed);
  if (!answered) return first?.trouble ?? plain('untested');
  const message = first === undefined ? null : `${first.model}: ${first.trouble.message ?? 'it failed.'}`;
  const since = own !== undefined && hasServed(own) ? own.since : (listing?.since ?? null);
  return { kind: 'answers', since, until: null, message };
}

/** @returns null for an outcome that proves nothing */
function stateByListing(
  { outcome, since, message }: ListingOutcome,
  hasAnsweredCalls: boolean,
): ProviderState | null {
  switch (outcome) {
    case 'ok':
      return { kind: 'answers', since, until: null, message: null };
    case 'credential_refused':
      return { kind: 'credential_refused', since, until: null, message };
    case 'unreachable':
      return { kind: 'failing', since, until: null, message };
    case 'no_listing':
      return hasAnsweredCalls ? null : { kind: 'failing', since, until: null, message };
  }
}

/** @returns null while the circuit is closed, and once a short cooldown of one that served before is over */
function troubleOf(circuit: CircuitSnapshot): ProviderState | null {
  if (circuit.state === 'closed') return null;
  const open = circuit.state === 'open';
  const facts = {
    since: circuit.failingSince,
    until: open ? circuit.openUntil : null,
    message: circuit.lastError,
  };
  if (REFUSED_CREDENTIAL.has(circuit.lastReason ?? '')) return { kind: 'credential_refused', ...facts };
  const often = circuit.consecutiveFailures >= FAILING_AFTER;
  if (open && (circuit.askedToWait || !often)) return { kind: 'cooling_down', ...facts };
  if (circuit.askedToWait || (!often && hasServed(circuit))) return null;
  return { kind: 'failing', ...facts };
}

function hasServed({ lastServedAt }: CircuitSnapshot): boolean {
  return lastServedAt !== null;
}

function lastCallOf({ lastServedAt, lastFailedAt }: CircuitSnapshot): number {
  return Math.max(lastServedAt ?? Number.NEGATIVE_INFINITY, lastFailedAt ?? Number.NEGATIVE_INFINITY);
}

function plain(kind: StateKind): ProviderState {
  return { kind, since: null, until: null, message: null };
}
