/**
 * Why a call to Stripe failed:
 * `unreachable` no answer came; `key_refused` Stripe does not take the key; `not_permitted` a restricted key may
 * not do this; `rate_limited` too many calls; `missing` Stripe has no such object; `refused` it will not do what
 * was asked; `stripe_error` it failed, or is at the same thing already.
 */
export type StripeFailureReason =
  | 'unreachable'
  | 'key_refused'
  | 'not_permitted'
  | 'rate_limited'
  | 'missing'
  | 'refused'
  | 'stripe_error';

interface StripeFailureFacts {
  reason: StripeFailureReason;
  /** HTTP status; null when no answer came. */
  status: number | null;
  /** Stripe's own, such as `resource_missing`. */
  stripeCode: string | null;
  /** Field of the request that Stripe names. */
  param: string | null;
  /** By which Stripe's dashboard finds the call. */
  stripeRequestId: string | null;
  /** Stripe's words with keys taken out, for the owner alone. */
  said: string;
}

/** A call to Stripe failed. The message is for people; neither it nor anything beside it holds a key. */
export class StripeFailure extends Error {
  readonly reason: StripeFailureReason;
  readonly status: number | null;
  readonly stripeCode: string | null;
  readonly param: string | null;
  readonly stripeRequestId: string | null;
  readonly said: string;

  constructor(facts: StripeFailureFacts) {
    super(MESSAGES[facts.reason]);
    this.name = 'StripeFailure';
    this.reason = facts.reason;
    this.status = facts.status;
    this.stripeCode = facts.stripeCode;
    this.param = facts.param;
    this.stripeRequestId = facts.stripeRequestId;
    this.said = facts.said;
  }

  /** Whether Stripe may have done all the same what it was asked to. */
  get mayBeDone(): boolean {
    return this.reason === 'unreachable' || this.reason === 'stripe_error';
  }
}

const MESSAGES: Record<StripeFailureReason, string> = {
  unreachable: 'Stripe did not answer.',
  key_refused: 'Stripe does not take the stored key.',
  not_permitted: 'The stored key may not do this at Stripe.',
  rate_limited: 'Stripe asks for fewer calls.',
  missing: 'Stripe does not know what was asked for.',
  refused: 'Stripe refused the call.',
  stripe_error: 'Stripe failed to handle the call.',
};

/** What of the library's errors is read: its classes are told by `type`, so that the library need not be loaded. */
interface LibraryError {
  type: string;
  statusCode?: number;
  code?: string;
  param?: string;
  requestId?: string;
  message: string;
}

/**
 * Turns an error of Stripe's library into a StripeFailure; any other error comes back as it is. The original is
 * not kept as its cause: it carries headers and messages that quote keys.
 */
export function asStripeFailure(error: unknown): unknown {
  if (!isLibraryError(error)) return error;
  const { statusCode = null, code = null, param = null, requestId = null } = error;
  return new StripeFailure({
    reason: reasonOf(error),
    status: statusCode,
    stripeCode: code,
    param,
    stripeRequestId: requestId,
    said: withoutKeys(error.message),
  });
}

function isLibraryError(error: unknown): error is LibraryError {
  return error instanceof Error && 'type' in error && String(error.type).startsWith('Stripe');
}

/** https://docs.stripe.com/api/errors, and https://docs.stripe.com/error-low-level for 409. */
function reasonOf({ type, statusCode, code }: LibraryError): StripeFailureReason {
  if (type === 'StripeConnectionError') return 'unreachable';
  if (statusCode === undefined || statusCode === 409 || statusCode >= 500) return 'stripe_error';
  if (statusCode === 401) return 'key_refused';
  if (statusCode === 403) return 'not_permitted';
  if (statusCode === 429) return 'rate_limited';
  return code === 'resource_missing' ? 'missing' : 'refused';
}

const LONGEST_SAID = 300;
/** Whole keys, and those that Stripe has put stars into, which leave the last letters. */
const KEYS = /\b(?:[srp]k_(?:test|live)_|whsec_)[\w*]*|[\w*]*\*{4,}[\w*]*/g;

function withoutKeys(text: string): string {
  return text.replace(KEYS, '<key>').slice(0, LONGEST_SAID);
}
