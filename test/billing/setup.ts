import { onTestFinished } from 'vitest';
import type { BillingSession } from '../../gateway/billing/billing.ts';
import type { GatewayOptions } from '../../gateway/gateway.ts';
import { type AdminApp, openAdmin } from '../doors/admin/admin-app.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { SECRET_KEY, type StripeServer, startStripe } from '../support/stripe/stripe.ts';

export const BASE = 'http://127.0.0.1:7411';

/** Short waits: the server is on this computer. */
export function hostOf({ url }: Pick<StripeServer, 'url'>) {
  return { url, timeoutMs: 1_000, retries: 1 };
}

/** A gateway that takes payments by a server that answers as Stripe does. Both end with the test. */
export async function openShop(
  options: Partial<GatewayOptions> = {},
): Promise<{ gateway: TestGateway; stripe: StripeServer }> {
  const stripe = await openStripeServer();
  const gateway = await startGateway({ stripe: hostOf(stripe), ...options });
  onTestFinished(() => gateway[Symbol.asyncDispose]());
  const stored = await gateway.admin('PUT', '/billing', { secretKey: SECRET_KEY });
  if (stored.status !== 200) throw new Error(`storing the key failed: ${JSON.stringify(stored.body)}`);
  return { gateway, stripe };
}

export async function openStripeServer(): Promise<StripeServer> {
  const stripe = await startStripe();
  onTestFinished(() => stripe[Symbol.asyncDispose]());
  return stripe;
}

export interface Counter extends AdminApp {
  stripe: StripeServer;
  memberId: number;
  /** A member is given a page to pay on. @returns the row of it */
  topUp(cents?: number): Promise<BillingSession>;
  buyPlan(planId: string): Promise<BillingSession>;
  /** Moves the gateway's clock and Stripe's. */
  pass(ms: number): void;
  /** One round of looking at what is due. @returns what went wrong */
  round(): Promise<unknown[]>;
  balance(): number;
  newest(): BillingSession;
  alerts(): Promise<string[]>;
}

/**
 * The parts of a gateway with a clock that moves when told, and nobody who looks by himself.
 * @param timeoutMs how long a call waits for Stripe
 */
export async function openCounter(timeoutMs = 1_000): Promise<Counter> {
  const stripe = await openStripeServer();
  const admin = await openAdmin({ stripe: { ...hostOf(stripe), timeoutMs } });
  const { parts, clock, call } = admin;
  const { billing } = parts;
  stripe.now = clock.wall();
  await billing.change({ secretKey: SECRET_KEY });
  const { body } = await call('POST', '/members', { name: 'Ada', planId: 'free' });
  const memberId = Number(body.id);
  const member = () => {
    const found = parts.members.get(memberId);
    if (found === undefined) throw new Error('the member is gone');
    return found;
  };
  const newest = () => {
    const [row] = billing.sessions.list({
      memberId,
      from: 0,
      to: Number.MAX_SAFE_INTEGER,
      limit: 1,
      offset: 0,
    }).sessions;
    if (row === undefined) throw new Error('there is no session');
    return row;
  };
  return {
    ...admin,
    ...{ stripe, memberId, newest },
    async topUp(cents = 2_000) {
      await billing.opening.topUp(member(), cents, BASE);
      return newest();
    },
    async buyPlan(planId) {
      const plan = parts.plans.get(planId);
      if (plan === undefined) throw new Error(`there is no plan ${planId}`);
      await billing.opening.plan(member(), plan, BASE);
      return newest();
    },
    pass(ms) {
      clock.now += ms;
      stripe.now = clock.wall();
    },
    async round() {
      const errors: unknown[] = [];
      await billing.follower.round(new AbortController().signal, (error) => errors.push(error));
      return errors;
    },
    balance: () => parts.balances.of(memberId).micros,
    async alerts() {
      // They share a commit with what else was asked for in their turn.
      parts.store.commits.flush();
      const { body: list } = await call('GET', '/alerts');
      return list.data
        .filter(({ kind }: { kind: string }) => kind === 'billing')
        .map(({ message }: { message: string }) => message);
    },
  };
}

/** Micros of dollars a member has, as the owner sees it. */
export async function balanceOf(gateway: TestGateway, memberId: string): Promise<number> {
  const { body } = await gateway.admin('GET', `/members/${memberId}/ledger`);
  return body.balance.micros;
}
