import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { oneCommand, sourceFolder } from '../../gateway/connect/ntl-here.ts';
import type { Place } from '../../gateway/connect/recipe.ts';
import { defaultDataDir } from '../../gateway/data-dir.ts';
import { tempDir } from '../store/support.ts';

const root = join(import.meta.dirname, '../..');
const place: Place = {
  ...{ origin: 'http://127.0.0.1:7411', system: 'linux', model: 'one', smallModel: 'one' },
  ...{ contextWindow: 1, maxOutputTokens: 1, images: false, offered: [] },
};

it('finds the source that this program was started from, and none around an app without it', () => {
  expect(sourceFolder()).toBe(root);
  expect(sourceFolder(join(root, 'dist/electron'))).toBe(root);
  expect(sourceFolder(tempDir())).toBeNull();
});

describe('the command', () => {
  it('names the source and the data folder where they are not the usual ones', () => {
    const usual = { source: null, dataDir: defaultDataDir({}) };
    expect(oneCommand(usual, place, 'codex', 'tool')).toMatchObject({
      blocks: [
        { text: 'npm run -s ntl -- connect codex --model one', language: 'shell' },
        { text: 'npm run -s ntl -- run codex --model one' },
      ],
      note: expect.stringContaining('The installed app brings no ntl'),
    });
    const other = { source: '/opt/a b', dataDir: "/data/it's" };
    const wanted = { ...place, model: 'a$b', smallModel: 'small' };
    const [connect, run] = oneCommand(other, wanted, 'openai-sdk', 'program').blocks;
    const words = "--model 'a$b' --small-model small --data-dir '/data/it'\\''s'";
    expect(connect?.text).toBe(`npm --prefix '/opt/a b' run -s ntl -- connect openai-sdk ${words}`);
    expect(run?.text).toBe(`npm --prefix '/opt/a b' run -s ntl -- run openai-sdk ${words} -- python app.py`);
    expect(oneCommand(other, wanted, 'cursor', null).blocks).toHaveLength(1);
  });

  it.skipIf(process.platform === 'win32')('works from another folder', () => {
    const dataDir = tempDir();
    const [connect] = oneCommand({ source: root, dataDir }, place, 'codex', null).blocks;
    const told = () => execFileSync('sh', ['-c', connect?.text ?? ''], { cwd: tempDir(), stdio: 'pipe' });
    expect(told).toThrow(`The gateway is not running on ${dataDir}`);
  });
});
