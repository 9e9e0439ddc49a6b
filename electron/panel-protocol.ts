import type { Readable } from 'node:stream';
import type { Protocol } from 'electron';
import type { FastifyInstance } from 'fastify';
import { REMOTE_ADDRESS } from './in-process.ts';

const SCHEME = 'app';
const HOST = 'panel';

/** The panel lies under /panel/ here as it does over HTTP, so that its paths are the same in both worlds. */
export const PANEL_URL = `${SCHEME}://${HOST}/panel/`;

/** Hop-by-hop (RFC 9110 §7.6.1), and cookies, which a custom scheme does not keep. */
const DROPPED_HEADERS = new Set(['connection', 'keep-alive', 'set-cookie', 'transfer-encoding']);

/** Statuses whose answers have no body; `Response` refuses one (https://fetch.spec.whatwg.org/#null-body-status). */
const NO_BODY = new Set([204, 205, 304]);

/** Must be called before the app is ready, once. `standard` gives the page an origin, relative URLs and storage. */
export function registerPanelScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }]);
}

/**
 * Answers `app://panel/*` from the gateway inside this process: the window needs no port, and no other program gets in.
 * @param gateway the Fastify instance that runs now
 */
export function servePanel(protocol: Pick<Protocol, 'handle'>, gateway: () => FastifyInstance): void {
  protocol.handle(SCHEME, panelHandler(gateway));
}

/** @returns what turns a request of the page into one to the gateway, and streams the answer back as it comes */
export function panelHandler(gateway: () => FastifyInstance): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url);
    if (url.host !== HOST) return new Response(null, { status: 404 });
    const app = gateway();
    const payload = request.body === null ? {} : { payload: Buffer.from(await request.arrayBuffer()) };
    const answer = await app.inject({
      method: request.method,
      url: url.pathname + url.search,
      headers: Object.fromEntries(request.headers),
      ...payload,
      remoteAddress: REMOTE_ADDRESS,
      payloadAsStream: true,
    });
    // An abort signal would not reach a handler whose request body was read; that its response closes, does.
    const leave = () => void answer.raw.res.destroy();
    const body = NO_BODY.has(answer.statusCode) ? null : pageStream(answer.stream(), leave);
    return new Response(body, { status: answer.statusCode, headers: pageHeaders(answer.headers) });
  };
}

/**
 * Requests from `protocol.handle` carry no signal of their own: that the page let go of one shows only in
 * `cancel` of the body it was given. So the stream is made here, not by `Readable.toWeb`.
 */
function pageStream(source: Readable, leave: () => void): ReadableStream<Uint8Array> {
  // Leaving ends the source with an error that nobody waits for.
  source.on('error', () => undefined);
  const chunks: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    cancel: leave,
  });
}

function pageHeaders(headers: NodeJS.Dict<number | string | string[]>): Headers {
  const kept = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || DROPPED_HEADERS.has(name)) continue;
    for (const one of Array.isArray(value) ? value : [value]) kept.append(name, String(one));
  }
  return kept;
}
