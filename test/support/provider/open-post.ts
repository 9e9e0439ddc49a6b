/** A plain HTTP call, for what SDKs hide: headers, encodings, broken bodies. */
import { once } from 'node:events';
import http from 'node:http';

/** Posts `body` to a provider with its default credential; resolves when the headers arrive. */
export async function openPost(
  origin: string,
  body: object,
  path = '/v1/chat/completions',
): Promise<http.IncomingMessage> {
  const headers = {
    authorization: 'Bearer sk-provider',
    'content-type': 'application/json',
    'anthropic-version': '2023-06-01',
  };
  const request = http.request(`${origin}${path}`, { method: 'POST', headers, agent: false });
  // After the headers, the response reports what breaks.
  request.on('error', () => {});
  request.end(JSON.stringify(body));
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return response;
}
