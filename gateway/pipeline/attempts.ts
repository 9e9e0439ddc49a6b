import type { FailedAttempt } from '../audit/request-log.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { isCallersFault } from '../protocols/callers-fault.ts';
import type { ProviderError } from '../protocols/canonical/answer.ts';
import { type Health, retryAfterMs } from '../providers/health.ts';
import { type UpstreamAnswer, UpstreamFailure } from '../providers/upstream.ts';
import { VaultError } from '../vault/vault.ts';
import type { Route } from './route.ts';

/** What told the gateway that one target cannot serve. `message` is for the caller. */
interface TargetFailure {
  status: number | null;
  reason: string;
  message: string;
  retryAfterMs: number | null;
  /** The whole provider is to be left alone for a while, not one of its models. */
  wholeProvider: boolean;
  /** The provider did nothing wrong: the request does not fit it. */
  blameless?: boolean;
}

export interface AttemptsReport {
  /** Calls made. */
  made: number;
  failed: FailedAttempt[];
  /** The target that answered, or the last that was tried. */
  last: Route | null;
  /** What that target could not take of the request; null for nothing. */
  dropped: string | null;
}

/** Why an attempt gave nothing; thrown by whoever reads an answer that turns out useless. */
export class AttemptFailed extends Error {
  readonly failure: TargetFailure;

  constructor(failure: TargetFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Providers answer so when a request is wrong in itself: another target would say the same. */
const CALLERS_FAULT = new Set([400, 404, 405, 406, 410, 411, 413, 414, 415, 416, 422, 431, 451]);

/** Statuses that speak of the account or of the service as a whole. */
const WHOLE_PROVIDER = new Set([401, 402, 403, 500, 502, 503, 504]);

export interface AttemptsParts {
  health: Health;
  clock: Clock;
  onFailure(route: Route, message: string, reason: string): void;
  onSuccess(route: Route): void;
}

/**
 * Tries one target after the other until one of them serves, as long as nothing of an answer has gone out to
 * the client. `serve` makes the call and delivers the answer; it throws AttemptFailed or UpstreamFailure for
 * a target that cannot serve.
 * @param mayTryNext whether the client has yet seen nothing of an answer
 * @returns what `serve` returned for the target that served
 * @throws GatewayError `upstream_error` when none can; whatever else `serve` throws
 */
export async function tryInTurn<Answer>(
  routes: readonly Route[],
  parts: AttemptsParts,
  report: AttemptsReport,
  mayTryNext: () => boolean,
  serve: (route: Route) => Promise<Answer>,
): Promise<Answer> {
  const { health, clock } = parts;
  const failures: TargetFailure[] = [];
  for (const route of callable(routes, health)) {
    const begun = clock.steady();
    report.made++;
    report.last = route;
    try {
      const answer = await serve(route);
      for (const key of circuitsOf(route)) health.succeeded(key, clock.steady() - begun);
      parts.onSuccess(route);
      return answer;
    } catch (error) {
      const failure = failureOf(error, route);
      if (failure === undefined) {
        for (const key of circuitsOf(route)) health.released(key);
        throw error;
      }
      noteFailure(health, route, failure);
      if (!failure.blameless) parts.onFailure(route, failure.message, failure.reason);
      failures.push(failure);
      report.failed.push({
        providerId: route.provider?.id ?? null,
        upstreamModel: route.upstreamModel,
        status: failure.status,
        reason: failure.reason,
        latencyMs: clock.steady() - begun,
      });
      if (!mayTryNext()) throw error;
    }
  }
  throw noTargetServed(routes, failures, health, clock);
}

/** @returns undefined when the answer's status is one to deliver */
export function refusedByStatus(
  route: Route,
  answer: Pick<UpstreamAnswer, 'status' | 'headers'>,
  now: number,
): AttemptFailed | undefined {
  const { status, headers } = answer;
  if ((status >= 200 && status < 300) || CALLERS_FAULT.has(status)) return undefined;
  const name = nameOf(route);
  const words =
    status === 401 || status === 403
      ? `${name} refused the stored credential (${status}); the owner must renew it.`
      : status === 402
        ? `${name} asks for payment (402); the owner must top up there.`
        : status === 429
          ? `${name} is at its rate limit (429).`
          : status >= 300 && status < 400
            ? `${name} answered with a redirect (${status}), which is not followed; check its base URL.`
            : `${name} failed (${status}).`;
  return new AttemptFailed({
    status,
    reason: `http_${status}`,
    message: words,
    retryAfterMs: retryAfterMs(headers, now),
    wholeProvider: WHOLE_PROVIDER.has(status),
  });
}

/** An answer with a good status that is of no use: cut, junk, or an error in disguise. */
export function uselessAnswer(route: Route, reason: string, words: string): AttemptFailed {
  return new AttemptFailed({
    status: null,
    reason,
    message: `${nameOf(route)} ${words}`,
    retryAfterMs: null,
    wholeProvider: false,
  });
}

/** A provider that took the request and then refused it in the first event of its stream, as a 400 would. */
export class RefusedInStream extends Error {
  readonly error: ProviderError;

  constructor(error: ProviderError) {
    super(error.message);
    this.error = error;
  }
}

/** What an error means that comes before anything else: the caller's fault is theirs to read, others are tried. */
export function errorAtStart(route: Route, error: ProviderError): AttemptFailed | RefusedInStream {
  if (isCallersFault(error)) return new RefusedInStream(error);
  return uselessAnswer(route, 'error_event', `ended the stream before it began: ${error.message}`);
}

/** The target cannot be asked for what this request wants; another may. */
export function unfitTarget(route: Route, why: string): AttemptFailed {
  return new AttemptFailed({
    status: null,
    reason: 'unfit',
    message: `${nameOf(route)} cannot be asked for this: ${why}`,
    retryAfterMs: null,
    wholeProvider: false,
    blameless: true,
  });
}

export function nameOf(route: Route): string {
  return route.provider?.name ?? 'The built-in echo';
}

type Circuits = [provider: string, model: string];

function circuitsOf(route: Route): Circuits {
  const provider = String(route.provider?.id ?? 0);
  return [provider, `${provider}:${route.upstreamModel}`];
}

/**
 * Targets that are not cooling down, then those that are: a client is better served by a call than by a guess.
 * Where a provider said how long to stay away, it is left alone for so long.
 */
function* callable(routes: readonly Route[], health: Health): Generator<Route> {
  const cooling: Route[] = [];
  for (const route of routes) {
    if (acquire(health, circuitsOf(route))) yield route;
    else cooling.push(route);
  }
  for (const route of cooling) {
    if (!circuitsOf(route).some((key) => health.askedToWait(key))) yield route;
  }
}

function acquire(health: Health, [providerKey, modelKey]: Circuits): boolean {
  if (!health.tryAcquire(providerKey)) return false;
  if (health.tryAcquire(modelKey)) return true;
  health.released(providerKey);
  return false;
}

function noteFailure(health: Health, route: Route, failure: TargetFailure): void {
  const [providerKey, modelKey] = circuitsOf(route);
  if (failure.blameless) {
    for (const key of [providerKey, modelKey]) health.released(key);
    return;
  }
  health.released(failure.wholeProvider ? modelKey : providerKey);
  health.failed(failure.wholeProvider ? providerKey : modelKey, failure);
}

function failureOf(error: unknown, route: Route): TargetFailure | undefined {
  if (error instanceof AttemptFailed) return error.failure;
  const below = { status: null, retryAfterMs: null, wholeProvider: true };
  if (error instanceof UpstreamFailure && error.reason === 'aborted') return undefined;
  if (error instanceof UpstreamFailure) return { ...below, reason: error.reason, message: error.message };
  if (error instanceof VaultError) {
    const message = `The credential of ${nameOf(route)} cannot be read: ${error.message}`;
    return { ...below, reason: 'credential_unavailable', message };
  }
  return undefined;
}

function noTargetServed(
  routes: readonly Route[],
  failures: readonly TargetFailure[],
  health: Health,
  clock: Clock,
): GatewayError {
  const now = clock.steady();
  const waits = [
    ...failures.map((failure) => failure.retryAfterMs),
    ...routes.flatMap((route) =>
      circuitsOf(route).map((key) => (health.askedToWait(key) ? (health.openUntil(key) ?? now) - now : null)),
    ),
  ].filter((wait) => wait !== null);
  const headers: Record<string, string> =
    waits.length === 0 ? {} : { 'retry-after': String(Math.max(1, Math.ceil(Math.min(...waits) / 1000))) };
  const words = failures.map((failure) => failure.message).join(' ');
  const message =
    words === '' ? `${routes.map(nameOf).join(', ')} asked to be left alone for a while.` : words;
  return new GatewayError('upstream_error', message, { headers });
}
