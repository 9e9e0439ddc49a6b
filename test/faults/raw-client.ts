import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { until } from '../support/until.ts';

/** A connection that says exactly what a test wants, well-formed or not. */
export interface RawClient {
  readonly socket: Socket;
  /** Everything received so far. */
  readonly received: string;
  send(text: string): void;
  /** Waits until what was received matches. */
  seen(pattern: RegExp): Promise<void>;
  /** Resolves once the other side has ended or broken the connection. */
  readonly closed: Promise<void>;
  /** Breaks the connection off, with a TCP reset. */
  breakOff(): void;
}

export async function connectRaw(url: string): Promise<RawClient> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    received += text;
  });
  // A reset by the other side; `closed` tells it.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  await once(socket, 'connect');
  onTestFinished(() => void socket.destroy());
  return {
    socket,
    get received() {
      return received;
    },
    closed,
    send: (text) => void socket.write(text),
    seen: (pattern) => until(`${pattern} in ${received}`, () => pattern.test(received)).then(() => undefined),
    breakOff: () => void socket.resetAndDestroy(),
  };
}

/** A whole POST request as it goes over the wire. */
export function postText(path: string, key: string, body: unknown): { head: string; body: string } {
  const text = JSON.stringify(body);
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: localhost',
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
  ];
  return { head: `${head.join('\r\n')}\r\n\r\n`, body: text };
}
