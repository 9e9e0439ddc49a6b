import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { until } from '../support/until.ts';

const SCRIPT = join(import.meta.dirname, '../../gateway/cli/ntl.js');

/** How `npm run ntl` starts it. */
export const NTL = [process.execPath, '--disable-warning=ExperimentalWarning', SCRIPT] as const;

const LONGEST_MS = 60_000;

export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  /** Piped in; without it standard input is empty. */
  input?: string;
}

/** The real command, as a process of its own, until it ends. */
export async function runNtl(args: readonly string[], { env, input = '' }: RunOptions = {}): Promise<Run> {
  const running = new Running(args, env);
  running.child.stdin?.end(input);
  // A command that should have been refused and goes on would outlive its test.
  const guard = setTimeout(() => running.child.kill('SIGKILL'), LONGEST_MS);
  const code = await running.ended;
  clearTimeout(guard);
  return { code, stdout: running.stdout, stderr: running.stderr };
}

/** A command that goes on until it is told to stop. */
export class Running {
  readonly child: ChildProcess;
  /** Exit code; null after a signal that was not handled. */
  readonly ended: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], env: Record<string, string> = {}) {
    const [program, ...first] = NTL;
    this.child = spawn(program, [...first, ...args], { env: { ...cleanEnvironment(), ...env } });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    // A command that ends before it has read its input.
    this.child.stdin?.on('error', () => undefined);
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  /** Waits for a text on standard output. */
  async says(text: string): Promise<void> {
    await until(`"${text}" in:\n${this.stdout}\n${this.stderr}`, () => this.stdout.includes(text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** A folder that goes away with the test. */
export class TestFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'ntl-cli-'));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** `ntl serve` on a free port, with the encrypted file as vault, once it listens. */
export async function startServe(
  dataDir: string,
  args: readonly string[] = ['--port', '0'],
  env: Record<string, string> = {},
): Promise<Running & { url: string }> {
  const running = new Running(['serve', '--data-dir', dataDir, ...args], { ...FILE_VAULT, ...env });
  await until(`a start: ${running.stderr}`, () => running.stdout.includes(' is running.'));
  return Object.assign(running, { url: readRuntimeFile(dataDir)?.url ?? '' });
}

export const FILE_VAULT = { NTL_VAULT: 'file', NTL_VAULT_PASSPHRASE: 'correct horse' };

/** Without what the surrounding shell or npm says to `ntl`. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(NTL_|npm_)/.test(name));
  return { ...Object.fromEntries(kept), TZ: 'UTC' };
}
