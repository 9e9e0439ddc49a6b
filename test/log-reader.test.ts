import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { logFiles, readLog } from '../gateway/log-reader.ts';
import { tempDir } from './store/support.ts';

const line = (number: number, level = 30, more: object = {}) =>
  `${JSON.stringify({ level, time: 1_000 + number, ...more, msg: `line ${number}` })}\n`;

function logFolder(files: Record<string, string>): string {
  const dataDir = tempDir();
  mkdirSync(join(dataDir, 'logs'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dataDir, 'logs', name), text);
  return dataDir;
}

const numbers = async (dataDir: string, query = { from: 0, limit: 1_000 }) =>
  (await readLog(await logFiles(dataDir), query)).map(({ message }) => message.replace('line ', ''));

describe('the log read from its end', () => {
  it('has the latest line first, over all files, the highest number being the newest', async () => {
    const dataDir = logFolder({
      'ntl.9.log': line(1) + line(2),
      'ntl.10.log': line(3) + line(4),
      'other.log': line(5),
    });
    expect(await numbers(dataDir)).toEqual(['4', '3', '2', '1']);
    expect(await numbers(dataDir, { from: 0, limit: 3 })).toEqual(['4', '3', '2']);
    expect((await logFiles(dataDir))[0]).toBe(join(dataDir, 'logs', 'ntl.10.log'));
  });

  it('has only what is grave enough', async () => {
    const dataDir = logFolder({ 'ntl.1.log': line(1, 50) + line(2, 30) + line(3, 40) + line(4, 20) });
    expect(await numbers(dataDir, { from: 40, limit: 9 })).toEqual(['3', '1']);
  });

  it('keeps what else stands on a line', async () => {
    const dataDir = logFolder({ 'ntl.1.log': line(1, 50, { kind: 'restored', err: { type: 'Error' } }) });
    expect(await readLog(await logFiles(dataDir), { from: 0, limit: 1 })).toEqual([
      { at: 1_001, level: 50, message: 'line 1', fields: { kind: 'restored', err: { type: 'Error' } } },
    ]);
  });

  it('passes over lines that are not whole', async () => {
    const dataDir = logFolder({ 'ntl.1.log': `${line(1)}{"level":50,"time\n\nnull\n5\n${line(2)}` });
    appendFileSync(join(dataDir, 'logs', 'ntl.1.log'), '{"level":30,"ti');
    expect(await numbers(dataDir)).toEqual(['2', '1']);
  });

  it('is the same whatever lies across the borders of what is read at a time', async () => {
    const texts = Array.from({ length: 3_000 }, (_, at) => line(at, 30, { pad: 'ü'.repeat(at % 97) }));
    texts.push(line(3_000, 30, { pad: 'ü'.repeat(150_000) }));
    const dataDir = logFolder({ 'ntl.1.log': texts.join('') });
    const wanted = Array.from({ length: 3_001 }, (_, at) => String(3_000 - at));
    expect(await numbers(dataDir, { from: 0, limit: 5_000 })).toEqual(wanted);
  });

  it('is empty where there is none', async () => {
    expect(await numbers(tempDir())).toEqual([]);
    expect(await numbers(logFolder({ 'ntl.1.log': '' }))).toEqual([]);
    expect(await readLog(['/nowhere/ntl.1.log'], { from: 0, limit: 1 })).toEqual([]);
  });
});
