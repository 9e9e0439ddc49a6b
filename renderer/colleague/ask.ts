import { AdminError, errorOf, withQuery } from '../api/admin-api.ts';

type Query = Parameters<typeof withQuery>[1];

/** GET of one of the colleagues' routes, such as `/join/state`. @throws AdminError, TypeError when nobody answers */
export function getOwn<Answer>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer> {
  return askOwn('GET', withQuery(path, query), undefined, signal);
}

/** Changes something; the answer is read as JSON where there is one. @throws as `getOwn` does */
export async function askOwn<Answer = void>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
  const response = await fetch(path, {
    method,
    signal: signal ?? null,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!response.ok) throw new AdminError(response.status, await errorOf(response));
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}
