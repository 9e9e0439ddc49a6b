import { describe, expect, it } from 'vitest';
import { parseRange } from '../../../gateway/accounts/addresses.ts';
import { readRange } from '../../../renderer/pages/security/address-range.ts';

const GOOD = [
  '192.168.1.203',
  '10.0.0.0/8',
  '0.0.0.0/0',
  '::1',
  '2001:db8::/32',
  '::ffff:10.0.0.1',
  'fe80::1',
];
const BAD = [
  '',
  'nonsense',
  '300.1.1.1',
  '10.0.0.0/33',
  '10.0.0/8',
  '10.0.0.0/8/8',
  '10.0.0.0/',
  '2001:db8::/129',
];

describe('an address that is typed', () => {
  it.each([...GOOD, ...BAD])('“%s” is one where the gateway takes it for one', (text) => {
    expect(readRange(text) !== undefined).toBe(parseRange(text) !== undefined);
  });

  it('tells how many it is', () => {
    const sizes = ['192.168.1.203', '192.168.1.224/28', '10.0.0.0/8', '2001:db8::/32'].map(
      (text) => readRange(text)?.size,
    );
    expect(sizes).toEqual(['one address', '16 addresses', '16,777,216 addresses', '2^96 addresses']);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.0.0.0/8', true],
    ['0.0.0.0/0', true],
    ['64.0.0.0/2', true],
    ['::1', true],
    ['::/0', true],
    ['192.168.0.0/16', false],
    ['128.0.0.0/1', false],
    ['2001:db8::/32', false],
  ])('%s holds this computer: %s', (text, has) => {
    expect(readRange(text)?.hasThisComputer).toBe(has);
  });
});
