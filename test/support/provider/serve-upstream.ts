/** Puts an `Upstream` behind a real HTTP server, so that real SDKs can call it without a gateway between. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { ENDPOINTS, type Endpoint } from '../../../gateway/protocols/endpoint.ts';
import type { Upstream } from '../../../gateway/providers/upstream.ts';

export interface UpstreamServer extends AsyncDisposable {
  /** Origin, such as `http://127.0.0.1:40123`; routes stand under `/v1`. */
  url: string;
}

/** @example await using server = await serveUpstream(createEcho()); */
export async function serveUpstream(upstream: Upstream): Promise<UpstreamServer> {
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    const endpoint = (Object.keys(ENDPOINTS) as Endpoint[]).find(
      (name) => `/v1${ENDPOINTS[name].path}` === pathname,
    );
    if (endpoint === undefined) {
      response.writeHead(404).end();
      return;
    }
    const hungUp = new AbortController();
    response.on('close', () => hungUp.abort());
    const answer = await upstream.call({
      endpoint,
      query: search,
      headers: {},
      body: await buffer(request),
      signal: hungUp.signal,
    });
    response.writeHead(answer.status, answer.headers);
    // A caller that hangs up ends the pipeline with an error; there is nobody left to tell.
    await pipeline(Readable.from(answer.body), response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
