import type { RequestListener, ServerOptions } from 'node:http';
import { Server } from 'node:https';
import type { Socket } from 'node:net';
import { answerBrokenRequest, WITHOUT_TLS } from './broken-request.ts';

/** What a door proves itself with: PEM, for node:tls. */
export interface DoorIdentity {
  /** The certificate. */
  cert: string;
  key: string;
}

/** HTTP over TLS, with the limits of plain HTTP, and one for the handshake. */
export class TlsServer extends Server {
  /** Every connection, those that are still in their handshake included. */
  readonly #connections = new Set<Socket>();

  constructor(
    options: ServerOptions & { handshakeTimeout: number },
    onRequest: RequestListener,
    identity: DoorIdentity,
  ) {
    super({ ...options, ...tlsOptions(identity) }, onRequest);
    this.on('connection', (socket: Socket) => {
      this.#connections.add(socket);
      socket.once('close', () => this.#connections.delete(socket));
    });
    const greeted = new WeakSet<object>();
    this.on('secureConnection', (socket) => void greeted.add(socket));
    this.on('clientError', (error: Error & { code?: string }, socket) => {
      if (greeted.has(socket)) answerBrokenRequest(error, socket as Socket);
      else if (error.code === WITHOUT_TLS) this.#answerInPlain(error, socket as Socket);
      // Before the handshake is done there is nobody else to answer.
      else socket.destroy();
    });
  }

  /** The answer has to go out below the TLS that was not spoken. */
  #answerInPlain(error: Error, { remoteAddress, remotePort }: Socket): void {
    for (const socket of this.#connections)
      if (socket.remotePort === remotePort && socket.remoteAddress === remoteAddress)
        answerBrokenRequest(error, socket);
  }

  /** Proves itself by another certificate from the next handshake on. What is connected goes on. */
  identify(identity: DoorIdentity): void {
    this.setSecureContext(tlsOptions(identity));
  }

  /** Node's own knows of no connection before its handshake is done, and a stop would wait for it. */
  override closeAllConnections(): void {
    super.closeAllConnections();
    for (const socket of this.#connections) socket.destroy();
  }
}

function tlsOptions(identity: DoorIdentity) {
  return { ...identity, minVersion: 'TLSv1.2' as const };
}
