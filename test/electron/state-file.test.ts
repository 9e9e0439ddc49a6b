import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { stateFile } from '../../electron/state-file.ts';
import { dataFolder } from './start-app.ts';

const Schema = z.object({ on: z.boolean().default(true) });

test('keeps a state in a file of its owner alone, and leaves nothing else beside it', async () => {
  const folder = join(await dataFolder(), 'desktop');
  const file = stateFile(join(folder, 'state.json'), Schema);
  expect(file.read()).toEqual({ on: true });
  file.write({ on: false });
  expect(file.read()).toEqual({ on: false });
  expect(readdirSync(folder)).toEqual(['state.json']);
  if (process.platform !== 'win32') expect(statSync(join(folder, 'state.json')).mode & 0o777).toBe(0o600);
});

test.each(['', '{"on":', '{"on":"perhaps"}', '[]'])('a file that holds %j counts as none', async (text) => {
  const path = join(await dataFolder(), 'state.json');
  writeFileSync(path, text);
  expect(stateFile(path, Schema).read()).toEqual({ on: true });
});

test('where it cannot be written the app goes on', async () => {
  const path = join(await dataFolder(), 'file');
  writeFileSync(path, 'a file, not a folder');
  const file = stateFile(join(path, 'state.json'), Schema);
  file.write({ on: false });
  expect(file.read()).toEqual({ on: true });
  expect(readFileSync(path, 'utf8')).toBe('a file, not a folder');
});
