import { GatewayError } from '../../errors.ts';
import { UpstreamFailure } from '../upstream.ts';
import { Refused } from './provider-error.ts';

/** The gateway's own error within the AI SDK's wrappings, else the error itself. */
export function underneath(error: unknown): unknown {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof UpstreamFailure || current instanceof Refused) return current;
  }
  return error;
}

/** What the SDK cannot say to a provider, as an error for the caller; its messages name a feature and no content. */
export function unsupported(error: unknown): GatewayError | undefined {
  if (!(error instanceof Error) || error.name !== 'AI_UnsupportedFunctionalityError') return undefined;
  return new GatewayError(
    'invalid_request',
    `The provider of this model cannot be asked for this: ${error.message}`,
  );
}
