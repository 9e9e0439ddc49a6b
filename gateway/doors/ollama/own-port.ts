import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Settings } from '../../catalogue/settings.ts';
import { ListenError } from '../../listening.ts';
import type { SharedDoor } from '../../sharing/doors.ts';

/** Where Ollama itself listens, and its tools look. */
export const OLLAMA_HOST = '127.0.0.1';

export interface OwnPortParts {
  settings: Settings;
  log: FastifyBaseLogger;
  /** Makes the instance behind it. */
  build: () => Promise<FastifyInstance>;
  /** @throws ListenError */
  open: (app: FastifyInstance, host: string, port: number) => Promise<Pick<SharedDoor, 'close'>>;
}

/**
 * A port of Ollama's own, for tools that cannot be told another: open while the owner has Ollama's API on and a port
 * set. That another program has it is told, and costs nothing else.
 */
export class OllamaPort {
  readonly #parts: OwnPortParts;
  #app: Promise<FastifyInstance> | undefined;
  #door: Pick<SharedDoor, 'close'> | null = null;
  /** The port that was last tried. */
  #port: number | null = null;
  #problem: string | null = null;
  #busy: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: OwnPortParts) {
    this.#parts = parts;
  }

  /** Where it answers; null where it does not. */
  get url(): string | null {
    return this.#door === null ? null : `http://${OLLAMA_HOST}:${this.#port}`;
  }

  /** Why it does not answer though it should, and what to do. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Does what the settings say now. A port that could not be had is tried again. */
  follow(): Promise<void> {
    this.#busy = this.#busy.then(() => this.#follow());
    return this.#busy;
  }

  /** With the gateway; what runs over it goes on. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.follow();
    await (await this.#app)?.close();
  }

  async #follow(): Promise<void> {
    const { settings } = this.#parts;
    const wanted = settings.get('ollama') && !this.#closed ? settings.get('ollama_port') : null;
    if (this.#door !== null && wanted === this.#port) return;
    this.#door?.close();
    this.#door = null;
    this.#problem = null;
    this.#port = wanted;
    if (wanted !== null) await this.#open(wanted);
  }

  async #open(port: number): Promise<void> {
    const { build, open, log } = this.#parts;
    try {
      this.#app ??= build();
      this.#door = await open(await this.#app, OLLAMA_HOST, port);
      log.info({ url: this.url }, 'Ollama’s API answers at a port of its own');
    } catch (error) {
      if (!(error instanceof ListenError)) {
        this.#app = undefined;
        log.error({ err: error, port }, 'the port of Ollama’s API could not be opened');
      }
      const fact =
        error instanceof ListenError ? error.fact : `Port ${port} could not be opened; the log says why.`;
      const likely =
        error instanceof ListenError && error.code === 'EADDRINUSE' ? ' That may be Ollama itself.' : '';
      this.#problem = `${fact}${likely} End that program and set the port again, or choose another. All else goes on.`;
      log.warn({ port }, this.#problem);
    }
  }
}
