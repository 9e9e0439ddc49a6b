import Stripe from 'stripe';
import { expect, it } from 'vitest';
import { asStripeFailure, StripeFailure } from '../../gateway/billing/stripe-failure.ts';

const { errors } = Stripe;

it.each([
  ['unreachable', new errors.StripeConnectionError({ message: 'x', type: 'api_error' })],
  ['stripe_error', new errors.StripeAPIError({ message: 'x', type: 'api_error', statusCode: 500 })],
  [
    'stripe_error',
    new errors.StripeAPIError({ message: 'x', type: 'idempotency_error' as 'api_error', statusCode: 409 }),
  ],
  [
    'key_refused',
    new errors.StripeAuthenticationError({ message: 'x', type: 'invalid_request_error', statusCode: 401 }),
  ],
  [
    'not_permitted',
    new errors.StripePermissionError({ message: 'x', type: 'invalid_request_error', statusCode: 403 }),
  ],
  [
    'rate_limited',
    new errors.StripeRateLimitError({ message: 'x', type: 'invalid_request_error', statusCode: 429 }),
  ],
  [
    'missing',
    new errors.StripeInvalidRequestError({
      ...{ message: 'x', type: 'invalid_request_error', statusCode: 404, code: 'resource_missing' },
    }),
  ],
  [
    'refused',
    new errors.StripeInvalidRequestError({ message: 'x', type: 'invalid_request_error', statusCode: 400 }),
  ],
])('%s', (reason, error) => {
  expect(asStripeFailure(error)).toMatchObject({ reason });
});

it('leaves errors of anybody else alone', () => {
  const error = new TypeError('no');
  expect(asStripeFailure(error)).toBe(error);
});

it('quotes no key, whole or in parts, wherever Stripe has put it', () => {
  const key = `sk_live_${'a1B2'.repeat(20)}`;
  const message = `Invalid API Key provided: ${key}; or sk_test_********************qs8K, 'rk_live_*****qs8Kgd', whsec_abc123def.`;
  const error = new errors.StripeAuthenticationError({
    ...{ message, type: 'invalid_request_error', statusCode: 401 },
    headers: { authorization: `Bearer ${key}` },
  });
  const failure = asStripeFailure(error) as StripeFailure;
  expect(failure).toBeInstanceOf(StripeFailure);
  const all = JSON.stringify({
    ...failure,
    message: failure.message,
    stack: failure.stack,
    cause: failure.cause,
  });
  for (const part of [key, 'a1B2a1B2', 'qs8K', 'abc123def']) expect(all).not.toContain(part);
  expect(failure.said).toContain('Invalid API Key provided: <key>');
});
