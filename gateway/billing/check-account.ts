import { GatewayError } from '../errors.ts';
import { VaultError } from '../vault/vault.ts';
import type { StripeAccess } from './access.ts';
import { StripeFailure, type StripeFailureReason } from './stripe-failure.ts';

export type AccountVerdict =
  | 'ok'
  | 'not_configured'
  | 'vault_unavailable'
  | 'wrong_key'
  | 'missing_permission'
  | 'rate_limited'
  | 'unreachable'
  | 'stripe_error';

export interface AccountCheck {
  ok: boolean;
  verdict: AccountVerdict;
  latencyMs: number;
  message: string;
}

/** Calls Stripe to see whether it is there and takes the key. */
export async function checkAccount(access: Pick<StripeAccess, 'calls'>): Promise<AccountCheck> {
  const start = performance.now();
  const result = (verdict: AccountVerdict, message: string) => ({
    ...{ ok: verdict === 'ok', verdict, message },
    latencyMs: Math.round(performance.now() - start),
  });
  try {
    await (await access.calls()).probe();
    return result('ok', 'Stripe answers and takes the key.');
  } catch (error) {
    if (error instanceof VaultError) return result('vault_unavailable', error.message);
    if (error instanceof GatewayError && error.code === 'billing_not_configured')
      return result('not_configured', 'No Stripe key is stored.');
    if (!(error instanceof StripeFailure)) throw error;
    return result(VERDICTS[error.reason], wordsOf(error));
  }
}

const VERDICTS: Record<StripeFailureReason, AccountVerdict> = {
  unreachable: 'unreachable',
  key_refused: 'wrong_key',
  not_permitted: 'missing_permission',
  rate_limited: 'rate_limited',
  missing: 'stripe_error',
  refused: 'stripe_error',
  stripe_error: 'stripe_error',
};

function wordsOf({ reason, message, said }: StripeFailure): string {
  if (reason === 'not_permitted')
    return `This key may not do what payments need: it must read and write Checkout Sessions, Customers and the Customer portal, and read Charges and PaymentIntents.`;
  return reason === 'unreachable' || said === '' ? message : `${message} It said: ${said}`;
}
