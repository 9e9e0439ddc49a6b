import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

type Handler = (request: Request) => Response | Promise<Response>;

/** What the browser sends with each request, so that no other program on this computer gets in. */
const PASS_HEADER = 'x-stand-in-pass';

/**
 * Serves what `protocol.handle` answers. Chromium loads no scheme of our own, and Playwright's routes cannot stream,
 * which the panel's live events need: so `app://panel/…` is `http://panel.localhost:PORT/…` to the browser, which
 * holds that for a safe origin too, and the handler still sees `app://panel/…`.
 */
export class SchemeDoor {
  readonly #handlers = new Map<string, Handler>();
  readonly #pass = randomBytes(16).toString('hex');
  #port = 0;

  async open(): Promise<void> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    this.#port = (server.address() as AddressInfo).port;
  }

  get headers(): Record<string, string> {
    return { [PASS_HEADER]: this.#pass };
  }

  handle(scheme: string, handler: Handler): void {
    this.#handlers.set(scheme, handler);
  }

  /** @returns where the browser finds what Electron finds at `url`; other schemes stay */
  outside(url: string): string {
    const { protocol, host, pathname, search, hash } = new URL(url);
    if (!this.#handlers.has(protocol.slice(0, -1))) return url;
    return `http://${host}.${protocol.slice(0, -1)}.localhost:${this.#port}${pathname}${search}${hash}`;
  }

  /** @returns what Electron calls the browser's `url` */
  inside(url: string): string {
    const { hostname, port, pathname, search, hash } = new URL(url);
    const [, host, scheme] = /^(.+)\.([^.]+)\.localhost$/.exec(hostname) ?? [];
    return port === String(this.#port) && host !== undefined
      ? `${scheme}://${host}${pathname}${search}${hash}`
      : url;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = this.inside(`http://${request.headers.host}${request.url}`);
    const handler = this.#handlers.get(new URL(url).protocol.slice(0, -1));
    if (handler === undefined || request.headers[PASS_HEADER] !== this.#pass) {
      response.writeHead(404).end();
      return;
    }
    const answer = await handler(await asRequest(request, url));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.flushHeaders();
    await send(answer.body, response);
  }
}

async function asRequest(request: IncomingMessage, url: string): Promise<Request> {
  const { method = 'GET' } = request;
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (![PASS_HEADER, 'host', 'connection'].includes(name)) headers.set(name, String(value));
  }
  const { protocol, host } = new URL(url);
  if (headers.has('origin')) headers.set('origin', `${protocol}//${host}`);
  const body = ['GET', 'HEAD'].includes(method) ? {} : { body: await buffer(request) };
  return new Request(url, { method, headers, ...body });
}

/** The browser that lets go of an answer cancels its body, as Electron does. */
async function send(body: ReadableStream<Uint8Array> | null, response: ServerResponse): Promise<void> {
  if (body === null) {
    response.end();
    return;
  }
  const reader = body.getReader();
  response.once('close', () => void reader.cancel().catch(() => undefined));
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!response.write(value))
      await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
  }
  response.end();
}
