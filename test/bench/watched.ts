/**
 * `npm run bench:watched`: what it costs the gateway that somebody looks at the panel. The same gateway is loaded in
 * pairs of short rounds, one with and one without a panel that listens to live events and reads the sums again as
 * the home page and the audit page do. One round tells little on a busy machine; the mean of many pairs does, and
 * its standard error says how much.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Script } from './calls.ts';
import { load, type Target } from './client/load.ts';
import { cpuTime } from './measures/process-usage.ts';
import { startSide } from './measures/starts.ts';
import { targetOf } from './measures/target.ts';
import { freePort } from './sides/free-port.ts';
import { prepareNtl } from './sides/ntl.ts';
import { ownFolder } from './sides/own-folder.ts';
import { Program } from './sides/program.ts';
import { startProvider } from './sides/provider.ts';

const PAIRS = 60;
const ROUND_MS = 1_000;

interface Round {
  /** Answers a second. */
  rate: number;
  /** CPU time of the gateway for one answer, in milliseconds. */
  cpu: number;
}

process.once('SIGINT', () => process.exit(130));
const provider = await startProvider();
const folder = ownFolder();
const ntl = await prepareNtl({ origin: provider.origin, port: await freePort(), folder });
const { program: gateway } = await startSide(ntl);
const panel = Program.start({
  command: process.execPath,
  args: [
    '--disable-warning=ExperimentalWarning',
    join(import.meta.dirname, 'children/panel-client.ts'),
    folder,
  ],
});
const told = createInterface(panel.process.stdout as Readable);
await once(told, 'line');

async function say(word: 'open' | 'close'): Promise<void> {
  panel.process.stdin?.write(`${word}\n`);
  await once(told, 'line');
}

async function round(target: Target, clients: number): Promise<Round> {
  let before = 0;
  const { rate, answers } = await load(target, clients, ROUND_MS, () => {
    before = cpuTime(gateway.pid);
  });
  return { rate, cpu: (cpuTime(gateway.pid) - before) / answers };
}

async function watchedRound(target: Target, clients: number): Promise<Round> {
  await say('open');
  const result = await round(target, clients);
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

async function compare(label: string, clients: number, script: Script): Promise<void> {
  const call = { script, protocol: 'chat', provider: 'chat' } as const;
  const found = await targetOf(provider, ntl, call, 1_024);
  if (found === null) throw new Error('The gateway takes no chat.');
  const pairs: [alone: Round, watched: Round][] = [];
  for (let index = 0; index < PAIRS; index += 1) {
    // Who goes first takes turns: a machine that warms up or slows down favours neither.
    const before = index % 2 === 0 ? await watchedRound(found.target, clients) : null;
    const alone = await round(found.target, clients);
    pairs.push([alone, before ?? (await watchedRound(found.target, clients))]);
  }
  const rate = ratio(pairs.map(([a, b]) => [a.rate, b.rate]));
  const cpu = ratio(pairs.map(([a, b]) => [a.cpu, b.cpu]));
  console.log(`${label.padEnd(20)} requests/s ${rate}   CPU a request ${cpu}`);
}

console.log(`watched / alone over ${PAIRS} pairs of ${ROUND_MS} ms rounds: mean ± standard error\n`);
try {
  await compare('JSON, 1 client', 1, 'json');
  await compare('JSON, 16 clients', 16, 'json');
  await compare('JSON, 64 clients', 64, 'json');
  await compare('stream, 16 clients', 16, 'fast');
} finally {
  await Program.stopAll();
}
