import { keyInUse, otherParameters } from './refusal.ts';

export interface Reply {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/**
 * What Stripe promises of `Idempotency-Key`: the same key gives the same answer, errors included; with other
 * parameters it is refused; while the first call runs, 409 (https://docs.stripe.com/api/idempotent_requests).
 */
export class Idempotency {
  readonly #kept = new Map<string, { request: string; reply: Reply | null }>();

  /** @param request endpoint and body, to tell another use of the key */
  begin(key: string, request: string): Reply | null {
    const known = this.#kept.get(key);
    if (known === undefined) {
      this.#kept.set(key, { request, reply: null });
      return null;
    }
    if (known.request !== request) throw otherParameters(key);
    if (known.reply === null) throw keyInUse(key);
    return { ...known.reply, headers: { ...known.reply.headers, 'idempotent-replayed': 'true' } };
  }

  end(key: string, reply: Reply): void {
    const known = this.#kept.get(key);
    if (known !== undefined) known.reply = reply;
  }

  /** A request that was not begun keeps nothing. */
  drop(key: string): void {
    this.#kept.delete(key);
  }

  /** Stripe forgets keys after a day. */
  forgetAll(): void {
    this.#kept.clear();
  }
}
