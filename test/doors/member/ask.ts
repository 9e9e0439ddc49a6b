import type { JsonAnswer, TestGateway } from '../../support/gateway.ts';

export interface AskOptions {
  /** '' sends none. */
  key?: string;
  method?: string;
  /** Text goes as it is. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** A request of a member. */
export async function ask(
  gateway: TestGateway,
  path: string,
  { key = gateway.key, method = 'GET', body, headers = {} }: AskOptions = {},
): Promise<JsonAnswer> {
  const response = await fetch(gateway.url + path, {
    method,
    headers: { ...(key === '' ? {} : { authorization: `Bearer ${key}` }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parsed(text) };
}

/** A request that the built-in model answers. */
export const HELLO = { model: 'ntl/echo', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] };

/** An `error.code`, or the status where there is none. */
export function codeOf({ status, body }: JsonAnswer): string | number {
  return body?.error?.code ?? status;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
