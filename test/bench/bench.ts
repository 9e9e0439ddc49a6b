/**
 * `npm run bench`: the gateway with every function on beside a bare Node proxy, against one raw provider, in
 * interleaved rounds of one run. Prints medians and ratios; only the ratios mean anything on another machine.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
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

async function round(
  side: Side,
  connections: number,
  stream: boolean,
): Promise<{ rate: number; p50: number; p99: number }> {
  const result = await autocannon({
    url: `http://127.0.0.1:${side.port}/v1/chat/completions`,
    connections,
    duration: ROUND_SECONDS,
    method: 'POST',
    headers: { authorization: `Bearer ${side.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', stream, messages: [{ role: 'user', content: 'x'.repeat(900) }] }),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${side.name}: ${result.non2xx} bad answers, ${result.errors} errors`);
  return { rate: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
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
console.log('case               bare req/s   gateway req/s   ratio   bare p99   gateway p99');
try {
  for (const [label, connections, stream] of [
    ['JSON, 1 client', 1, false],
    ['JSON, 16 clients', 16, false],
    ['JSON, 64 clients', 64, false],
    ['stream, 16 clients', 16, true],
    ['stream, 64 clients', 64, true],
  ] as const) {
    const results = {
      bare: [] as Awaited<ReturnType<typeof round>>[],
      gateway: [] as Awaited<ReturnType<typeof round>>[],
    };
    for (let index = 0; index < ROUNDS; index++) {
      results.bare.push(await round(bare, connections, stream));
      results.gateway.push(await round(gateway, connections, stream));
    }
    const [a, b] = [results.bare, results.gateway].map((list) => ({
      rate: median(list.map(({ rate }) => rate)),
      p99: median(list.map(({ p99 }) => p99)),
    })) as [{ rate: number; p99: number }, { rate: number; p99: number }];
    const cells = [
      a.rate.toFixed(0),
      b.rate.toFixed(0),
      (b.rate / a.rate).toFixed(2),
      `${a.p99} ms`,
      `${b.p99} ms`,
    ];
    console.log(
      label.padEnd(19) + [10, 15, 7, 10, 13].map((width, i) => (cells[i] ?? '').padStart(width)).join(' '),
    );
  }
} finally {
  for (const side of [gateway, bare, provider]) side.process.kill();
  if (gateway.dataDir !== undefined) rmSync(gateway.dataDir, { recursive: true, force: true });
}
