import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isSameRange,
  networkOf,
  normalAddress,
  parseRange,
  rangeList,
} from '../../gateway/accounts/addresses.ts';

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
    ['::/0', '2001:db8::1', true],
    ['::/0', '127.0.0.1', false],
    ['::/0', '::ffff:127.0.0.1', false],
    ['::ffff:0:0/96', '10.1.2.3', true],
    ['::ffff:a00:0/104', '10.1.2.3', true],
    ['0:0:0:0:0:ffff:10.1.2.3', '10.1.2.3', true],
    ['fe80::1%eth0/64', 'fe80::2', true],
    ['::ffff:10.1.2.3%eth0', '10.1.2.3', true],
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

/** A number as an IPv6 address, written out or with every letter large. */
function ipv6Forms(value: bigint): string[] {
  const groups = Array.from({ length: 8 }, (_, at) => Number((value >> BigInt(112 - 16 * at)) & 0xffffn));
  const full = groups.map((group) => group.toString(16).padStart(4, '0')).join(':');
  const bare = groups.map((group) => group.toString(16)).join(':');
  const dotted = `${groups
    .slice(0, 6)
    .map((group) => group.toString(16))
    .join(':')}:${groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 255])
    .join('.')}`;
  return [
    full,
    full.toUpperCase(),
    bare,
    dotted,
    `${bare}%eth0`,
    new URL(`http://[${bare}]`).hostname.slice(1, -1),
  ];
}

const ANY_IPV6 = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
  fc.bigInt({ min: 0n, max: (1n << 33n) - 1n }),
  fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }).map((low) => (0xffffn << 32n) + low),
);

describe('an IPv6 address', () => {
  it('is the same in all its spellings, mapped ones included', () => {
    fc.assert(
      fc.property(ANY_IPV6, fc.nat(5), fc.nat(5), (value, one, other) => {
        const forms = ipv6Forms(value);
        const [a, b] = [forms[one] as string, forms[other] as string];
        expect(normalAddress(a)).toBe(normalAddress(b));
        expect(normalAddress(normalAddress(a))).toBe(normalAddress(a));
        expect(rangeList([a]).has(b)).toBe(true);
        expect(isSameRange(a, b)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is in a range exactly where it shares the prefix and the family', () => {
    const mapped = (value: bigint) => value >> 32n === 0xffffn;
    fc.assert(
      fc.property(ANY_IPV6, ANY_IPV6, fc.integer({ min: 0, max: 128 }), fc.nat(5), (a, b, length, form) => {
        // A mapped range shorter than 96 bits is none; of its own, an IPv4 address is in no IPv6 range.
        fc.pre(!mapped(a) || length >= 96);
        const shift = BigInt(128 - length);
        const inside = a >> shift === b >> shift && mapped(a) === mapped(b);
        const range = `${(ipv6Forms(a)[form] as string).replace('%eth0', '')}/${length}`;
        for (const spelled of ipv6Forms(b)) expect(rangeList([range]).has(spelled), range).toBe(inside);
      }),
      { numRuns: 300 },
    );
  });
});

it('two ways to write a range are one range', () => {
  expect(isSameRange('10.1.2.3/8', '10.0.0.0/8')).toBe(true);
  expect(isSameRange('10.0.0.0/8', '::ffff:10.0.0.0/104')).toBe(true);
  expect(isSameRange('10.0.0.1', '10.0.0.1/32')).toBe(true);
  expect(isSameRange('10.0.0.0/8', '10.0.0.0/9')).toBe(false);
  expect(isSameRange('::/0', '0.0.0.0/0')).toBe(false);
  expect(isSameRange('junk', 'junk')).toBe(true);
  expect(isSameRange('junk', '10.0.0.1')).toBe(false);
});

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::7', '2001:db8::/64'],
  ['::1', '::/64'],
  ['2001:db8:1::', '2001:db8:1::/64'],
  ['in-process', 'in-process'],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

it('an address is in its network', () => {
  fc.assert(
    fc.property(ANY_IPV6, (value) => {
      const address = normalAddress(ipv6Forms(value)[0] as string);
      expect(rangeList([networkOf(address)]).has(address)).toBe(true);
    }),
  );
});

describe('the normal form of an address', () => {
  it.each([
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::FFFF:127.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['fe80::1%lo0', 'fe80::1'],
    ['::ffff:7f00:1', '127.0.0.1'],
    ['0:0:0:0:0:FFFF:7F00:0001', '127.0.0.1'],
    ['2001:DB8:0:0::0:1', '2001:db8::1'],
    ['::127.0.0.1', '::127.0.0.1'],
    ['nonsense:here', 'nonsense:here'],
    ['in-process', 'in-process'],
  ])('of %s is %s', (address, normal) => {
    expect(normalAddress(address)).toBe(normal);
  });
});
