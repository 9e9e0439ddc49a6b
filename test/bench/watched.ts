/**
 * `npm run bench:watched`: what it costs the gateway that somebody looks at the panel. The same gateway is loaded in
 * interleaved rounds, with and without a panel that listens to live events and reads the sums again as the home
 * page and the audit page do.
 */
import { rmSync } from 'node:fs';
import { medians, type Round, round, start } from './sides.ts';

const ROUNDS = 9;

const provider = await start('raw-provider');
const gateway = await start('gateway-process', `http://127.0.0.1:${provider.port}`);
console.log(
  `${ROUNDS} interleaved rounds of 2 s each; medians of requests a second and of CPU ms a request\n`,
);
try {
  for (const [label, connections, kind] of [
    ['JSON, 1 client', 1, 'json'],
    ['JSON, 16 clients', 16, 'json'],
    ['JSON, 64 clients', 64, 'json'],
    ['stream, 16 clients', 16, 'stream'],
  ] as const) {
    const alone: Round[] = [];
    const watched: Round[] = [];
    for (let index = 0; index < ROUNDS; index += 1) {
      alone.push(await round(gateway, connections, kind));
      const panel = await start('panel-client', gateway.dataDir ?? '');
      watched.push(await round(gateway, connections, kind));
      panel.process.kill();
    }
    const [a, b] = [medians(alone), medians(watched)];
    const rate = `${a.rate.toFixed(0)} / ${b.rate.toFixed(0)} = ${(b.rate / a.rate).toFixed(3)}`;
    const cpu = `${a.cpu.toFixed(3)} / ${b.cpu.toFixed(3)} = ${(b.cpu / a.cpu).toFixed(3)}`;
    console.log(`${label.padEnd(20)} req/s alone / watched ${rate.padEnd(24)} CPU ms ${cpu}`);
  }
} finally {
  for (const side of [gateway, provider]) side.process.kill();
  if (gateway.dataDir !== undefined) rmSync(gateway.dataDir, { recursive: true, force: true });
}
