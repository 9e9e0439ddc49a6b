import type { Member, Members } from '../accounts/members.ts';
import type { Plans } from '../accounts/plans.ts';
import type { Alerts } from '../audit/alerts.ts';
import type { Changes } from '../audit/changes.ts';
import type { Clock } from '../clock.ts';
import { createDispatcher, type SystemProxy } from '../providers/dispatcher.ts';
import type { Balances } from '../quotas/balances.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/vault.ts';
import { StripeAccess } from './access.ts';
import { BillingAccount, type BillingPatch } from './account.ts';
import { asCallerError } from './caller-error.ts';
import { type AccountCheck, checkAccount } from './check-account.ts';
import { Credits } from './credits.ts';
import { Customers } from './customers.ts';
import { Follower } from './follower.ts';
import { Looks } from './looks.ts';
import { Opening } from './opening.ts';
import { PaidPlans } from './paid-plans.ts';
import { type BillingSession, BillingSessions } from './sessions.ts';
import { StripeCalls } from './stripe-calls.ts';
import { openStripe, STRIPE_HOST, type StripeHost } from './stripe-library.ts';
import { Webhooks } from './webhooks.ts';

export type { BillingSession } from './sessions.ts';
export type { StripeHost } from './stripe-library.ts';

export interface BillingParts {
  store: Pick<Store, 'db'>;
  vault: Vault;
  clock: Clock;
  members: Members;
  plans: Plans;
  balances: Balances;
  changes: Changes;
  alerts: Pick<Alerts, 'billing'>;
  systemProxy: SystemProxy | undefined;
  /** Where Stripe answers; its own address unless told. */
  host: Partial<StripeHost> | undefined;
}

const CONNECT_MS = 10_000;
const TRIAL_MS = 5_000;
/** Somebody who reloads the page of thanks has Stripe asked no more often. */
const VISIT_MS = 2_000;
const VISITED_MS = 15_000;
/** Longer nobody waits for thanks. */
const VISIT_WAIT_MS = 5_000;

/** Payments by Stripe: pages to pay on, following them until they are over, and what they give. */
export class Billing {
  readonly account: BillingAccount;
  readonly sessions: BillingSessions;
  readonly paidPlans: PaidPlans;
  readonly opening: Opening;
  readonly follower: Follower;
  readonly #access: StripeAccess;
  readonly #looks: Looks;
  readonly #webhooks: Webhooks;
  readonly #dispatcher;
  readonly #host: StripeHost;
  readonly #closing = new AbortController();
  readonly #clock: Clock;
  readonly #members: Members;

  constructor(parts: BillingParts) {
    const { store, vault, clock, members, plans, balances, changes, alerts, systemProxy } = parts;
    const { db } = store;
    this.#clock = clock;
    this.#members = members;
    this.#dispatcher = createDispatcher({ proxy: null, ca: null, connectMs: CONNECT_MS, systemProxy });
    this.account = new BillingAccount(db, vault, () => clock.wall());
    this.sessions = new BillingSessions(db);
    this.paidPlans = new PaidPlans({ db, members, plans, changes });
    const { account, sessions, paidPlans } = this;
    this.#host = { ...STRIPE_HOST, ...parts.host };
    const host = this.#host;
    const { signal: closing } = this.#closing;
    this.#access = new StripeAccess({ account, host, dispatcher: this.#dispatcher, clock, closing });
    const access = this.#access;
    const customers = new Customers(db);
    const onOpened = () => this.follower.nearer();
    this.opening = new Opening({ account, access, customers, sessions, clock, onOpened });
    const credits = new Credits({ db, sessions, balances, members, paidPlans, changes, alerts });
    this.#looks = new Looks({ sessions, access, credits, members, clock });
    this.#webhooks = new Webhooks({ account, sessions, clock });
    const onKeyRefused = () =>
      alerts.billing(
        'Stripe does not take the stored key any more. Payments that members make are not seen until there is one it takes.',
        null,
      );
    this.follower = new Follower({ account, sessions, looks: this.#looks, paidPlans, clock, onKeyRefused });
  }

  /** As `BillingAccount.change`; what comes next goes by the new settings. */
  async change(patch: BillingPatch): Promise<boolean> {
    try {
      return await this.account.change(patch);
    } finally {
      this.#access.forget();
      this.follower.release();
    }
  }

  /** As `BillingAccount.remove`. What is not over is followed again once there is a key. */
  async remove(): Promise<void> {
    try {
      await this.account.remove();
    } finally {
      this.#access.forget();
      this.follower.release();
    }
  }

  check(): Promise<AccountCheck> {
    return checkAccount(this.#access);
  }

  /** Tries a key that is not stored. Whoever waits is at a form: once, and not for long. */
  tryKey(secretKey: string): Promise<AccountCheck> {
    const timeoutMs = Math.min(this.#host.timeoutMs, TRIAL_MS);
    const host = { ...this.#host, timeoutMs, retries: 0 };
    const calls = async () =>
      new StripeCalls(await openStripe(secretKey, host, this.#dispatcher), this.#closing.signal);
    return checkAccount({ calls });
  }

  /** @throws StripeFailure, GatewayError, VaultError */
  look(session: BillingSession): Promise<BillingSession> {
    return this.#looks.look(session);
  }

  /**
   * Stripe's event: has the session looked at that it is about. Once this resolves, what it brought is on disk.
   * @throws GatewayError: `invalid_request` for what Stripe did not sign; with any other it is to be sent again
   */
  async event(body: Buffer, signature: string | undefined): Promise<void> {
    try {
      const session = await this.#webhooks.read(body, signature);
      if (session !== undefined) await this.look(session);
    } catch (error) {
      throw asCallerError(error);
    }
  }

  /**
   * The payer came back from Stripe's page.
   * @returns the session as it is then, also where Stripe does not answer; undefined for a reference that is none
   */
  async visit(reference: string): Promise<BillingSession | undefined> {
    const session = this.sessions.byReference(reference);
    if (session === undefined || session.nextLookAt === null || session.state === 'paid') return session;
    if (session.lookedAt !== null && Math.abs(this.#clock.wall() - session.lookedAt) < VISIT_MS)
      return session;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, VISIT_WAIT_MS);
    await Promise.race([this.look(session).catch(() => undefined), late]);
    clearTimeout(timer);
    // Who comes back here is done: if that is not to be seen yet, it soon is.
    this.sessions.sooner(session.id, this.#clock.wall() + VISITED_MS);
    this.follower.nearer();
    return this.sessions.get(session.id);
  }

  /** Until when a member has paid for the plan it is on; null where it pays nothing for it. */
  paidUntil(memberId: number): number | null {
    const member: Member | undefined = this.#members.get(memberId);
    const terms = this.paidPlans.termsOf(memberId, this.#clock.wall());
    return terms.find(({ planId }) => planId === member?.planId)?.endsAt ?? null;
  }

  /** Ends calls that run. */
  close(): Promise<void> {
    this.#closing.abort();
    return this.#dispatcher.close();
  }
}
