import type { RequestListener } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { ARRIVAL_LIMITS, type ArrivalLimits, HttpDoor, type NetworkDoor } from './doors/http-door.ts';
import type { SharedDoor } from './sharing/doors.ts';

export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 7411;

/** What decided on the port: a flag or a variable of this start, the owner's setting, or neither. */
export type PortSource = 'flag' | 'setting' | 'default';

/** Where the gateway takes requests. */
export interface ListenAddress {
  /** Such as `http://127.0.0.1:7411`. */
  url: string;
  host: string;
  port: number;
  from: PortSource;
  /** The addresses of the sockets: `0.0.0.0` where `url` says 127.0.0.1. */
  bound: readonly string[];
}

/** The address cannot be had. `message` says what to do at a start, `fact` only what is wrong. */
export class ListenError extends Error {
  readonly code: string;
  readonly fact: string;

  constructor(code: string, fact: string, remedy: string, options?: ErrorOptions) {
    super(`${fact} ${remedy}`, options);
    this.name = 'ListenError';
    this.code = code;
    this.fact = fact;
  }
}

interface Place {
  door: HttpDoor;
  host: string;
  from: PortSource;
}

/**
 * Where requests come in. Fastify's own server never listens: the doors hand it their requests, so that one can be
 * opened elsewhere while what runs over another goes on.
 */
export class Listening {
  readonly #app: () => FastifyInstance;
  readonly #limits: ArrivalLimits;
  readonly #doors = new Set<HttpDoor>();
  #place: Place | null = null;
  #closed = false;
  /** One after the other: two at once could both be the last. */
  #moving: Promise<unknown> = Promise.resolve();

  /** @param app is asked for at the first use */
  constructor(app: () => FastifyInstance, limits: ArrivalLimits = ARRIVAL_LIMITS) {
    this.#app = app;
    this.#limits = limits;
  }

  get address(): ListenAddress | null {
    if (this.#place === null) return null;
    const { door, host, from } = this.#place;
    return { url: urlOf(host, door.port), host, port: door.port, from, bound: door.addresses };
  }

  /** @throws ListenError */
  async start(host: string, port: number, from: PortSource): Promise<void> {
    const door = await this.#open(host, port);
    this.#place = { door, host, from };
  }

  /**
   * Goes to another port of the same host. What runs over the old one goes on to its end.
   * @param keep makes the move last; where it throws, everything stays as it was
   * @throws ListenError; the old port is then listened at as before
   */
  move(port: number, from: PortSource, keep: () => void): Promise<void> {
    const moved = this.#moving.then(() => this.#move(port, from, keep));
    this.#moving = moved.catch(() => undefined);
    return moved;
  }

  async #move(port: number, from: PortSource, keep: () => void): Promise<void> {
    const before = this.#place;
    if (before === null || before.door.port === port) {
      keep();
      if (before !== null) this.#place = { ...before, from };
      return;
    }
    const door = await this.#open(before.host, port);
    try {
      keep();
    } catch (error) {
      this.#retire(door);
      throw error;
    }
    this.#place = { door, host: before.host, from };
    this.#retire(before.door);
  }

  /**
   * One more door, for other computers, until it is closed or the gateway ends.
   * @throws ListenError
   */
  async openForNetwork(address: string, port: number, network: NetworkDoor): Promise<SharedDoor> {
    const door = await this.#open(address, port, network);
    return { identify: (identity) => door.identify(identity), close: () => this.#retire(door) };
  }

  /**
   * One more door on this computer, to an instance of its own, until it is closed or the gateway ends.
   * @throws ListenError
   */
  async openBeside(app: FastifyInstance, host: string, port: number): Promise<Pick<SharedDoor, 'close'>> {
    const door = await this.#open(host, port, null, app);
    return { close: () => this.#retire(door) };
  }

  /** Ends every connection, of all doors. */
  closeAllConnections(): void {
    for (const door of this.#doors) door.closeAllConnections();
  }

  /** Takes no more connections. @returns resolves when the last has ended */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#doors].map((door) => door.retire()));
  }

  async #open(
    host: string,
    port: number,
    network: NetworkDoor | null = null,
    app = this.#app(),
  ): Promise<HttpDoor> {
    await app.ready();
    const hand: RequestListener = (request, response) => void app.server.emit('request', request, response);
    const door = await HttpDoor.open(host, port, this.#limits, hand, network).catch((error) => {
      throw asListenError(error, host, port);
    });
    this.#doors.add(door);
    if (this.#closed) {
      this.#retire(door);
      throw new Error('the gateway was stopped while it began to listen');
    }
    return door;
  }

  #retire(door: HttpDoor): void {
    void door.retire().then(() => this.#doors.delete(door));
  }
}

/** A wildcard address is reached over loopback. */
function urlOf(host: string, port: number): string {
  const shown = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
}

function asListenError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const other = 'choose another with --port (or NTL_PORT); --port 0 takes a free one.';
  const words: Record<string, readonly [fact: string, remedy: string]> = {
    EADDRINUSE: [`Port ${port} on ${host} is taken by another program.`, `End that program, or ${other}`],
    EACCES: [
      `The system does not let this program listen on port ${port}: it is reserved. Ports under 1024 need more ` +
        'rights; on Windows, Hyper-V may have reserved it (netsh interface ipv4 show excludedportrange tcp).',
      `Please ${other}`,
    ],
    EADDRNOTAVAIL: [`This machine has no address ${host}.`, 'Choose one of its own with --host.'],
    ENOTFOUND: [`The host ${host} is unknown.`, 'Give an address of this machine with --host.'],
  };
  const found = words[code];
  return found === undefined ? error : new ListenError(code, ...found, { cause: error });
}
