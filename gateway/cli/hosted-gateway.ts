import { setTimeout as wait } from 'node:timers/promises';
import {
  createGateway,
  type Gateway,
  type GatewayOptions,
  type ListenAddress,
  ListenError,
} from '../gateway.ts';

/** The port was this process's a moment ago: whoever has it now may be about to give it back. */
const TRIES = 25;
const BETWEEN_TRIES_MS = 200;

export interface HostEvents {
  restarted(gateway: Gateway): void;
  /** Nothing serves any more. */
  failed(error: unknown): void;
}

/** A gateway whose process goes on when the gateway starts again. */
export class HostedGateway {
  readonly #options: GatewayOptions;
  readonly #events: HostEvents;
  #gateway: Gateway;
  #restarting: Promise<void> | null = null;
  #ended = false;

  private constructor(options: GatewayOptions, events: HostEvents, first: Gateway) {
    this.#options = options;
    this.#events = events;
    this.#gateway = first;
  }

  /** @throws StoreError */
  static async open(options: GatewayOptions, events: HostEvents): Promise<HostedGateway> {
    let hosted: HostedGateway | undefined;
    const first = await createGateway({ ...options, restart: () => hosted?.restart() });
    hosted = new HostedGateway(options, events, first);
    return hosted;
  }

  /** The one that serves now. */
  get gateway(): Gateway {
    return this.#gateway;
  }

  /** Stops the gateway as a signal would and starts another on the same folder, at the same port. */
  restart(): void {
    if (this.#restarting !== null || this.#ended) return;
    this.#restarting = this.#again()
      .catch((error: unknown) => {
        this.#ended = true;
        this.#events.failed(error);
      })
      .finally(() => {
        this.#restarting = null;
      });
  }

  async stop(): Promise<void> {
    this.#ended = true;
    // Whatever a restart has just opened must be closed too.
    await this.#restarting;
    await this.#gateway.stop();
  }

  async #again(): Promise<void> {
    const { address, sessions } = this.#gateway;
    await this.#gateway.stop();
    if (this.#ended) return;
    this.#gateway = await createGateway({ ...this.#options, sessions, restart: () => this.restart() });
    if (this.#ended || address === null) return;
    try {
      await listenAgain(this.#gateway, address);
    } catch (error) {
      await this.#gateway.stop();
      throw error;
    }
    this.#events.restarted(this.#gateway);
  }
}

async function listenAgain(gateway: Gateway, { host, port, from }: ListenAddress): Promise<void> {
  for (let left = TRIES; ; left--) {
    try {
      await gateway.listen(host, port, from);
      return;
    } catch (error) {
      if (left <= 1 || !(error instanceof ListenError) || error.code !== 'EADDRINUSE') throw error;
      await wait(BETWEEN_TRIES_MS);
    }
  }
}
