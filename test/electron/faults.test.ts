import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { until } from '../support/until.ts';
import { standInTest, startStandIn } from './start-app.ts';

standInTest.each([
  ['Quit', false],
  ['Start again', true],
])(
  'an error nobody expected ends the gateway in order; then: %s',
  { timeout: 90_000 },
  async (button, again) => {
    const { desktop, gateway, dataDir } = await startStandIn({ args: ['--hidden'] });
    await gateway();
    const relaunched = join(dataDir, 'relaunched');
    await desktop.evaluate(({ app }, path) => {
      const { writeFileSync } = process.getBuiltinModule('node:fs');
      app.relaunch = () => writeFileSync(path, '');
      setTimeout(() => {
        throw new Error('a secret that must not be shown');
      });
    }, relaunched);
    const box = await until('the box', () => desktop.look(({ record }) => record.boxes[0]?.options ?? null));
    expect(box.message).toContain('unexpected error');
    expect(JSON.stringify(box)).not.toContain('secret');
    expect(readRuntimeFile(dataDir)).toBeNull();
    // The app may be gone before it has answered.
    await desktop.look(({ record }, label) => record.boxes[0]?.answer(label), button).catch(() => undefined);
    expect(await desktop.exited).toBe(1);
    expect(existsSync(relaunched)).toBe(again);
  },
);
