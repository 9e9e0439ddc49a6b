import pino from 'pino';
import { expect, it } from 'vitest';
import { startFollowing } from '../../gateway/billing/following.ts';
import { Gate } from '../support/stripe/faults.ts';
import { wrongKey } from '../support/stripe/refusal.ts';
import { SECRET_KEY } from '../support/stripe/stripe.ts';
import { until } from '../support/until.ts';
import { openCounter } from './setup.ts';

const LOOK = 'GET /v1/checkout/sessions/:id';
const MINUTE = 60_000;

async function following(timeoutMs?: number) {
  const counter = await openCounter(timeoutMs);
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => lines.push(line) });
  return { counter, lines, ...startFollowing(counter.parts.billing, log) };
}

it('looks at once at what is due when the computer wakes up, though Stripe was out of reach before', async () => {
  const { counter, wake, stop } = await following();
  await counter.topUp();
  counter.stripe.always(LOOK, 'lost request');
  counter.pass(MINUTE);
  wake();
  await until('a failed look', () => counter.parts.billing.follower.contact.trouble !== null);
  counter.stripe.always(LOOK, null);
  counter.stripe.books.pay(counter.stripe.session().id);
  counter.pass(30 * MINUTE);
  wake();
  await until('the credit', () => counter.balance() === 20_000_000);
  await stop();
});

it('writes into the log why a look failed, and nothing of the key', async () => {
  const { counter, lines, wake, stop } = await following();
  await counter.topUp();
  counter.stripe.always(LOOK, wrongKey(SECRET_KEY));
  counter.pass(MINUTE);
  wake();
  await until('the line', () => lines.length > 0);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 40, reason: 'key_refused', status: 401 });
  expect(lines.join('')).not.toMatch(/sk_test|nary/);
  await stop();
});

it('ends with a look that runs, without waiting for Stripe', async () => {
  const { counter, wake, stop } = await following(30_000);
  await counter.topUp();
  const gate = new Gate('before');
  counter.stripe.next(LOOK, gate);
  counter.pass(MINUTE);
  wake();
  await gate.arrived;
  const before = performance.now();
  await Promise.all([counter.parts.billing.close(), stop()]);
  expect(performance.now() - before).toBeLessThan(10_000);
  const asked = counter.stripe.calls.length;
  wake();
  gate.drop();
  expect(counter.stripe.calls).toHaveLength(asked);
});
