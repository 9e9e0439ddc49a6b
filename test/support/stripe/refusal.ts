/** An error as Stripe answers it (https://docs.stripe.com/api/errors). */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    error: { type: string; message: string; code?: string; param?: string },
    headers: Record<string, string> = {},
  ) {
    super(error.message);
    this.status = status;
    this.body = { error };
    this.headers = headers;
  }
}

export function invalid(message: string, param?: string, code?: string): Refusal {
  return new Refusal(400, {
    type: 'invalid_request_error',
    message,
    ...(param === undefined ? {} : { param }),
    ...(code === undefined ? {} : { code }),
  });
}

/** 404 for an object of a path, 400 for one that a field names. */
export function missing(what: string, id: string, param: string): Refusal {
  const error = { type: 'invalid_request_error', code: 'resource_missing', param };
  return new Refusal(param === 'id' ? 404 : 400, { ...error, message: `No such ${what}: '${id}'` });
}

/** Stripe shows how a wrong key begins and ends. */
export function wrongKey(key: string): Refusal {
  const shown = `${key.slice(0, 8)}${'*'.repeat(20)}${key.slice(-4)}`;
  return new Refusal(401, { type: 'invalid_request_error', message: `Invalid API Key provided: ${shown}` });
}

export function notPermitted(key: string): Refusal {
  const message = `The provided key '${key.slice(0, 8)}${'*'.repeat(40)}${key.slice(-6)}' does not have the required permissions for this endpoint on account 'acct_1Test'. Having the 'rak_checkout_session_write' permission would allow this request to continue.`;
  return new Refusal(403, { type: 'invalid_request_error', message });
}

export const rateLimited = () =>
  new Refusal(429, {
    type: 'invalid_request_error',
    code: 'rate_limit',
    message:
      'Request rate limit exceeded. Learn more about rate limits here https://docs.stripe.com/rate-limits.',
  });

export const failed = () =>
  new Refusal(500, {
    type: 'api_error',
    message: 'Sorry! There was an error while talking to one of our backends.',
  });

export const keyInUse = (key: string) =>
  new Refusal(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
  });

export const otherParameters = (key: string) =>
  new Refusal(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  });
