import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalAddress, parseRange, rangeList } from '../../gateway/accounts/addresses.ts';

describe('a list of ranges', () => {
  it.each<[string, string, boolean]>([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.1.2.3/8', '10.9.9.9', true],
    ['192.168.1.7', '192.168.1.7', true],
    ['192.168.1.7', '192.168.1.8', false],
    ['192.168.1.7/32', '192.168.1.7', true],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:DB8::1', '2001:db8:0:0:0:0:0:1', true],
    ['::1', '::1', true],
    ['::1', '127.0.0.1', false],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '::ffff:0a01:0203', true],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '11.1.2.3', false],
    ['::ffff:10.1.2.3', '10.1.2.3', true],
    ['::ffff:10.1.2.3', '10.1.2.4', false],
    ['fe80::1%eth0', 'fe80::1%wlan0', true],
    ['fe80::/10', 'fe80::abcd%en0', true],
    [' 10.0.0.1 ', '10.0.0.1', true],
    ['10.0.0.0/8', 'in-process', false],
    ['10.0.0.0/8', '', false],
  ])('of %s: %s is in it: %s', (range, address, inside) => {
    expect(parseRange(range)).toBeDefined();
    expect(rangeList([range]).has(address)).toBe(inside);
  });

  it.each([
    '',
    ' ',
    'localhost',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.1/',
    '10.0.0.1/33',
    '10.0.0.1/-1',
    '10.0.0.1/8/8',
    '10.0.0.1/a',
    '10.0.0.1/1e1',
    '::1/129',
    '::ffff:10.0.0.1/95',
    '1::2::3',
    '*',
  ])('does not take %j for a range', (text) => {
    expect(parseRange(text)).toBeUndefined();
    expect(rangeList([text]).has('10.0.0.1')).toBe(false);
  });

  it('never throws', () => {
    const junk = fc.oneof(
      fc.string(),
      fc.ipV4Extended(),
      fc.ipV6(),
      fc
        .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: -2, max: 300 }))
        .map(([ip, length]) => `${ip}/${length}`),
      fc.stringMatching(/^[0-9a-f:.%/]{0,40}$/),
    );
    fc.assert(
      fc.property(junk, junk, (range, address) => {
        expect(typeof rangeList([range]).has(address)).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });

  it('holds exactly the addresses that share the prefix', () => {
    const bits = (ip: string) =>
      ip.split('.').reduce((all, part) => all + Number(part).toString(2).padStart(8, '0'), '');
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.nat(32), (a, b, length) => {
        const shares = bits(a).slice(0, length) === bits(b).slice(0, length);
        expect(rangeList([`${a}/${length}`]).has(b)).toBe(shares);
        expect(rangeList([`${a}/${length}`]).has(`::ffff:${b}`)).toBe(shares);
      }),
    );
  });
});

describe('the normal form of an address', () => {
  it.each([
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::FFFF:127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['fe80::1%lo0', 'fe80::1'],
  ])('of %s is %s', (address, normal) => {
    expect(normalAddress(address)).toBe(normal);
  });
});
