/**
 * `npm run bench`: the gateway with every function on beside a bare Node proxy, against one raw provider, in
 * interleaved rounds of one run. Prints medians and ratios; only the ratios mean anything on another machine.
 * Provider and load generator share the cores, so requests a second depend on them too; CPU time a request is
 * the proxy's own. A ratio of 0.5 says the gateway serves half as many, or takes twice the time.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';

const ROUNDS = 5;
const ROUND_SECONDS = 2;

interface Side {
  name: string;
  process: ChildProcess;
  port: number;
  key: string;
  dataDir?: string;
}

async function start(name: string, ...args: string[]): Promise<Side> {
  const script = join(import.meta.dirname, `${name}.ts`);
  const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];
  const child = spawn(process.execPath, [...flags, script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { name, process: child, key: 'sk', ...JSON.parse(line) };
}

interface Round {
  /** Requests a second. */
  rate: number;
  p99: number;
  /** CPU time of the proxy for one request, in milliseconds. */
  cpu: number;
}

/** What the provider is asked for: an answer in one piece, a stream in one, or a stream event by event. */
type Kind = 'json' | 'stream' | 'paced';

async function round(side: Side, connections: number, kind: Kind): Promise<Round> {
  const cpuBefore = cpuTime(side.process);
  const result = await autocannon({
    url: `http://127.0.0.1:${side.port}/v1/chat/completions`,
    connections,
    duration: ROUND_SECONDS,
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

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const provider = await start('raw-provider');
const origin = `http://127.0.0.1:${provider.port}`;
const bare = await start('bare-proxy', origin);
const gateway = await start('gateway-process', origin);

console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`);
console.log(`${ROUNDS} interleaved rounds of ${ROUND_SECONDS} s each; medians\n`);
const HEADINGS = ['bare req/s', 'gateway', 'ratio', 'bare p99', 'gateway', 'bare CPU ms', 'gateway', 'ratio'];
const row = (label: string, cells: readonly string[]) =>
  label.padEnd(19) + cells.map((cell, i) => cell.padStart((HEADINGS[i] as string).length + 2)).join('');
console.log(row('case', HEADINGS));
try {
  for (const [label, connections, kind] of [
    ['JSON, 1 client', 1, 'json'],
    ['JSON, 16 clients', 16, 'json'],
    ['JSON, 64 clients', 64, 'json'],
    ['stream, 16 clients', 16, 'stream'],
    ['stream, 64 clients', 64, 'stream'],
    ['paced, 16 clients', 16, 'paced'],
  ] as const) {
    const results = { bare: [] as Round[], gateway: [] as Round[] };
    for (let index = 0; index < ROUNDS; index++) {
      results.bare.push(await round(bare, connections, kind));
      results.gateway.push(await round(gateway, connections, kind));
    }
    const [a, b] = [results.bare, results.gateway].map((list) => ({
      rate: median(list.map(({ rate }) => rate)),
      p99: median(list.map(({ p99 }) => p99)),
      cpu: median(list.map(({ cpu }) => cpu)),
    })) as [Round, Round];
    const rates = [a.rate.toFixed(0), b.rate.toFixed(0), (b.rate / a.rate).toFixed(2)];
    const cpu = [a.cpu.toFixed(3), b.cpu.toFixed(3), (a.cpu / b.cpu).toFixed(2)];
    console.log(row(label, [...rates, `${a.p99} ms`, `${b.p99} ms`, ...cpu]));
  }
} finally {
  for (const side of [gateway, bare, provider]) side.process.kill();
  if (gateway.dataDir !== undefined) rmSync(gateway.dataDir, { recursive: true, force: true });
}
