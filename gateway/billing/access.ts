import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { ProviderDispatcher } from '../providers/dispatcher.ts';
import type { BillingAccount } from './account.ts';
import { StripeCalls } from './stripe-calls.ts';
import { openStripe, type StripeHost } from './stripe-library.ts';

/** A key changed in the keychain by other means is noticed after this time. */
const KEPT_MS = 300_000;

export function notConfigured(): GatewayError {
  return new GatewayError(
    'billing_not_configured',
    'The owner of this gateway takes no payments: no Stripe key is stored.',
  );
}

export interface AccessParts {
  account: BillingAccount;
  host: StripeHost;
  dispatcher: ProviderDispatcher;
  clock: Clock;
  /** Aborts when the gateway ends. */
  closing: AbortSignal;
}

/** The way to Stripe with the stored key. A keychain is slow, so an opened client serves for a while. */
export class StripeAccess {
  readonly #parts: AccessParts;
  #kept: { calls: Promise<StripeCalls>; until: number } | undefined;

  constructor(parts: AccessParts) {
    this.#parts = parts;
  }

  /** @throws GatewayError `billing_not_configured`; VaultError */
  calls(): Promise<StripeCalls> {
    const now = this.#parts.clock.steady();
    if (this.#kept !== undefined && now < this.#kept.until) return this.#kept.calls;
    const calls = this.#open();
    const kept = { calls, until: now + KEPT_MS };
    this.#kept = kept;
    calls.catch(() => {
      if (this.#kept === kept) this.#kept = undefined;
    });
    return calls;
  }

  /** The key was changed. */
  forget(): void {
    this.#kept = undefined;
  }

  async #open(): Promise<StripeCalls> {
    const { account, host, dispatcher, closing } = this.#parts;
    const secretKey = await account.secretKey();
    if (secretKey === null) throw notConfigured();
    return new StripeCalls(await openStripe(secretKey, host, dispatcher), closing);
  }
}
