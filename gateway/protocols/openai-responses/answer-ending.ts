/** How an answer ended, in the protocol's words. */
import type { Finish, ProviderError } from '../canonical/answer.ts';
import type { JsonObject } from '../json.ts';

export interface Ending {
  status: 'completed' | 'incomplete';
  incomplete_details: { reason: string } | null;
}

/**
 * @param refused whether the answer holds a refusal: then it says by itself why it is short, and the service
 *   calls such an answer completed
 */
export function endingOf({ reason }: Finish, refused: boolean): Ending {
  switch (reason) {
    case 'length':
    case 'context_window':
      return incomplete('max_output_tokens');
    case 'content_filter':
      return incomplete('content_filter');
    case 'refusal':
      return refused ? COMPLETED : incomplete('content_filter');
    case 'pause':
      // No reason of the protocol's own says that the provider stopped in the middle of its tools.
      return incomplete('pause_turn');
    default:
      return COMPLETED;
  }
}

const COMPLETED: Ending = { status: 'completed', incomplete_details: null };

function incomplete(reason: string): Ending {
  return { status: 'incomplete', incomplete_details: { reason } };
}

/** Anthropic's kinds of error as codes of this protocol (`ResponseError`). */
const CODES: Readonly<Record<string, string>> = {
  rate_limit_error: 'rate_limit_exceeded',
  invalid_request_error: 'invalid_prompt',
};

/**
 * Codex tries again after any code but a few that it knows to be final, `invalid_prompt` among them, and shows
 * the message (codex-rs/codex-api/src/sse/responses.rs). Anthropic's `overloaded_error` must not become
 * `server_is_overloaded`, which ends its turn.
 */
export function errorJson({ message, type, code }: ProviderError): JsonObject {
  return { code: code ?? CODES[type ?? ''] ?? 'server_error', message, type, param: null };
}
