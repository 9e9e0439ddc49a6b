import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';

const ROUND_SECONDS = 2;

/** One of what is compared, as a process of its own. */
export interface Side {
  name: string;
  process: ChildProcess;
  port: number;
  key: string;
  dataDir?: string;
}

/** Runs a script of this folder, which prints where it listens. */
export async function start(name: string, ...args: string[]): Promise<Side> {
  const script = join(import.meta.dirname, `${name}.ts`);
  const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];
  const child = spawn(process.execPath, [...flags, script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { name, process: child, key: 'sk', ...JSON.parse(line) };
}

export interface Round {
  /** Requests a second. */
  rate: number;
  p99: number;
  /** CPU time of the proxy for one request, in milliseconds. */
  cpu: number;
}

/** What the provider is asked for: an answer in one piece, a stream in one, or a stream event by event. */
export type Kind = 'json' | 'stream' | 'paced';

export async function round(
  side: Side,
  connections: number,
  kind: Kind,
  seconds = ROUND_SECONDS,
): Promise<Round> {
  const cpuBefore = cpuTime(side.process);
  const result = await autocannon({
    url: `http://127.0.0.1:${side.port}/v1/chat/completions`,
    connections,
    duration: seconds,
    method: 'POST',
    headers: { authorization: `Bearer ${side.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'm',
      stream: kind !== 'json',
      paced: kind === 'paced',
      messages: [{ role: 'user', content: 'x'.repeat(900) }],
    }),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${side.name}: ${result.non2xx} bad answers, ${result.errors} errors`);
  const cpu = (cpuTime(side.process) - cpuBefore) / result.requests.total;
  return { rate: result.requests.average, p99: result.latency.p99, cpu };
}

/** The middle of each figure of many rounds. */
export function medians(rounds: readonly Round[]): Round {
  return {
    rate: median(rounds.map(({ rate }) => rate)),
    p99: median(rounds.map(({ p99 }) => p99)),
    cpu: median(rounds.map(({ cpu }) => cpu)),
  };
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Linux counts in ticks of 10 ms whatever its clock: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICK_MS = 10;

/** CPU time a process has used, in milliseconds; NaN where the system does not tell it that way. */
function cpuTime({ pid }: ChildProcess): number {
  if (process.platform !== 'linux') return Number.NaN;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Behind the name in brackets, which may hold blanks: utime is field 14, stime 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
