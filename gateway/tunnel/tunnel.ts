import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';
import type { ArrivalLimits, HttpDoor } from '../doors/http-door.ts';
import type { RunningTool } from './run-tool.ts';
import { TUNNEL_TOOLS, type TunnelTool } from './tools.ts';
import type { TunnelServerParts } from './tunnel-server.ts';

export interface TunnelParts extends TunnelServerParts {
  clock: Clock;
  arrival: ArrivalLimits;
  /** The owner must hear of it, wherever they look. */
  onTrouble: (message: string) => void;
  /** It was closed because its time was over. */
  onExpired: () => void;
  /** Environment in which tools are looked for; the process's own unless told. */
  env?: NodeJS.ProcessEnv;
  backOffMs?: readonly number[];
  lookMs?: number;
}

/**
 * `opening` until its address is known, `open`, `waiting` to be started again, `failed` where that was given up, and
 * `off`.
 */
export type TunnelState = 'off' | 'opening' | 'open' | 'waiting' | 'failed';

/** How the tunnel is. Times are wall-clock ms. */
export interface TunnelStatus {
  state: TunnelState;
  tool: TunnelTool['id'] | null;
  /** Public address; null until it is known, and while it is off. */
  url: string | null;
  startedAt: number | null;
  endsAt: number | null;
  /** Times it was started again since. */
  restarts: number;
  /** What the tool said last of trouble, or why it is off. */
  message: string | null;
}

interface Run {
  tool: TunnelTool;
  program: string;
  app: FastifyInstance;
  door: HttpDoor;
  startedAt: number;
  endsAt: number;
  /** On the clock that runs evenly. */
  endsSteady: number;
  child: RunningTool | null;
  retry: NodeJS.Timeout | undefined;
  look: NodeJS.Timeout;
  failures: number;
  restarts: number;
  url: string | null;
  wasOpen: boolean;
  trouble: string | null;
  failed: boolean;
}

const HOUR_MS = 3_600_000;
const BACK_OFF_MS = [1_000, 2_000, 5_000, 15_000, 60_000];
/** A tool that never opened is given up after so many tries; one that did is tried as long as its time lasts. */
const FIRST_TRIES = 3;
/** The end of its time is looked for: timers stand still while a computer sleeps. */
const LOOK_MS = 5_000;

/** A tunnel cannot be started as asked. `message` is for people. */
export class TunnelError extends Error {
  override readonly name = 'TunnelError';
}

/**
 * The owner's tunnel to this gateway, through a tool of theirs: found, started, watched, and ended with the gateway.
 * It is never opened by itself, so nothing of it is kept over a restart.
 */
export class Tunnel {
  readonly #parts: TunnelParts;
  #run: Run | null = null;
  /** Why the last one is off, where nobody asked for that. */
  #lastWord: string | null = null;
  #busy: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(parts: TunnelParts) {
    this.#parts = parts;
  }

  get status(): TunnelStatus {
    const run = this.#run;
    if (run === null) {
      const none = { tool: null, url: null, startedAt: null, endsAt: null };
      return { state: 'off', ...none, restarts: 0, message: this.#lastWord };
    }
    const { tool, url, startedAt, endsAt, restarts, trouble } = run;
    const message = url === null ? trouble : null;
    return { state: stateOf(run), tool: tool.id, url, startedAt, endsAt, restarts, message };
  }

  /** The tools there are, and where each is installed. */
  async tools(): Promise<{ id: TunnelTool['id']; label: string; program: string | null }[]> {
    const { findProgram } = await import('./find-program.ts');
    return Promise.all(
      TUNNEL_TOOLS.map(async ({ id, label, program }) => ({
        id,
        label,
        program: await findProgram(program, this.#parts.env),
      })),
    );
  }

  /**
   * @param id null takes the first tool that is installed
   * @throws TunnelError
   */
  start(id: TunnelTool['id'] | null, hours: number): Promise<void> {
    return this.#oneAtATime(() => this.#start(id, hours));
  }

  /** Ends it. Requests that run come to their end, as long as the tool lets them. */
  stop(): Promise<void> {
    this.#lastWord = null;
    return this.#oneAtATime(() => this.#end(null));
  }

  /** With the gateway. */
  close(): Promise<void> {
    this.#closed = true;
    return this.stop();
  }

  async #start(id: TunnelTool['id'] | null, hours: number): Promise<void> {
    if (this.#closed) throw new TunnelError('The gateway is stopping.');
    if (this.#run !== null) throw new TunnelError('A tunnel is open already. Stop it first.');
    const found = (await this.tools()).filter(({ program }) => program !== null);
    const chosen = id === null ? found[0] : found.find((one) => one.id === id);
    const tool = TUNNEL_TOOLS.find((one) => one.id === chosen?.id);
    if (tool === undefined || chosen?.program == null) throw new TunnelError(missingWords(id));
    const { buildTunnelServer } = await import('./tunnel-server.ts');
    const { HttpDoor } = await import('../doors/http-door.ts');
    const { clock, arrival, lookMs = LOOK_MS } = this.#parts;
    const app = await buildTunnelServer(this.#parts, tool.clientHeader);
    const door = await HttpDoor.open('127.0.0.1', 0, arrival, (request, response) => {
      app.server.emit('request', request, response);
    });
    const run: Run = {
      ...{ tool, program: chosen.program, app, door, child: null, retry: undefined, url: null },
      ...{ failures: 0, restarts: 0, wasOpen: false, trouble: null, failed: false },
      startedAt: clock.wall(),
      endsAt: clock.wall() + hours * HOUR_MS,
      endsSteady: clock.steady() + hours * HOUR_MS,
      look: setInterval(() => this.#look(run), lookMs).unref(),
    };
    this.#lastWord = null;
    this.#run = run;
    await this.#launch(run);
  }

  async #launch(run: Run): Promise<void> {
    const { runTool } = await import('./run-tool.ts');
    if (this.#run !== run) return;
    const { port } = run.door;
    const args = run.tool.args(`http://127.0.0.1:${port}`, port);
    const child = runTool(run.program, args, (line) => this.#read(run, line), this.#parts.env);
    run.child = child;
    void child.ended.then((words) => {
      if (run.child === child) this.#died(run, words);
    });
  }

  #read(run: Run, line: string): void {
    const word = run.tool.read(line);
    if (word === null) return;
    if ('trouble' in word) {
      run.trouble = word.trouble;
      return;
    }
    run.url = word.address;
    run.wasOpen = true;
    run.failures = 0;
    run.trouble = null;
  }

  /** The tool ended by itself: it is started again, each time after a longer pause. */
  #died(run: Run, words: string): void {
    if (this.#run !== run) return;
    const wasUp = run.url !== null;
    run.child = null;
    run.url = null;
    run.trouble = [run.trouble, words].filter((part) => part !== null).join(' ');
    run.failures += 1;
    if (!run.wasOpen && run.failures >= FIRST_TRIES) {
      run.failed = true;
      this.#parts.onTrouble(`The tunnel could not be opened: ${run.tool.label} ended. ${run.trouble}`);
      return;
    }
    if (wasUp)
      this.#parts.onTrouble(
        `The tunnel was cut: ${run.tool.label} ended. It is started again; its address may be another one then.`,
      );
    const pauses = this.#parts.backOffMs ?? BACK_OFF_MS;
    const pause = pauses[Math.min(run.failures, pauses.length) - 1] ?? 0;
    run.retry = setTimeout(() => {
      run.restarts += 1;
      run.trouble = null;
      void this.#launch(run);
    }, pause).unref();
  }

  #look(run: Run): void {
    if (this.#run !== run || this.#parts.clock.steady() < run.endsSteady) return;
    void this.#oneAtATime(async () => {
      if (this.#run !== run) return;
      await this.#end('Its time was over.');
      this.#parts.onExpired();
    });
  }

  async #end(word: string | null): Promise<void> {
    const run = this.#run;
    if (run === null) return;
    this.#run = null;
    this.#lastWord = word;
    clearInterval(run.look);
    clearTimeout(run.retry);
    const ended = run.door.retire();
    await run.child?.stop();
    run.door.closeAllConnections();
    await Promise.all([ended, run.app.close()]);
  }

  #oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#busy.then(work);
    this.#busy = done.catch(() => undefined);
    return done;
  }
}

function stateOf({ failed, url, child }: Run): TunnelState {
  if (failed) return 'failed';
  if (url !== null) return 'open';
  return child === null ? 'waiting' : 'opening';
}

function missingWords(id: TunnelTool['id'] | null): string {
  const named = TUNNEL_TOOLS.find((tool) => tool.id === id);
  const which = named === undefined ? 'cloudflared, tailscale or ngrok' : named.program;
  return `${which} is not installed, or not on the PATH of the gateway. Install it, then try again.`;
}
