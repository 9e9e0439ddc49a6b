import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Gate } from '../support/stripe/faults.ts';
import { SECRET_KEY, type StripeServer, startStripe, WEBHOOK_SECRET } from '../support/stripe/stripe.ts';
import { type GatewayProcess, type LaunchedProcess, launchGateway } from './gateway-process.ts';
import { dataFolder, query } from './support.ts';

const CREATE = 'POST /v1/checkout/sessions';
const LOOK = 'GET /v1/checkout/sessions/:id';
const CENTS = 1_100;
const MICROS = CENTS * 10_000;

/** Where a gateway is killed: at a statement of its own, or while Stripe has its call. */
interface Crash {
  name: string;
  sql?: string;
  when?: 'before' | 'after';
  /** At the commit of the transaction that the statement stands in. */
  commit?: true;
  call?: string;
  /** Before or after Stripe did what the call asks. */
  gate?: 'before' | 'after';
}

const ROW = 'INSERT INTO billing_sessions';
const FOUND = 'UPDATE billing_sessions SET session_id';
const OPENED = 'UPDATE billing_sessions SET state = @state, looked_at = @lookedAt, next_look_at';
const PAID = 'UPDATE billing_sessions SET state = @state, reason';
const ENTRY = 'INSERT INTO ledger_entries';
const SUM = 'INSERT INTO balances';
const PROOF = 'INSERT INTO billing_credits';
const TOLD = 'INSERT INTO changes';

const OPENING: readonly Crash[] = [
  { name: 'before the customer is begun', sql: 'INSERT INTO billing_customers', when: 'before' },
  { name: 'while Stripe has not yet made the customer', call: 'POST /v1/customers', gate: 'before' },
  { name: 'when Stripe has just made the customer', call: 'POST /v1/customers', gate: 'after' },
  { name: 'before the customer is kept', sql: 'UPDATE billing_customers', when: 'before' },
  { name: 'after the customer is kept', sql: 'UPDATE billing_customers', when: 'after' },
  { name: 'before the row', sql: ROW, when: 'before' },
  { name: 'after the row', sql: ROW, when: 'after' },
  { name: 'while Stripe has not yet made the session', call: CREATE, gate: 'before' },
  { name: 'when Stripe has just made the session', call: CREATE, gate: 'after' },
  { name: 'before the session is kept', sql: FOUND, when: 'before' },
  { name: 'after the session is kept', sql: FOUND, when: 'after' },
  { name: 'before the answer', sql: OPENED, when: 'after' },
];

const CREDITING: readonly Crash[] = [
  { name: 'while Stripe is asked', call: LOOK, gate: 'before' },
  { name: 'when Stripe has said that it is paid', call: LOOK, gate: 'after' },
  { name: 'before the session ends', sql: PAID, when: 'before' },
  { name: 'after the session ended', sql: PAID, when: 'after' },
  { name: 'after the entry', sql: ENTRY, when: 'after' },
  { name: 'after the sum', sql: SUM, when: 'after' },
  { name: 'after the change is told', sql: TOLD, when: 'after' },
  { name: 'after the proof', sql: PROOF, when: 'after' },
  { name: 'before the commit', sql: PROOF, when: 'before', commit: true },
  { name: 'after the commit', sql: PROOF, when: 'after', commit: true },
];

class Till {
  readonly #dataDir = dataFolder();
  readonly #stripe: StripeServer;
  /** Beside the data folder's own files. */
  readonly #armed = join(this.#dataDir, 'kill-armed');
  #launched: LaunchedProcess;
  #gateway: GatewayProcess | undefined;
  #member: { id: string; key: string } | undefined;

  constructor(stripe: StripeServer, first: Crash | undefined) {
    this.#stripe = stripe;
    this.#launched = this.#launch(first);
  }

  /** Starts the gateway that was launched, and launches the next one meanwhile. */
  async open(next: Crash | undefined): Promise<void> {
    const launched = this.#launched;
    const stripe = { url: this.#stripe.url, timeoutMs: 5_000, retries: 0 };
    this.#gateway = await launched.open({ dataDir: this.#dataDir, logLevel: 'warn', stripe });
    this.#launched = this.#launch(next);
    if (this.#member !== undefined) return;
    await this.admin('PUT', '/billing', { secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET });
    const member = await this.admin('POST', '/members', { name: 'Ada' });
    const key = await this.admin('POST', '/keys', { memberId: member.id, name: 'till' });
    this.#member = { id: member.id, key: key.key };
  }

  /** Does what is to be interrupted, and waits until the gateway is dead. */
  async crash({ call, gate }: Crash, work: () => Promise<unknown>): Promise<void> {
    const { process } = this.#running;
    const dead = new Promise((resolve) => process.once('close', resolve));
    writeFileSync(this.#armed, '');
    const held = gate === undefined ? undefined : new Gate(gate);
    if (held !== undefined) this.#stripe.next(call ?? '', held);
    const worked = work().catch(() => undefined);
    if (held !== undefined) {
      await held.arrived;
      process.kill('SIGKILL');
    }
    await dead;
    held?.drop();
    await worked;
    rmSync(this.#armed);
  }

  async topUp(): Promise<void> {
    const response = await fetch(`${this.#running.url}/tenant/billing/topup`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#member?.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ amount: CENTS / 100 }),
    });
    if (response.status !== 200) throw new Error(`the top-up failed: ${await response.text()}`);
    await response.body?.cancel();
  }

  /** Every page that is open is paid, whoever was given it. */
  payAll(): void {
    for (const { id, status } of this.#stripe.books.sessions.values())
      if (status === 'open') this.#stripe.books.pay(id);
  }

  /** Polling, a webhook and the owner's button, all at once. */
  async lookEverywhere(): Promise<void> {
    const session = this.#stripe.session();
    const event = this.#stripe.event('checkout.session.completed', session);
    await Promise.allSettled([
      this.lookAll(),
      this.#stripe.deliver(this.#running.url, event),
      this.#stripe.deliver(this.#running.url, event),
      fetch(session.success_url),
    ]);
  }

  async lookAll(): Promise<void> {
    const { data } = await this.admin('GET', '/billing/sessions?pageSize=1000');
    for (const { id, state } of data) {
      if (!['expired', 'failed'].includes(state)) await this.admin('POST', `/billing/sessions/${id}/look`);
    }
  }

  /** What is in the database, and what the gateway tells. */
  async expectTrue(after: string): Promise<void> {
    const paid = [...this.#stripe.books.sessions.values()].filter(
      (session) => session.payment_status === 'paid',
    );
    const [stored] = query<Record<string, number>>(
      this.#dataDir,
      `SELECT (SELECT count(*) FROM billing_credits) AS credits, (SELECT count(*) FROM ledger_entries) AS entries,
         (SELECT ifnull(sum(micros), 0) FROM ledger_entries) AS entered, (SELECT ifnull(sum(micros), 0) FROM balances) AS balance,
         (SELECT count(*) FROM billing_sessions WHERE state = 'paid') AS paid`,
    );
    const count = paid.length;
    const sum = count * MICROS;
    expect(stored, after).toEqual({
      credits: count,
      entries: count,
      entered: sum,
      balance: sum,
      paid: count,
    });
    const { balance } = await this.admin('GET', `/members/${this.#member?.id}/ledger`);
    expect(balance.micros, after).toBe(sum);
    expect(this.#stripe.books.customers.size, after).toBeLessThanOrEqual(1);
  }

  get payments(): number {
    return this.#stripe.books.sessions.size;
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field
  async admin(method: string, path: string, body?: unknown): Promise<any> {
    const { url, adminToken } = this.#running;
    const response = await fetch(`${url}/admin/api${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  get #running(): GatewayProcess {
    if (this.#gateway === undefined) throw new Error('no gateway runs');
    return this.#gateway;
  }

  #launch(crash: Crash | undefined): LaunchedProcess {
    const { sql, when = 'before', commit } = crash ?? {};
    if (sql === undefined) return launchGateway();
    return launchGateway({
      preload: ['kill-at-sql.ts'],
      env: {
        KILL_ARMED: this.#armed,
        KILL_SQL: sql,
        KILL_WHEN: when,
        ...(commit ? { KILL_COMMIT: '1' } : {}),
      },
    });
  }
}

async function openTill(first: Crash | undefined): Promise<Till> {
  const stripe = await startStripe();
  onTestFinished(() => stripe[Symbol.asyncDispose]());
  return new Till(stripe, first);
}

it('killed at each step of making a page, a gateway loses no session and pays none twice', async () => {
  const till = await openTill(OPENING[0]);
  for (const [index, crash] of OPENING.entries()) {
    await till.open(OPENING[index + 1]);
    await till.lookAll();
    await till.expectTrue(`before a crash ${crash.name}`);
    await till.crash(crash, () => till.topUp());
    // Nobody was given a page, but that is no reason not to believe one that is paid.
    till.payAll();
  }
  await till.open(undefined);
  await till.lookAll();
  await till.expectTrue('after all');
  expect(till.payments).toBe(4);
  await till.topUp();
  till.payAll();
  await till.lookAll();
  await till.expectTrue('after a last top-up');
}, 240_000);

it('killed at each step of crediting, a gateway credits each payment once', async () => {
  const till = await openTill(CREDITING[0]);
  for (const [index, crash] of CREDITING.entries()) {
    await till.open(CREDITING[index + 1]);
    await till.lookAll();
    await till.expectTrue(`before a crash ${crash.name}`);
    await till.topUp();
    till.payAll();
    await till.crash(crash, () => till.lookEverywhere());
  }
  await till.open(undefined);
  await till.lookEverywhere();
  await till.expectTrue('after all');
  expect(till.payments).toBe(CREDITING.length);
}, 240_000);
