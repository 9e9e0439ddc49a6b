import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { onTestFinished } from 'vitest';
import type { Identity } from '../support/certificates.ts';

/** A listening server with the sockets it has open. */
export interface LocalServer {
  port: number;
  /** `http://127.0.0.1:port` or `https://…`. */
  origin: string;
  /** How many connections were ever made. */
  connections(): number;
  /** Settles when no connection is open. */
  idle(): Promise<void>;
}

/** An HTTP server for one test, or an HTTPS one when given an identity. */
export function serve(handler: http.RequestListener, identity?: Identity): Promise<LocalServer> {
  const server = identity === undefined ? http.createServer(handler) : https.createServer(identity, handler);
  return listen(server, identity === undefined ? 'http' : 'https');
}

/** A server that speaks whatever the handler does. */
export function serveRaw(handler: (socket: net.Socket) => void): Promise<LocalServer> {
  return listen(net.createServer(handler), 'http');
}

export interface LocalProxy extends LocalServer {
  /** What was asked for: `CONNECT host:port`, `GET http://…`, or `SOCKS host:port`. */
  asked: string[];
  /** Proxy-Authorization of each request. */
  credentials: (string | undefined)[];
}

interface HttpProxyOptions {
  /** Status to answer every CONNECT with. */
  refuse?: number;
  /** Makes it a proxy reached over TLS. */
  identity?: Identity;
}

/** An HTTP proxy that leads every request to one local port, whatever host it was asked for. */
export async function httpProxy(
  target: { port: number },
  { refuse, identity }: HttpProxyOptions = {},
): Promise<LocalProxy> {
  const asked: string[] = [];
  const credentials: (string | undefined)[] = [];
  const note = (request: http.IncomingMessage) => {
    asked.push(`${request.method} ${request.url}`);
    credentials.push(request.headers['proxy-authorization']);
  };
  const forward: http.RequestListener = (request, response) => {
    note(request);
    const { pathname, search } = new URL(request.url ?? '');
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const options = { port: target.port, method: request.method, path: pathname + search, headers };
    const onward = http.request(options, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  };
  const server = identity === undefined ? http.createServer(forward) : https.createServer(identity, forward);
  server.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
    note(request);
    if (refuse !== undefined) {
      socket.end(`HTTP/1.1 ${refuse} No\r\n\r\n`);
      return;
    }
    const onward = net.connect(target.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      join(socket, onward);
    });
  });
  return Object.assign(await listen(server, identity === undefined ? 'http' : 'https'), {
    asked,
    credentials,
  });
}

/** A SOCKS5 proxy without authentication (RFC 1928) that leads to one local port. */
export async function socksProxy(target: { port: number }): Promise<LocalProxy> {
  const asked: string[] = [];
  const server = net.createServer((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]));
      socket.once('data', (command) => {
        const length = command[4] ?? 0;
        const host = command.subarray(5, 5 + length).toString();
        asked.push(`SOCKS ${host}:${command.readUInt16BE(5 + length)}`);
        const onward = net.connect(target.port, '127.0.0.1', () => {
          socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          join(socket, onward);
        });
      });
    });
  });
  return Object.assign(await listen(server, 'socks5'), { asked, credentials: [] });
}

function join(one: net.Socket, other: net.Socket): void {
  one.on('error', () => other.destroy());
  other.on('error', () => one.destroy());
  one.pipe(other).pipe(one);
}

async function listen(server: net.Server, scheme: string): Promise<LocalServer> {
  const open = new Set<net.Socket>();
  let connections = 0;
  server.on('connection', (socket: net.Socket) => {
    connections += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    // A client that goes away is part of the tests.
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  });
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    origin: `${scheme}://127.0.0.1:${port}`,
    connections: () => connections,
    idle: async () => {
      // `once` would reject on a reset, which is one way to close.
      await Promise.all([...open].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    },
  };
}
