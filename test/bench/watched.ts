/**
 * `npm run bench:watched`: what it costs the gateway that somebody looks at the panel. The same gateway is loaded in
 * pairs of short rounds, one with and one without a panel that listens to live events and reads the sums again as
 * the home page and the audit page do. One round tells little on a busy machine; the mean of many pairs does, and
 * its standard error says how much.
 */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Round, round, start } from './sides.ts';

const PAIRS = 60;
const ROUND_SECONDS = 1;

const provider = await start('raw-provider');
const gateway = await start('gateway-process', `http://127.0.0.1:${provider.port}`);
const panel = await start('panel-client', gateway.dataDir ?? '');
const told = createInterface(panel.process.stdout as NodeJS.ReadableStream);

async function say(word: 'open' | 'close'): Promise<void> {
  panel.process.stdin?.write(`${word}\n`);
  await once(told, 'line');
}

async function watchedRound(connections: number, kind: 'json' | 'stream'): Promise<Round> {
  await say('open');
  const result = await round(gateway, connections, kind, ROUND_SECONDS);
  await say('close');
  return result;
}

/** Mean of the pairs' ratios, on the scale where twice and half weigh the same, and its standard error. */
function ratio(pairs: readonly [alone: number, watched: number][]): string {
  const logs = pairs.map(([alone, watched]) => Math.log(watched / alone));
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (logs.length - 1);
  return `${Math.exp(mean).toFixed(3)} ± ${Math.sqrt(variance / logs.length).toFixed(3)}`;
}

console.log(`watched / alone over ${PAIRS} pairs of ${ROUND_SECONDS} s rounds: mean ± standard error\n`);
try {
  for (const [label, connections, kind] of [
    ['JSON, 1 client', 1, 'json'],
    ['JSON, 16 clients', 16, 'json'],
    ['JSON, 64 clients', 64, 'json'],
    ['stream, 16 clients', 16, 'stream'],
  ] as const) {
    const pairs: [alone: Round, watched: Round][] = [];
    for (let index = 0; index < PAIRS; index += 1) {
      // Who goes first takes turns: a machine that warms up or slows down favours neither.
      const before = index % 2 === 0 ? await watchedRound(connections, kind) : null;
      const alone = await round(gateway, connections, kind, ROUND_SECONDS);
      pairs.push([alone, before ?? (await watchedRound(connections, kind))]);
    }
    const rate = ratio(pairs.map(([a, b]) => [a.rate, b.rate]));
    const cpu = ratio(pairs.map(([a, b]) => [a.cpu, b.cpu]));
    console.log(`${label.padEnd(20)} requests/s ${rate}   CPU a request ${cpu}`);
  }
} finally {
  for (const side of [panel, gateway, provider]) side.process.kill();
  if (gateway.dataDir !== undefined) rmSync(gateway.dataDir, { recursive: true, force: true });
}
