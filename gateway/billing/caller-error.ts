import { GatewayError } from '../errors.ts';
import { VaultError } from '../vault/vault.ts';
import { StripeFailure, type StripeFailureReason } from './stripe-failure.ts';

const NOTHING_CHARGED = 'Nothing was charged';

/** What members are told: nothing of the owner's account at Stripe. */
const MESSAGES: Record<StripeFailureReason, string> = {
  unreachable: `Stripe does not answer now. ${NOTHING_CHARGED}; try again in a minute.`,
  stripe_error: `Stripe does not answer now. ${NOTHING_CHARGED}; try again in a minute.`,
  rate_limited: `Stripe takes no more calls for the moment. ${NOTHING_CHARGED}; try again in a minute.`,
  key_refused: `Stripe does not take this gateway's key. ${NOTHING_CHARGED}; tell the gateway's owner.`,
  not_permitted: `Stripe does not let this gateway's key do that. ${NOTHING_CHARGED}; tell the gateway's owner.`,
  missing: `Stripe refused. ${NOTHING_CHARGED}; tell the gateway's owner.`,
  refused: `Stripe refused. ${NOTHING_CHARGED}; tell the gateway's owner.`,
};

const AGAIN_AFTER_SECONDS = 60;

/** What keeps Stripe from being asked, as an error for a member; any other error comes back as it is. */
export function asCallerError(error: unknown): unknown {
  const cause = { cause: error };
  if (error instanceof VaultError) {
    const message = 'The gateway cannot get at its Stripe key now; tell its owner.';
    return new GatewayError('vault_unavailable', message, cause);
  }
  if (!(error instanceof StripeFailure)) return error;
  const again = error.mayBeDone || error.reason === 'rate_limited';
  const headers = again ? { headers: { 'retry-after': String(AGAIN_AFTER_SECONDS) } } : {};
  return new GatewayError('upstream_error', MESSAGES[error.reason], { ...cause, ...headers });
}
