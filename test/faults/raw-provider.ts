import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** What a provider was asked, as far as its faults care. */
export interface Asked {
  stream: boolean;
}

/** What a provider does with a connection once a whole request has come over it. */
export type Fault = (socket: Socket, asked: Asked) => void;

/** A provider that says exactly what a test wants, HTTP or not. */
export interface RawProvider extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Connections that are open now. */
  readonly connections: number;
  /** Requests that have come whole. */
  readonly asked: number;
  /** From the next request on. */
  behave(fault: Fault): void;
}

/** @param tls makes it speak TLS; `host` is the name it is called by */
export async function startRawProvider({
  tls,
  host = '127.0.0.1',
}: {
  tls?: TlsOptions;
  host?: string;
} = {}): Promise<RawProvider> {
  const open = new Set<Socket>();
  let fault: Fault = (socket) => void socket.destroy();
  let asked = 0;

  function serve(socket: Socket): void {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // What the gateway breaks off is its own business.
    socket.on('error', () => undefined);
    socket.on('end', () => void socket.end());
    let text = '';
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
      const request = wholeRequest(text);
      if (request === undefined) return;
      text = '';
      // The list of its models is no part of this.
      if (request.startsWith('GET')) {
        socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      asked++;
      fault(socket, { stream: /"stream": ?true/.test(request) });
    });
  }

  const server =
    tls === undefined
      ? createServer({ allowHalfOpen: true }, serve)
      : createTlsServer({ ...tls, allowHalfOpen: true }, serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    port,
    get connections() {
      return open.size;
    },
    get asked() {
      return asked;
    },
    behave(next) {
      fault = next;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of open) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}

/** @param text Latin-1, a character a byte */
function wholeRequest(text: string): string | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, headEnd))?.[1] ?? 0);
  return text.length >= headEnd + 4 + length ? text : undefined;
}
