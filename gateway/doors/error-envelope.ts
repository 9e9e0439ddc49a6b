import type { GatewayError } from '../errors.ts';
import type { Family } from '../protocols/endpoint.ts';

/** An error in the form the caller's protocol gives errors (https://docs.anthropic.com/en/api/errors for Anthropic's). */
export function errorEnvelope(
  family: Family,
  error: GatewayError,
  requestId: string,
): Record<string, unknown> {
  const { code, message } = error;
  if (family === 'anthropic') {
    const details = error.details === undefined ? {} : { details: error.details };
    const told = { type: error.anthropicType, message, code, ...details };
    return { type: 'error', error: told, request_id: requestId };
  }
  return { error: { type: error.openaiType, code, message, param: error.field ?? null } };
}
