import { connect } from 'node:net';
import { MessageReader } from '../http/message-reader.ts';

export interface Answer {
  status: number;
  body: string;
}

const TIMEOUT_MS = 30_000;

/**
 * One request on a connection of its own, the answer kept as it is.
 * @throws Error where nobody listens, or the answer ends early
 */
export function ask(port: number, request: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let status = 0;
    const pieces: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const reader = new MessageReader({
      head: (text) => {
        status = Number(text.split(' ', 2)[1]);
      },
      body: (bytes) => pieces.push(Buffer.from(bytes)),
      end: () => {
        socket.destroy();
        resolve({ status, body: Buffer.concat(pieces).toString() });
      },
    });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(TIMEOUT_MS, () => fail(new Error(`No answer within ${TIMEOUT_MS} ms.`)));
    socket.on('error', fail);
    socket.on('close', () => reject(new Error('The connection ended before the answer did.')));
    socket.on('data', (bytes) => {
      try {
        reader.push(bytes);
      } catch (error) {
        fail(error as Error);
      }
    });
    socket.write(request);
  });
}
