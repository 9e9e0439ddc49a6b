/** The routes of both services: their protocol, their rules, and how a turn looks on them. */
import { anthropicError, type Body, openaiError, type Refusal, type Rule } from './refusal.ts';
import { renderChat } from './render-chat.ts';
import { renderMessages } from './render-messages.ts';
import { renderCompletions, renderEmbeddings, renderTokenCount } from './render-others.ts';
import { renderResponses } from './render-responses.ts';
import { CHAT_RULES } from './rules-chat.ts';
import { countTokensRules, messagesRules } from './rules-messages.ts';
import { COMPLETION_RULES, EMBEDDING_RULES } from './rules-openai.ts';
import { RESPONSES_RULES } from './rules-responses.ts';
import type { ProtocolEvent, RenderedTurn, Turn } from './turn.ts';

export interface Route {
  family: 'openai' | 'anthropic';
  /** `beta`: the request carries `anthropic-beta`. */
  rules(beta: boolean): readonly Rule[];
  render(turn: Turn, body: Body): RenderedTurn;
  /** The error event of a stream that has begun. */
  errorEvent(message: string, eventsBefore: number): ProtocolEvent;
  /** The keep-alive event, where the protocol has one. */
  ping: ProtocolEvent | undefined;
}

/** By path below the base path. All take POST. */
export const ROUTES: Readonly<Record<string, Route>> = {
  '/chat/completions': openaiRoute(CHAT_RULES, renderChat),
  '/completions': openaiRoute(COMPLETION_RULES, renderCompletions),
  '/embeddings': openaiRoute(EMBEDDING_RULES, (turn, body) => unstreamed(renderEmbeddings(turn, body))),
  '/responses': {
    ...openaiRoute(RESPONSES_RULES, renderResponses),
    errorEvent: (message, sequence_number) => ({
      name: 'error',
      data: { type: 'error', code: 'server_error', message, param: null, sequence_number },
    }),
  },
  '/messages': anthropicRoute(messagesRules, renderMessages),
  '/messages/count_tokens': anthropicRoute(countTokensRules, (turn) => unstreamed(renderTokenCount(turn))),
};

/** The model lists, by service: their errors can be scripted; a turn makes no sense there and reads as {}. */
export const MODELS_ROUTES: Readonly<Record<Route['family'], Route>> = {
  openai: openaiRoute([], () => unstreamed({})),
  anthropic: anthropicRoute(
    () => [],
    () => unstreamed({}),
  ),
};

function openaiRoute(rules: readonly Rule[], render: Route['render']): Route {
  return {
    family: 'openai',
    rules: () => rules,
    render,
    errorEvent: (message) => ({ data: openaiError(message, { type: 'server_error' }).body }),
    ping: undefined,
  };
}

function anthropicRoute(rules: Route['rules'], render: Route['render']): Route {
  return {
    family: 'anthropic',
    rules,
    render,
    errorEvent: (message) => ({ name: 'error', data: anthropicError(message, 529, 'overloaded_error').body }),
    ping: { name: 'ping', data: { type: 'ping' } },
  };
}

function unstreamed(whole: object): RenderedTurn {
  return { whole, events: [], endsAt: 0 };
}

/** What each service says with a status when the script gives no body. */
export function defaultError(family: Route['family'], status: number, message: string | undefined): Refusal {
  if (family === 'anthropic') {
    const [type, text] = ANTHROPIC_ERRORS[status] ?? ['api_error', 'Internal server error'];
    return anthropicError(message ?? text, status, type);
  }
  const [type, code, text] = OPENAI_ERRORS[status] ?? [
    status < 500 ? 'invalid_request_error' : 'server_error',
    null,
    'The server had an error while processing your request. Sorry about that!',
  ];
  return openaiError(message ?? text, { status, type, code });
}

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
