/** For tests of the rules: one JSON call, and what came back. */

interface ErrorBody {
  error?: { message: string; type: string; code?: string; param?: string };
}

export interface Posted {
  status: number;
  json: ErrorBody;
  /** Of the error, when it is one. */
  message: string | undefined;
}

/** Posts `body`: a string as it is, anything else as JSON. */
export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Posted> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const json = (await response.json()) as ErrorBody;
  return { status: response.status, json, message: json.error?.message };
}
