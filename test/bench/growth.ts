/**
 * `npm run bench:growth -- [rows] [folder] [steps]`: what a gateway with years behind it costs, on a database of ten
 * million audit rows unless told. With a folder the made database is kept there and taken again. Steps are some of
 * disk,start,admission,queries,slices,streams; all unless told. Linux alone: it reads /proc.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareAdmission } from './growth/admission.ts';
import { copyOf, type Made, makeDatabase } from './growth/database.ts';
import { diskPerRow } from './growth/disk.ts';
import { median, note, table } from './growth/figures.ts';
import { WatchedGateway } from './growth/gateway.ts';
import { measureQueries } from './growth/measure-queries.ts';
import { MODELS } from './growth/people.ts';
import { quickProvider } from './growth/provider.ts';
import { measureRetention, measureRollUp, type Slices } from './growth/slices.ts';
import { measureStarts } from './growth/start.ts';
import { measureStreams } from './growth/streams.ts';

const MB = 2 ** 20;
const STREAMS = 2_000;
const HOLD_MS = 30_000;

const [rows = '10000000', folder, chosen = 'disk,start,admission,queries,slices,streams'] =
  process.argv.slice(2);
const steps = chosen.split(',');
const dataDir = folder ?? mkdtempSync(join(tmpdir(), 'ntl-growth-'));
const emptyDir = mkdtempSync(join(tmpdir(), 'ntl-growth-empty-'));
const provider = await quickProvider();
const size = { rows: Number(rows), days: 400, members: 1_000, keys: 10_000 };
const made = await makeDatabase(dataDir, size, provider.origin, console.log);
const none = { rows: 0, days: 1, members: 1, keys: 1 };
const empty = await makeDatabase(emptyDir, none, provider.origin, () => undefined);
const [model = ''] = MODELS;

function disk(): void {
  const { bytesPerRow, byTable } = diskPerRow(dataDir);
  note('disk a row', 'under 200 bytes', `${bytesPerRow.toFixed(0)} bytes`, bytesPerRow < 200);
  for (const [name, bytes] of byTable)
    if (bytes > 0.05) console.log(`  ${name.padEnd(32)} ${bytes.toFixed(1)}`);
}

async function start(): Promise<void> {
  const sides = [
    { dataDir, key: made.plaintext },
    { dataDir: emptyDir, key: empty.plaintext },
  ];
  const [grown, other] = await measureStarts(sides, model);
  const told = (side = grown) =>
    `${side?.times.map((ms) => ms.toFixed(0)).join(', ')} ms (CPU ${side?.cpu.toFixed(0)} ms)`;
  const result = `${told()}; empty ${told(other)}`;
  note('start to first answer', 'under 1.5 s', result, median(grown?.times ?? []) < 1_500);
}

async function admission(side: { dataDir: string } & Made): Promise<void> {
  const gateway = await WatchedGateway.start(side.dataDir);
  const other = await WatchedGateway.start(emptyDir);
  try {
    const { grown, empty: base } = await compareAdmission(
      { gateway, key: side.plaintext },
      { gateway: other, key: empty.plaintext },
      model,
    );
    const ratio = (name: 'p50' | 'cpu') => grown[name] / base[name];
    const result = `p50 ${grown.p50.toFixed(2)} against ${base.p50.toFixed(2)} ms (${ratio('p50').toFixed(2)}), CPU ${grown.cpu.toFixed(2)} against ${base.cpu.toFixed(2)} ms a request (${ratio('cpu').toFixed(2)})`;
    note('admission, against an empty database', 'within 10 %', result, ratio('cpu') < 1.1);
  } finally {
    await Promise.all([gateway.stop(), other.stop()]);
  }
}

async function queries(): Promise<void> {
  const gateway = await WatchedGateway.start(dataDir);
  await measureQueries(gateway, dataDir, made.plaintext, model, (measured) => {
    const { name, firstMs, ms, shortestMs, busyMs, longestMs, stallMs, bytes } = measured;
    const times = `${ms.toFixed(0)} ms (first ${firstMs.toFixed(0)}, shortest ${shortestMs.toFixed(0)})`;
    const work = `${busyMs.toFixed(0)} ms of work in pieces up to ${longestMs.toFixed(1)} ms`;
    const result = `${times}, ${work}, stall ${stallMs.toFixed(1)} ms, ${(bytes / 1024).toFixed(0)} KB`;
    note(name, 'under 50 ms, pieces under 5 ms', result, shortestMs < 50 && longestMs < 5);
  });
  await gateway.stop();
}

async function slices(): Promise<void> {
  const copy = copyOf(dataDir);
  try {
    noteSlices('roll-up, 50,000 rows', await measureRollUp(copy, 50_000));
    const retention = await measureRetention(copy, 20);
    noteSlices(`retention, ${retention.rows} rows`, retention);
    const { before, after, free } = retention;
    const given = `file ${(before / MB).toFixed(1)} → ${(after / MB).toFixed(1)} MB, ${(free / MB).toFixed(1)} MB of it free`;
    note('space given back', 'all of it', given, free < 2 * MB && after < before);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function noteSlices(
  name: string,
  { count, median: middle, p99, longest, longestCpu, medianCpu, p99Cpu }: Slices,
): void {
  const wall = `${middle.toFixed(1)} ms, p99 ${p99.toFixed(1)}, longest ${longest.toFixed(1)}`;
  const cpu = `${medianCpu.toFixed(1)} ms, p99 ${p99Cpu.toFixed(1)}, longest ${longestCpu.toFixed(1)}`;
  note(name, 'slices under 5 ms', `${count} slices of ${wall}; CPU ${cpu}`, middle < 5);
}

async function streams(): Promise<void> {
  const streamDir = mkdtempSync(join(tmpdir(), 'ntl-growth-streams-'));
  try {
    const found = await measureStreams(streamDir, STREAMS, HOLD_MS);
    const { opened, whole, bytesEach, rssBefore, rssOpen, handlesBefore, handlesOpen, handlesAfter } = found;
    const memory = `${(bytesEach / 1024).toFixed(0)} KB each (${(rssBefore / MB).toFixed(0)} → ${(rssOpen / MB).toFixed(0)} MB)`;
    const handles = `handles ${handlesBefore} → ${handlesOpen} → ${handlesAfter}`;
    const good = opened === STREAMS && whole === STREAMS && bytesEach < MB;
    note(
      `${STREAMS} open streams`,
      'no error, under 1 MB each',
      `${opened} open, ${whole} whole, ${memory}, ${handles}`,
      good,
    );
  } finally {
    rmSync(streamDir, { recursive: true, force: true });
  }
}

try {
  if (steps.includes('disk')) disk();
  if (steps.includes('start')) await start();
  if (steps.includes('admission')) await admission({ dataDir, ...made });
  if (steps.includes('queries')) await queries();
  if (steps.includes('slices')) await slices();
  if (steps.includes('streams')) await streams();
  console.log(`\n${table()}`);
} finally {
  provider.close();
  rmSync(emptyDir, { recursive: true, force: true });
  if (folder === undefined) rmSync(dataDir, { recursive: true, force: true });
}
