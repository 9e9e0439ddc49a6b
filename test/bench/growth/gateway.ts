import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { readRuntimeFile } from '../../../gateway/runtime-file.ts';

const PROGRAM = join(import.meta.dirname, '../../../gateway/cli/ntl.js');
const MONITOR = join(import.meta.dirname, '../growth-monitor.ts');
const FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4', '--import', MONITOR];
const START_MS = 120_000;
/** Linux counts CPU time in ticks of 10 ms (proc_pid_stat(5)). */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

/** All in ms. */
export interface Seen {
  /** The longest in which no timer came to its turn, as long as the machine made it. */
  stallMs: number;
  /** The longest turn of the event loop. */
  longestMs: number;
  /** All turns in which something was done. */
  busyMs: number;
}

/** `ntl serve` as a process of its own, watched from within. Linux alone. */
export class WatchedGateway {
  readonly pid: number;
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #token: string;
  /** Only as many connections as are asked for: none of them waits. */
  readonly agent = new Agent({ pipelining: 1, headersTimeout: 600_000, bodyTimeout: 600_000 });

  private constructor(child: ChildProcess, url: string, token: string) {
    this.#process = child;
    this.pid = child.pid as number;
    this.url = url;
    this.#token = token;
  }

  /** Resolves once it listens. */
  static async start(dataDir: string): Promise<WatchedGateway> {
    const child = spawn(
      process.execPath,
      [...FLAGS, PROGRAM, 'serve', '--data-dir', dataDir, '--port', '0'],
      {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        env: { ...process.env, NTL_VAULT: 'file', NTL_LOG_LEVEL: 'warn' },
      },
    );
    const deadline = performance.now() + START_MS;
    for (;;) {
      const runtime = readRuntimeFile(dataDir);
      if (runtime?.pid === child.pid && runtime)
        return new WatchedGateway(child, runtime.url, runtime.adminToken);
      if (child.exitCode !== null || performance.now() > deadline)
        throw new Error('The gateway did not start.');
      await pause(2);
    }
  }

  /** Asks the admin API. */
  admin(path: string, method: 'GET' | 'POST' | 'PUT' | 'PATCH' = 'GET', body?: unknown) {
    return this.#ask(`/admin/api${path}`, method, this.#token, body);
  }

  /** One small inference request, answered in one piece. */
  infer(key: string, model: string) {
    return this.#ask('/v1/chat/completions', 'POST', key, {
      model,
      messages: [{ role: 'user', content: 'x' }],
    });
  }

  async #ask(path: string, method: 'GET' | 'POST' | 'PUT' | 'PATCH', token: string, body?: unknown) {
    const begun = performance.now();
    const { statusCode, body: answer } = await request(this.url + path, {
      method,
      dispatcher: this.agent,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const ms = performance.now() - begun;
    if (statusCode >= 300) throw new Error(`${method} ${path} answered ${statusCode}: ${text.slice(0, 300)}`);
    return { status: statusCode, ms, bytes: Buffer.byteLength(text), text };
  }

  /** Watches its event loop until `look`. */
  async watch(): Promise<void> {
    await this.#tell('reset');
  }

  /** What was seen since `watch`. */
  look(): Promise<Seen> {
    return this.#tell<Seen>('look');
  }

  /** Memory that is in use once garbage is collected, bytes. */
  async liveBytes(): Promise<number> {
    return (await this.#tell<{ liveBytes: number }>('live')).liveBytes;
  }

  async #tell<Told>(word: string): Promise<Told> {
    const answer = once(this.#process, 'message');
    this.#process.send(word);
    const [told] = (await answer) as [Told];
    return told;
  }

  /** CPU time it has used, ms. */
  cpuMs(): number {
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }

  /** Memory it holds, bytes. */
  rss(): number {
    const [, pages] = readFileSync(`/proc/${this.pid}/statm`, 'utf8').split(' ');
    return Number(pages) * PAGE_BYTES;
  }

  /** Open file handles. */
  handles(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }

  async stop(): Promise<void> {
    await this.agent.close();
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}
