import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { GatewayOptions } from '../../gateway/gateway.ts';

export interface GatewayProcess {
  readonly process: ChildProcess;
  readonly url: string;
  readonly adminToken: string;
  /** The first key; null where the folder had one before. */
  readonly key: string | null;
  /** Everything it printed but the lines it reports by. */
  output(): string;
  /** What it holds of the system now. */
  look(): Promise<Level>;
  /** Sets its wall clock, where `clock-shift.ts` was loaded: what it is off by, ms. */
  setClock(shift: number): Promise<void>;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
  /** Stops it as a quit does, and waits until it is gone. */
  stop(): Promise<void>;
}

/** What a process holds of the system. */
export interface Level {
  sockets: number;
  timers: number;
  /** After garbage collection: the heap and what lies beside it. */
  bytes: number;
  /** The most that the process ever had of the machine's memory. */
  peakBytes: number;
}

export interface LaunchedProcess {
  readonly process: ChildProcess;
  /** @throws Error with what the gateway said when it could not start */
  open(options: Pick<GatewayOptions, 'dataDir'> & Partial<GatewayOptions>): Promise<GatewayProcess>;
  kill(): Promise<void>;
}

interface LaunchOptions {
  /** Modules of `children/` to load first. */
  preload?: readonly string[];
  env?: Record<string, string>;
  /** It outlives the test: whoever launched it kills it. */
  keep?: boolean;
}

/** Compiled code of earlier processes: a third off each start. */
const CODE_CACHE = join(tmpdir(), 'ntl-test-code-cache');

/**
 * Starts a process that has the gateway's code loaded and waits for `open`: whoever needs many in a row
 * launches the next while the one before still runs. It is killed after the test.
 */
export function launchGateway({ preload = [], env = {}, keep = false }: LaunchOptions = {}): LaunchedProcess {
  mkdirSync(CODE_CACHE, { recursive: true });
  const children = join(import.meta.dirname, 'children');
  const imports = preload.flatMap((name) => ['--import', join(children, name)]);
  const child = spawn(process.execPath, [...imports, join(children, 'gateway.ts')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: CODE_CACHE, ...env },
  });
  const ended = once(child, 'close');
  let output = '';
  const reports = new Map<string, (report: Record<string, unknown>) => void>();
  const reported = (name: string) =>
    new Promise<Record<string, unknown>>((resolve) => reports.set(name, resolve));
  const opened = Promise.race([
    reported('url'),
    reported('failed').then(({ failed }) => Promise.reject(new Error(String(failed)))),
    ended.then(() => Promise.reject(new Error(`the gateway's process ended: ${output}`))),
  ]);
  opened.catch(() => undefined);
  const stopped = reported('stopped');

  createInterface({ input: child.stdout }).on('line', (line) => {
    const name = [...reports.keys()].find((known) => line.startsWith(`{"${known}":`));
    if (name !== undefined) reports.get(name)?.(JSON.parse(line));
    else if (line !== '{"loaded":true}') output += `${line}\n`;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  // A killed process no longer reads.
  child.stdin.on('error', () => undefined);

  async function tell(answer: string, line: string): Promise<Record<string, unknown>> {
    const told = reported(answer);
    child.stdin.write(`${line}\n`);
    const report = await Promise.race([told, ended]);
    if (!(answer in report)) throw new Error(`the gateway's process ended: ${output}`);
    return report as Record<string, unknown>;
  }

  async function kill(): Promise<void> {
    child.kill('SIGKILL');
    await ended;
  }

  if (!keep) onTestFinished(kill);
  return {
    process: child,
    kill,
    async open(options) {
      child.stdin.write(`${JSON.stringify(options)}\n`);
      const { url, adminToken, key } = await opened;
      return {
        process: child,
        url: String(url),
        adminToken: String(adminToken),
        key: key as string | null,
        output: () => output,
        look: async () => (await tell('level', '"look"')).level as Level,
        async setClock(shift) {
          await tell('clock', `{"clock":${shift}}`);
        },
        kill,
        async stop() {
          child.stdin.write('"stop"\n');
          await Promise.race([stopped, ended]);
          await ended;
        },
      };
    },
  };
}
