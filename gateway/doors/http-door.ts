import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { type AddressInfo, type Socket, Server as SocketServer } from 'node:net';
import { answerBrokenRequest } from './broken-request.ts';
import { markAsNetwork } from './network-sockets.ts';
import { type DoorIdentity, TlsServer } from './tls-server.ts';

/** Longer than clients keep an idle connection, so that they close first and never meet a reset. */
const KEEP_ALIVE_MS = 75_000;

/** How often connections are looked at for requests that take too long. */
const LOOK_MS = 5_000;

/** How long a request may take to arrive, ms. Nobody is waited for without end. */
export interface ArrivalLimits {
  /** From the connection, or the request before, to the end of the head. */
  headMs: number;
  /** From there to the end of the body: 64 MiB pass at a megabit a second. */
  bodyMs: number;
}

export const ARRIVAL_LIMITS: ArrivalLimits = { headMs: 60_000, bodyMs: 600_000 };

/** A handshake is two round trips: whoever is slower than this is not there to ask. */
const HANDSHAKE_MS = 20_000;

/** Agents send whole JSON documents in headers; Node's own limit is 16 KiB. */
const MAX_HEADER_BYTES = 64 * 1024;

/** A door for other computers. */
export interface NetworkDoor {
  /** Null: plain HTTP. */
  identity: DoorIdentity | null;
  /** Whether a caller's address is let in; the others' connections end before a byte is read. */
  admits: (address: string) => boolean;
}

/**
 * One host and port over which requests come in. `localhost` may be several addresses: the first must be had,
 * the others are taken where they can.
 */
export class HttpDoor {
  readonly port: number;
  readonly #servers: readonly Server[];
  readonly #state: { retired: boolean };

  private constructor(servers: readonly Server[], state: { retired: boolean }) {
    this.#servers = servers;
    this.#state = state;
    this.port = portOf(servers[0] as Server);
  }

  /**
   * @param port 0 takes a free one
   * @param network for other computers; null: the owner's own door
   * @throws the error of node:net where the first address cannot be had
   */
  static async open(
    host: string,
    port: number,
    limits: ArrivalLimits,
    onRequest: RequestListener,
    network: NetworkDoor | null = null,
  ): Promise<HttpDoor> {
    const state = { retired: false };
    const answer: RequestListener = (request, response) => {
      if (state.retired) response.shouldKeepAlive = false;
      if (network !== null) markAsNetwork(request);
      onRequest(request, response);
    };
    const [first, ...others] = host === 'localhost' ? await loopbackAddresses() : [host];
    const servers = [await listening(answer, first as string, port, limits, network)];
    for (const other of others) {
      const again = portOf(servers[0] as Server);
      const second = await listening(answer, other, again, limits, network).catch(() => null);
      if (second !== null) servers.push(second);
    }
    return new HttpDoor(servers, state);
  }

  /** The addresses of its sockets, without ports. */
  get addresses(): string[] {
    return this.#servers.map((server) => (server.address() as AddressInfo | null)?.address ?? '');
  }

  /**
   * Takes no new connections and lets go of the port at once. Those that are open go on: each may bring one more
   * request, none is reset.
   * @returns resolves when the last one has ended
   */
  async retire(): Promise<void> {
    this.#state.retired = true;
    await Promise.all(this.#servers.map(stopListening));
  }

  /** Proves itself by another certificate from the next handshake on. What is connected goes on. */
  identify(identity: DoorIdentity): void {
    for (const server of this.#servers) if (server instanceof TlsServer) server.identify(identity);
  }

  closeAllConnections(): void {
    for (const server of this.#servers) server.closeAllConnections();
  }
}

async function loopbackAddresses(): Promise<string[]> {
  const found = await lookup('localhost', { all: true });
  return found.map(({ address }) => address);
}

async function listening(
  onRequest: RequestListener,
  host: string,
  port: number,
  { headMs, bodyMs }: ArrivalLimits,
  network: NetworkDoor | null,
): Promise<Server> {
  const lookMs = Math.min(LOOK_MS, headMs);
  const options = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: headMs,
    // Bodies that somebody reads are given up by their reader, with an answer; this is for those that nobody does.
    requestTimeout: headMs + bodyMs + lookMs,
    connectionsCheckingInterval: lookMs,
  };
  const server = serverFor(options, onRequest, Math.min(HANDSHAKE_MS, headMs), network);
  server.listen({ host, port });
  await once(server, 'listening');
  return server;
}

function serverFor(
  options: ServerOptions,
  onRequest: RequestListener,
  handshakeTimeout: number,
  network: NetworkDoor | null,
): Server {
  if (network === null) return createServer(options, onRequest).on('clientError', answerBrokenRequest);
  const { identity, admits } = network;
  const server =
    identity === null
      ? createServer(options, onRequest).on('clientError', answerBrokenRequest)
      : new TlsServer({ ...options, handshakeTimeout }, onRequest, identity);
  server.prependListener('connection', (socket: Socket) => {
    if (!admits(socket.remoteAddress ?? '')) socket.destroy();
  });
  return server;
}

/** `Server.close` of node:http also ends connections on which an answer is still on its way to a slow reader. */
async function stopListening(server: Server): Promise<void> {
  const ended = once(server, 'close');
  SocketServer.prototype.close.call(server);
  await ended;
  // Ends the timer that looks for slow requests; that the socket is closed already is no news.
  server.close(() => undefined);
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
