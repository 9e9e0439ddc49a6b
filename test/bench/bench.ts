/**
 * `npm run bench`: the gateway with every function on beside a bare Node proxy, against one raw provider, in
 * interleaved rounds of one run. Prints medians and ratios; only the ratios mean anything on another machine.
 * Provider and load generator share the cores, so requests a second depend on them too; CPU time a request is
 * the proxy's own. A ratio of 0.5 says the gateway serves half as many, or takes twice the time.
 */
import { rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { medians, type Round, round, start } from './sides.ts';

const ROUNDS = 5;

const provider = await start('raw-provider');
const origin = `http://127.0.0.1:${provider.port}`;
const bare = await start('bare-proxy', origin);
const gateway = await start('gateway-process', origin);

console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`);
console.log(`${ROUNDS} interleaved rounds of 2 s each; medians\n`);
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
    const [a, b] = [medians(results.bare), medians(results.gateway)];
    const rates = [a.rate.toFixed(0), b.rate.toFixed(0), (b.rate / a.rate).toFixed(2)];
    const cpu = [a.cpu.toFixed(3), b.cpu.toFixed(3), (a.cpu / b.cpu).toFixed(2)];
    console.log(row(label, [...rates, `${a.p99} ms`, `${b.p99} ms`, ...cpu]));
  }
} finally {
  for (const side of [gateway, bare, provider]) side.process.kill();
  if (gateway.dataDir !== undefined) rmSync(gateway.dataDir, { recursive: true, force: true });
}
