import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import type { Host } from '../support/network-namespaces.ts';
import { until } from '../support/until.ts';

const root = join(import.meta.dirname, '../..');

/** A program that runs on another host and does what it is told, one thing after the other. */
export class LanClient {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  #last = 0;

  constructor(host: Host) {
    const [program, args] = host.command(
      process.execPath,
      join(import.meta.dirname, 'children/lan-client.ts'),
    );
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const { id, answer } = JSON.parse(line);
      this.#waiting.get(id)?.(answer);
      this.#waiting.delete(id);
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field by the tests
  do(act: string, facts: object): Promise<any> {
    const id = ++this.#last;
    const answer = new Promise((resolve) => this.#waiting.set(id, resolve));
    this.#child.stdin?.write(`${JSON.stringify({ id, act, ...facts })}\n`);
    return answer;
  }

  async end(): Promise<void> {
    this.#child.stdin?.end();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }
}

/** `ntl serve` on a host of its own. */
export class LanGateway {
  readonly dataDir: string;
  readonly #host: Host;
  readonly #child: ChildProcess;

  constructor(host: Host, dataDir: string) {
    this.#host = host;
    this.dataDir = dataDir;
    const serve = [join(root, 'gateway/cli/ntl.js'), 'serve', '--data-dir', dataDir];
    const [program, args] = host.command(process.execPath, ...serve);
    const env = { ...process.env, NTL_VAULT: 'file', NTL_LOG_LEVEL: 'warn' };
    this.#child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  }

  /** @returns the admin token */
  async started(): Promise<string> {
    return until('the gateway', () => readRuntimeFile(this.dataDir)?.adminToken, 60_000);
  }

  /** By its owner, over loopback of its own host. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field by the tests
  async admin(method: string, path: string, body?: unknown): Promise<any> {
    const sent =
      body === undefined ? [] : ['-H', 'content-type: application/json', '-d', JSON.stringify(body)];
    const token = `authorization: Bearer ${await this.started()}`;
    const url = `http://127.0.0.1:7411/admin/api${path}`;
    const told = this.#host.run('curl', '-sS', '-X', method, '-H', token, ...sent, url);
    return told === '' ? null : JSON.parse(told);
  }

  async end(): Promise<void> {
    this.#child.kill('SIGTERM');
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }
}
