/**
 * `npm run soak -- [minutes]`: an hour of mixed work unless told: short answers, streams, clients that hang up,
 * models nobody has, and somebody who looks at the panel. Memory, as the system sees
 * it and as is live once garbage is collected, and file handles must be flat from the second third on.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import { makeDatabase } from './growth/database.ts';
import { load } from './growth/figures.ts';
import { WatchedGateway } from './growth/gateway.ts';
import { mixedProvider } from './growth/mixed-provider.ts';
import { MODELS } from './growth/people.ts';

const CLIENTS = 8;
const SAMPLE_MS = 1_000;
/** Clients wait a little between requests: what is measured is time, not load. */
const THINK_MS = 20;

const minutes = Number(process.argv[2] ?? 60);
const dataDir = mkdtempSync(join(tmpdir(), 'ntl-soak-'));
const provider = await mixedProvider();
const size = { rows: 5_000, days: 3, members: 20, keys: 50 };
const made = await makeDatabase(dataDir, size, provider.origin, () => undefined);
const gateway = await WatchedGateway.start(dataDir);
// Else the plan would refuse the seventh thousand of a minute.
const limit = {
  scope: 'plan',
  subjectId: 'enterprise',
  metric: 'requests',
  windowSeconds: 60,
  amount: 1_000_000,
};
await gateway.admin('/limits', 'PUT', limit);
const stopped = new AbortController();
const counts = { answered: 0, streamed: 0, hungUp: 0, refused: 0, looks: 0, failed: 0 };

const HEADERS = { 'content-type': 'application/json' };
const body = (stream: boolean) =>
  JSON.stringify({ model: MODELS[0], stream, messages: [{ role: 'user', content: 'x'.repeat(500) }] });

async function chat(key: string, stream: boolean, signal?: AbortSignal): Promise<number> {
  const { statusCode, body: answer } = await request(`${gateway.url}/v1/chat/completions`, {
    ...{ method: 'POST', dispatcher: gateway.agent, headers: { ...HEADERS, authorization: `Bearer ${key}` } },
    ...{ body: body(stream), signal: signal ?? null },
  });
  await answer.text();
  return statusCode;
}

async function oneOfMany(turn: number): Promise<void> {
  if (turn % 20 === 0) {
    const hangUp = new AbortController();
    setTimeout(() => hangUp.abort(), 5);
    await chat(made.plaintext, true, hangUp.signal).catch(() => undefined);
    counts.hungUp += 1;
  } else if (turn % 50 === 1) {
    counts.refused += Number((await askNobody()) === 400);
  } else {
    const stream = turn % 3 === 0;
    const isGood = (await chat(made.plaintext, stream)) === 200;
    counts[isGood ? (stream ? 'streamed' : 'answered') : 'failed'] += 1;
  }
}

async function askNobody(): Promise<number> {
  const { statusCode, body: answer } = await request(`${gateway.url}/v1/chat/completions`, {
    ...{
      method: 'POST',
      dispatcher: gateway.agent,
      headers: { ...HEADERS, authorization: `Bearer ${made.plaintext}` },
    },
    body: JSON.stringify({ model: 'nobody', messages: [] }),
  });
  await answer.text();
  return statusCode;
}

async function client(first: number): Promise<void> {
  for (let turn = first; !stopped.signal.aborted; turn += CLIENTS) {
    await oneOfMany(turn).catch(() => {
      counts.failed += 1;
    });
    await pause(THINK_MS);
  }
}

async function panel(): Promise<void> {
  while (!stopped.signal.aborted) {
    for (const path of [
      '/overview',
      '/requests?pageSize=100',
      '/usage?groupBy=model',
      '/status',
      '/usage/providers',
    ])
      await gateway.admin(path);
    counts.looks += 1;
    await pause(5_000, undefined, { signal: stopped.signal }).catch(() => undefined);
  }
}

const samples: { rss: number; handles: number }[] = [];
const live: number[] = [];
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

try {
  const work = [...Array.from({ length: CLIENTS }, (_, index) => client(index)), panel()];
  const end = Date.now() + minutes * 60_000;
  while (Date.now() < end) {
    await pause(SAMPLE_MS);
    samples.push({ rss: gateway.rss(), handles: gateway.handles() });
    if (samples.length % 15 === 0) live.push((await gateway.liveBytes()) / 2 ** 20);
    if (samples.length % 30 === 0) {
      const { rss, handles } = samples.at(-1) as (typeof samples)[number];
      console.log(
        `${samples.length} s: ${(rss / 2 ** 20).toFixed(0)} MB, of which live ${live.at(-1)?.toFixed(1)} MB, ${handles} handles, ${JSON.stringify(counts)} ${load()}`,
      );
    }
  }
  stopped.abort();
  await Promise.all(work);
  const third = Math.floor(samples.length / 3);
  const [second, last] = [samples.slice(third, 2 * third), samples.slice(2 * third)];
  const rss = [second, last].map((part) => mean(part.map((sample) => sample.rss)) / 2 ** 20);
  const handles = [second, last].map((part) => mean(part.map((sample) => sample.handles)));
  const [rssBefore = 0, rssAfter = 0] = rss;
  const [handlesBefore = 0, handlesAfter = 0] = handles;
  const lived = live.slice(Math.floor(live.length / 3));
  const half = Math.floor(lived.length / 2);
  const [liveBefore, liveAfter] = [mean(lived.slice(0, half)), mean(lived.slice(half))];
  const isFlat =
    rssAfter < rssBefore * 1.1 &&
    liveAfter < liveBefore * 1.05 &&
    handlesAfter < handlesBefore + 3 &&
    counts.failed === 0;
  console.log(
    `${isFlat ? 'flat' : 'NOT FLAT'} over ${minutes} minutes: memory ${rssBefore.toFixed(1)} → ${rssAfter.toFixed(1)} MB, live ${liveBefore.toFixed(1)} → ${liveAfter.toFixed(1)} MB, ` +
      `handles ${handlesBefore.toFixed(1)} → ${handlesAfter.toFixed(1)}, ${JSON.stringify(counts)} (${load()})`,
  );
  if (!isFlat) process.exitCode = 1;
} finally {
  stopped.abort();
  await gateway.stop();
  provider.close();
  rmSync(dataDir, { recursive: true, force: true });
}
