import type { FastifyInstance } from 'fastify';
import type { Gateway } from '../gateway/gateway.ts';
import { type GatewayWatch, type WatchListener, watchGateway } from './gateway-watch.ts';

export interface HostParts {
  /** @param before the one that ran until now, at a restart. @returns null when the owner would rather quit */
  open(before: Gateway | null): Promise<Gateway | null>;
  /** @returns false when the owner would rather quit */
  listen(gateway: Gateway, before: Gateway | null): Promise<boolean>;
  listener: WatchListener;
}

/** The gateway in this process. A restored backup makes it another one: whoever speaks to it asks here each time. */
export class GatewayHost {
  readonly #parts: HostParts;
  #gateway: Gateway | null = null;
  #watch: GatewayWatch | null = null;
  #starting: Promise<boolean> | null = null;
  #ended = false;

  constructor(parts: HostParts) {
    this.#parts = parts;
  }

  /** @throws before the first start */
  get gateway(): Gateway {
    if (this.#gateway === null) throw new Error('no gateway runs');
    return this.#gateway;
  }

  get app(): FastifyInstance {
    return this.gateway.app;
  }

  /** @returns whether one runs: false when it could not be opened and the owner would rather quit */
  start(): Promise<boolean> {
    return this.#once(() => this.#start(null));
  }

  /** Stops it and opens it again, at the same address. @returns as `start` does */
  restart(): Promise<boolean> {
    return this.#once(async () => {
      const before = this.gateway;
      await before.stop();
      return this.#ended || this.#start(before);
    });
  }

  /** Asks the gateway how it is; what comes goes to the listener. */
  async refresh(): Promise<void> {
    await this.#watch?.refresh();
  }

  /** Waits for running requests, then ends it. @param atOnce cuts them off, also where they are waited for already */
  async stop(atOnce = false): Promise<void> {
    this.#ended = true;
    // What a restart has just opened must be closed too.
    await this.#starting?.catch(() => undefined);
    await this.#gateway?.stop({ atOnce });
    this.#watch?.stop();
  }

  /** Whoever asks twice means the same start. */
  #once(work: () => Promise<boolean>): Promise<boolean> {
    this.#starting ??= work().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async #start(before: Gateway | null): Promise<boolean> {
    const { open, listen, listener } = this.#parts;
    const gateway = await open(before);
    if (gateway === null) return false;
    if (!(await listen(gateway, before))) {
      await gateway.stop();
      return false;
    }
    this.#watch?.stop();
    this.#gateway = gateway;
    this.#watch = watchGateway(gateway, listener);
    return true;
  }
}
