import { expect, test } from 'vitest';
import { readStartFlags } from '../../electron/start-flags.ts';

test.each([
  [[], { hidden: false, dataDir: undefined }],
  [['--hidden'], { hidden: true, dataDir: undefined }],
  [['/the/app', '--hidden', '--data-dir=/a folder'], { hidden: true, dataDir: '/a folder' }],
  [
    ['--no-sandbox', '--remote-debugging-port=0', '-psn_0_1', '--inspect'],
    { hidden: false, dataDir: undefined },
  ],
])('%j', (args, expected) => {
  expect(readStartFlags(args)).toEqual(expected);
});
