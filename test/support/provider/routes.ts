/** The routes of both services: their protocol, their rules, and how a turn looks on them. */

import { reasoningKey } from './chat/messages.ts';
import { chatErrorChunk, renderChat } from './chat/render.ts';
import { CHAT_RULES } from './chat/rules.ts';
import { anthropicUsualError, openaiUsualError } from './errors.ts';
import { eventStream } from './framing.ts';
import { renderMessages } from './messages/render.ts';
import { COUNT_TOKENS_RULES, MESSAGES_RULES } from './messages/rules.ts';
import { COMPLETION_RULES, EMBEDDING_RULES } from './openai/rules.ts';
import { anthropicError, type Body, isObject, objectsOf, openaiError, type Rule } from './refusal.ts';
import { renderCompletions, renderEmbeddings, renderTokenCount } from './render-others.ts';
import type { ScriptedError } from './reply.ts';
import { renderResponses, responsesErrorEvent } from './responses/render.ts';
import { RESPONSES_RULES } from './responses/rules.ts';
import type { Route } from './route.ts';
import type { ProtocolEvent, RenderedTurn, Turn } from './turn.ts';

export interface RouteSpec {
  family: 'openai' | 'anthropic';
  rules: readonly Rule[];
  render(turn: Turn, body: Body, realm: string): RenderedTurn;
  errorEvent: Route['errorEvent'];
  /** Ids of what is kept of an answer. */
  kept?(rendered: RenderedTurn, body: Body): string[];
}

/** By path below the base path. All take POST. */
export const ROUTES: Readonly<Record<string, RouteSpec>> = {
  '/chat/completions': {
    ...openaiRoute(CHAT_RULES, renderChat),
    errorEvent: chatError,
    kept: keptReasoning,
  },
  '/completions': openaiRoute(COMPLETION_RULES, renderCompletions),
  '/embeddings': openaiRoute(EMBEDDING_RULES, (turn, body) => unstreamed(renderEmbeddings(turn, body))),
  '/responses': {
    ...openaiRoute(RESPONSES_RULES, renderResponses),
    errorEvent: responsesErrorEvent,
    kept: keptItems,
  },
  '/messages': anthropicRoute(MESSAGES_RULES, renderMessages),
  '/messages/count_tokens': anthropicRoute(COUNT_TOKENS_RULES, (turn) => unstreamed(renderTokenCount(turn))),
};

/** The model lists, by service: their errors can be scripted; a turn makes no sense there and reads as {}. */
export const MODELS_ROUTES: Readonly<Record<RouteSpec['family'], RouteSpec>> = {
  openai: openaiRoute([], () => unstreamed({})),
  anthropic: anthropicRoute([], () => unstreamed({})),
};

export const SERVICE_HEADERS = { 'x-request-id': 'req_scripted', 'request-id': 'req_scripted' };

/** @param keep is told the ids of what the provider keeps of its answers */
export function wireRoute(spec: RouteSpec, realm: string, keep: (id: string) => void): Route {
  const anthropic = spec.family === 'anthropic';
  return {
    render(turn, body) {
      const rendered = spec.render(turn, body, realm);
      for (const id of spec.kept?.(rendered, body) ?? []) keep(id);
      return rendered;
    },
    streams: (body) => body.stream === true,
    framing: eventStream(anthropic ? { name: 'ping', data: { type: 'ping' } } : undefined),
    headers: SERVICE_HEADERS,
    errorEvent: spec.errorEvent,
    usualError: anthropic ? anthropicUsualError : openaiUsualError,
  };
}

function openaiRoute(rules: readonly Rule[], render: RouteSpec['render']): RouteSpec {
  return { family: 'openai', rules, render, errorEvent: openaiErrorEvent };
}

function anthropicRoute(rules: readonly Rule[], render: RouteSpec['render']): RouteSpec {
  return {
    family: 'anthropic',
    rules,
    render,
    errorEvent: ({ message, type = 'overloaded_error' }) => ({
      name: 'error',
      data: anthropicError(message, 529, type).body,
    }),
  };
}

function openaiErrorEvent({ message, type = 'server_error', code }: ScriptedError): ProtocolEvent {
  return { data: openaiError(message, { type, code: code ?? null }).body };
}

function chatError(error: ScriptedError, _: number, body: Body): ProtocolEvent {
  return error.form === 'chunk' ? chatErrorChunk(error, body) : openaiErrorEvent(error);
}

function unstreamed(whole: object): RenderedTurn {
  return { whole, events: [], endsAt: 0 };
}

/** Responses are kept unless `store` is false. */
function keptItems({ whole }: RenderedTurn, body: Body): string[] {
  if (body.store === false || !isObject(whole)) return [];
  return objectsOf(whole.output).map((item) => String(item.id));
}

/** A server that sends reasoning takes it back. */
function keptReasoning({ whole }: RenderedTurn): string[] {
  const { choices } = whole as { choices?: unknown };
  return objectsOf(choices).flatMap(({ message }) =>
    isObject(message) && typeof message.reasoning_content === 'string'
      ? [reasoningKey(message.reasoning_content)]
      : [],
  );
}
