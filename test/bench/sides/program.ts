import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { ask } from '../client/ask.ts';
import type { Launch } from './side.ts';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 40_000;
/** How often a program that starts is asked whether it is there. */
const LOOK_MS = 2;
const LAST_WORDS = 2_000;

/** A program that runs beside the benchmark and ends with it at the latest. */
export class Program {
  readonly #child: ChildProcess;
  readonly #startedAt: number;
  #words = '';
  #ended = false;

  private constructor(child: ChildProcess, startedAt: number) {
    this.#child = child;
    this.#startedAt = startedAt;
    child.stdout?.setEncoding('utf8').on('data', (text) => this.#keep(text));
    child.stderr?.setEncoding('utf8').on('data', (text) => this.#keep(text));
    child.once('error', (error) => this.#keep(error.message));
    child.once('close', () => {
      this.#ended = true;
      running.delete(this);
    });
    running.add(this);
  }

  static start({ command, args, environment, cwd }: Launch): Program {
    // Nothing of npm's: what it sets for its scripts tells a gateway that npm is its parent.
    const { PATH, HOME } = process.env;
    const startedAt = performance.now();
    const child = spawn(command, args, {
      env: { PATH, HOME, ...environment },
      cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own, so that what it starts ends with it.
      detached: true,
    });
    return new Program(child, startedAt);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** The last of what it wrote. */
  get words(): string {
    return this.#words;
  }

  get process(): ChildProcess {
    return this.#child;
  }

  /**
   * Asks until the answer is 200.
   * @returns milliseconds from the start of the process to that answer
   * @throws Error with the last answer and the program's last words, where it ends or takes a minute
   */
  firstAnswer(port: number, request: Buffer): Promise<number> {
    return this.ready(async () => {
      const answer = await ask(port, request).catch(() => null);
      if (answer?.status === 200) return performance.now() - this.#startedAt;
      if (answer !== null) this.#keep(`It answered ${answer.status} ${answer.body.slice(0, 300)}\n`);
      return undefined;
    });
  }

  /**
   * Looks until there is something to see.
   * @throws Error with the program's last words, where it ends or takes a minute
   */
  async ready<T>(look: () => T | undefined | null | Promise<T | undefined | null>): Promise<T> {
    while (!this.#ended && performance.now() - this.#startedAt < START_TIMEOUT_MS) {
      const seen = await look();
      if (seen !== undefined && seen !== null) return seen;
      await wait(LOOK_MS);
    }
    throw new Error(`A program does not start. Its last words:\n${this.#words}`);
  }

  async stop(): Promise<void> {
    if (this.#ended) return;
    const ended = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.kill(), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(late);
  }

  #keep(text: string): void {
    this.#words = (this.#words + text).slice(-LAST_WORDS);
  }

  kill(): void {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // It has ended already, or never began.
    }
  }

  /** Ends all that were started, each as it wants to be ended. */
  static async stopAll(): Promise<void> {
    await Promise.all([...running].map((program) => program.stop()));
  }
}

const running = new Set<Program>();
process.on('exit', () => {
  for (const program of running) program.kill();
});
