/** What OpenAI and Anthropic say with a status when the script gives no body. */
import { anthropicError, openaiError, type Refusal } from './refusal.ts';

/** Type and message by status (https://docs.anthropic.com/en/api/errors). */
const ANTHROPIC_ERRORS: Record<number, [type: string, message: string]> = {
  400: ['invalid_request_error', 'Invalid request'],
  401: ['authentication_error', 'invalid x-api-key'],
  403: ['permission_error', 'Your API key does not have permission to use the specified resource.'],
  404: ['not_found_error', 'Not found'],
  413: ['request_too_large', 'Request exceeds the maximum size'],
  429: ['rate_limit_error', 'Number of requests has exceeded your rate limit. Please try again later.'],
  529: ['overloaded_error', 'Overloaded'],
};

/** Type, code and message by status (https://platform.openai.com/docs/guides/error-codes). */
const OPENAI_ERRORS: Record<number, [type: string, code: string | null, message: string]> = {
  401: ['invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.'],
  404: [
    'invalid_request_error',
    'model_not_found',
    'The model does not exist or you do not have access to it.',
  ],
  429: ['requests', 'rate_limit_exceeded', 'Rate limit reached for requests. Please try again later.'],
  503: ['server_error', null, 'The engine is currently overloaded, please try again later.'],
};

export function anthropicUsualError(status: number, message: string | undefined): Refusal {
  const [type, text] = ANTHROPIC_ERRORS[status] ?? ['api_error', 'Internal server error'];
  return anthropicError(message ?? text, status, type);
}

export function openaiUsualError(status: number, message: string | undefined): Refusal {
  const [type, code, text] = OPENAI_ERRORS[status] ?? [
    status < 500 ? 'invalid_request_error' : 'server_error',
    null,
    'The server had an error while processing your request. Sorry about that!',
  ];
  return openaiError(message ?? text, { status, type, code });
}
