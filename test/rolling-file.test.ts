import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRollingFile } from '../gateway/rolling-file.ts';
import { until } from './support/until.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ntl-log-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const open = () =>
  openRollingFile({ dir, name: 'ntl', fileBytes: 1_000, olderFiles: 2, maxWaitingBytes: 100_000 });

const files = () => readdirSync(dir).sort();

function ended(stream: Awaited<ReturnType<typeof open>>): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve);
    stream.end();
  });
}

/** Lines of 100 bytes with numbers of their own, each written before the next. */
async function write(stream: Awaited<ReturnType<typeof open>>, from: number, to: number): Promise<void> {
  for (let line = from; line < to; line += 1) {
    const drained = new Promise((resolve) => stream.once('drain', resolve));
    stream.write(`${String(line).padStart(99, '.')}\n`);
    await drained;
  }
}

it('goes on in the next file when one is full, loses no line, and keeps the latest', async () => {
  const stream = await open();
  await write(stream, 0, 45);
  await ended(stream);
  await until('old files to go', () => files().join() === 'ntl.3.log,ntl.4.log,ntl.5.log');
  const lines = files().flatMap((name) => readFileSync(join(dir, name), 'utf8').trim().split('\n'));
  expect(lines.map((line) => Number(line.replaceAll('.', '')))).toEqual(
    Array.from({ length: 25 }, (_, index) => 20 + index),
  );
  expect(statSync(join(dir, 'ntl.5.log')).mode & 0o777).toBe(0o600);
});

it('goes on in the file it wrote before, and counts what stands in it', async () => {
  writeFileSync(join(dir, 'ntl.7.log'), 'x'.repeat(950));
  writeFileSync(join(dir, 'ntl.other.log'), 'not ours');
  const stream = await open();
  await write(stream, 0, 2);
  await ended(stream);
  await until('the next file', () => files().join() === 'ntl.7.log,ntl.8.log,ntl.other.log');
  expect(readFileSync(join(dir, 'ntl.7.log'), 'utf8')).toHaveLength(1_050);
});

it('says why it cannot be opened', async () => {
  writeFileSync(join(dir, 'a file'), '');
  const inside = { dir: join(dir, 'a file'), name: 'ntl', fileBytes: 1, olderFiles: 1, maxWaitingBytes: 1 };
  await expect(openRollingFile(inside)).rejects.toThrow();
});
