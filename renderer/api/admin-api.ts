import type { ErrorAnswer } from '../../gateway/doors/admin/contract.ts';

/** The gateway answered with an error. `status` is HTTP's; `message` is for people. */
export class AdminError extends Error {
  readonly status: number;
  readonly code: string;
  /** Path of the field the error is about, such as `targets[0].providerId`. */
  readonly param: string | null;

  constructor(status: number, error: Partial<ErrorAnswer['error']>) {
    super(error.message ?? `The gateway answered ${status}.`);
    this.name = 'AdminError';
    this.status = status;
    this.code = error.code ?? '';
    this.param = error.param ?? null;
  }
}

type Query = Record<string, string | number | boolean | null | undefined>;

interface AskOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  body?: unknown;
  signal?: AbortSignal;
}

/**
 * Asks a route of the admin API, such as `/status`. In the window it never leaves the process; in a browser it
 * carries the session.
 * @throws AdminError when the gateway refuses, TypeError when it cannot be reached
 */
export async function askAdmin(path: string, options: AskOptions = {}): Promise<Response> {
  const { method = 'GET', body, signal } = options;
  const response = await fetch(`/admin/api${path}`, {
    method,
    signal: signal ?? null,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!response.ok) throw new AdminError(response.status, await errorOf(response));
  return response;
}

/** GET, read as JSON. What of the query is undefined, null or empty is left out. */
export async function getJson<Answer>(
  path: string,
  query: Query = {},
  signal?: AbortSignal,
): Promise<Answer> {
  const response = await askAdmin(withQuery(path, query), signal === undefined ? {} : { signal });
  return response.json();
}

/** Changes something; the answer is read as JSON where there is one. */
export async function sendJson<Answer = void>(
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await askAdmin(path, { method, body });
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** What a refusal says; nothing where it is none of the gateway’s. */
export async function errorOf(response: Response): Promise<Partial<ErrorAnswer['error']>> {
  try {
    const answer: ErrorAnswer = await response.json();
    return answer.error ?? {};
  } catch {
    return {};
  }
}
