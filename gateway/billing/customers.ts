import { randomUUID } from 'node:crypto';
import type { Database } from '../store/store.ts';

interface Customer {
  /** Idempotency key of the call that makes it. */
  reference: string;
  /** Stripe's; null until its answer is here. */
  customerId: string | null;
}

/** Which customer of Stripe's each member is. */
export class Customers {
  readonly #get;
  readonly #begin;
  readonly #made;
  readonly #forget;
  readonly #drop;

  constructor(db: Database) {
    this.#get = db.prepare<[number], Customer>(
      'SELECT reference, customer_id AS customerId FROM billing_customers WHERE member_id = ?',
    );
    this.#begin = db.prepare<[number, string]>(
      'INSERT INTO billing_customers (member_id, reference) VALUES (?, ?) ON CONFLICT DO NOTHING',
    );
    this.#made = db.prepare<[string, string]>(
      'UPDATE billing_customers SET customer_id = ? WHERE reference = ?',
    );
    this.#forget = db.prepare<[string]>('DELETE FROM billing_customers WHERE customer_id = ?');
    this.#drop = db.prepare<[string]>(
      'DELETE FROM billing_customers WHERE reference = ? AND customer_id IS NULL',
    );
  }

  /** The member's, or the beginning of one: a crash before Stripe's answer leaves the key to ask again with. */
  of(memberId: number): Customer {
    this.#begin.run(memberId, `ntl_customer_${randomUUID()}`);
    return this.#get.get(memberId) as Customer;
  }

  made(reference: string, customerId: string): void {
    this.#made.run(customerId, reference);
  }

  /** The next call is another one. */
  drop(reference: string): void {
    this.#drop.run(reference);
  }

  /** It was deleted at Stripe, or is another account's. */
  forget(customerId: string): void {
    this.#forget.run(customerId);
  }
}
