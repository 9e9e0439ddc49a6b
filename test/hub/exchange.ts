/** One request in a protocol's own words, without an SDK between, and what came of it on both sides of the gateway. */
import { createParser } from 'eventsource-parser';
import type { ReadEvent } from '../support/provider/read-events.ts';
import type { HubBench, Seat } from './bench.ts';
import type { Client } from './clients/client.ts';

export type Protocol = Client['protocol'];

export interface Exchange {
  status: number;
  headers: Headers;
  text: string;
  /** The answer, where it is one JSON object. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field by the tests
  json: any;
  /** The answer, where it is a stream. */
  events: ReadEvent[];
  /** What reached the provider; undefined where nothing did. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked into field by field by the tests
  sent: any;
  /** The same as bytes. */
  sentText: string;
  /** Names of what the answer's header says was left out. */
  dropped: string[];
  /** In the provider's words; undefined where it took the request. */
  refusal: string | undefined;
}

export const PATHS: Readonly<Record<Protocol, string>> = {
  'openai-chat': '/v1/chat/completions',
  'openai-responses': '/v1/responses',
  'anthropic-messages': '/v1/messages',
};

/** What a body must have, where a test does not care. */
const LEAST: Readonly<Record<Protocol, object>> = {
  'openai-chat': { messages: [{ role: 'user', content: 'hi' }] },
  'openai-responses': { input: 'hi', store: false },
  'anthropic-messages': { max_tokens: 2_000, messages: [{ role: 'user', content: 'hi' }] },
};

export interface ExchangeOptions {
  /** Another route of the same protocol. */
  path?: string;
  headers?: Record<string, string>;
  /** The provider may refuse the request. Else that is the gateway's fault, and an error. */
  mayBeRefused?: boolean;
}

/**
 * Asks as a client of `from`, for the model of a seat.
 * @param fields of the body; a model and the least that the protocol demands are there already
 * @throws where the provider refused what the gateway made of it, and where the gateway itself failed
 */
export async function exchange(
  bench: Pick<HubBench, 'gateway'>,
  from: Protocol,
  seat: Pick<Seat, 'provider' | 'model'>,
  fields: object = {},
  options: ExchangeOptions = {},
): Promise<Exchange> {
  const { gateway } = bench;
  const before = seat.provider.requests.length;
  const response = await fetch(gateway.url + (options.path ?? PATHS[from]), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${gateway.key}`,
      ...(from === 'anthropic-messages' ? { 'anthropic-version': '2023-06-01' } : {}),
      ...options.headers,
    },
    body: JSON.stringify({ model: seat.model, ...LEAST[from], ...fields }),
  });
  const text = await response.text();
  const request = seat.provider.requests.slice(before).at(-1);
  const refusal = request?.refusal?.message;
  if (refusal !== undefined && options.mayBeRefused !== true)
    throw new Error(`the provider refused: ${refusal}\n${request?.body}`);
  if (response.status === 500) throw new Error(`the gateway failed: ${text}`);
  return {
    status: response.status,
    headers: response.headers,
    text,
    ...read(text),
    sent: request?.json,
    sentText: request?.body.toString() ?? '',
    dropped: response.headers.get('x-ntl-dropped')?.split(', ') ?? [],
    refusal,
  };
}

function read(text: string): Pick<Exchange, 'json' | 'events'> {
  if (text.startsWith('{')) return { json: JSON.parse(text), events: [] };
  return { json: undefined, events: eventsIn(text) };
}

export function eventsIn(text: string): ReadEvent[] {
  const events: ReadEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => events.push({ name: event, data: parsed(data) }),
  });
  parser.feed(text);
  return events;
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}
