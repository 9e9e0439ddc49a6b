/**
 * Every error a caller of the gateway can meet. `doors/error-envelope.ts` puts them into the
 * OpenAI or the Anthropic form; nothing else makes an error for a caller.
 */

interface ErrorFacts {
  status: number;
  /** `type` on OpenAI routes. */
  openaiType: string;
  /** `type` on Anthropic routes (https://docs.anthropic.com/en/api/errors). */
  anthropicType: string;
}

const CATALOGUE = {
  invalid_messages: facts(400, 'invalid_request_error'),
  missing_model: facts(400, 'invalid_request_error'),
  unknown_model: facts(400, 'invalid_request_error'),
  invalid_request: facts(400, 'invalid_request_error'),
  missing_auth: facts(401, 'authentication_error'),
  invalid_key: facts(401, 'authentication_error'),
  key_revoked: facts(401, 'authentication_error'),
  key_expired: facts(401, 'authentication_error'),
  invalid_token: facts(401, 'authentication_error'),
  insufficient_balance: facts(402, 'billing_error'),
  access_disabled: facts(403, 'permission_error'),
  suspended: facts(403, 'permission_error'),
  ip_blocked: facts(403, 'permission_error'),
  model_not_allowed: facts(403, 'permission_error'),
  route_not_allowed: facts(403, 'permission_error'),
  origin_not_allowed: facts(403, 'permission_error'),
  not_found: facts(404, 'invalid_request_error', 'not_found_error'),
  conflict: facts(409, 'invalid_request_error'),
  request_too_large: facts(413, 'invalid_request_error', 'request_too_large'),
  rate_limit_minute: facts(429, 'rate_limit_error'),
  quota_day: facts(429, 'rate_limit_error'),
  quota_month: facts(429, 'rate_limit_error'),
  internal: facts(500, 'server_error', 'api_error'),
  upstream_error: facts(502, 'upstream_error', 'api_error'),
  billing_not_configured: facts(503, 'billing_error'),
  audit_unavailable: facts(503, 'server_error', 'overloaded_error'),
  paused: facts(503, 'server_error', 'api_error'),
  shutting_down: facts(503, 'server_error', 'overloaded_error'),
  vault_unavailable: facts(503, 'server_error', 'api_error'),
} as const satisfies Record<string, ErrorFacts>;

export type ErrorCode = keyof typeof CATALOGUE;

export interface GatewayErrorOptions {
  /** Extra response headers, such as `retry-after`. */
  headers?: Record<string, string>;
  /** Body field the error is about, for forms; never its value. */
  field?: string;
  /** What Anthropic's clients act upon, as `error.details`. */
  details?: Readonly<Record<string, unknown>>;
  cause?: unknown;
}

/** An error a caller is meant to read. `message` names what is wrong and what to do; it never carries a secret or content. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;
  readonly field: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.headers = options.headers ?? {};
    this.field = options.field;
    this.details = options.details;
  }

  get status(): number {
    return CATALOGUE[this.code].status;
  }

  get openaiType(): string {
    return CATALOGUE[this.code].openaiType;
  }

  get anthropicType(): string {
    return CATALOGUE[this.code].anthropicType;
  }
}

function facts(status: number, openaiType: string, anthropicType = openaiType): ErrorFacts {
  return { status, openaiType, anthropicType };
}
