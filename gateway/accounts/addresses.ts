import { BlockList, isIP, SocketAddress } from 'node:net';

const MAPPED = '::ffff:';

/**
 * An address in the one form in which it is compared and shown: IPv4 that came in over an IPv6 socket in its own
 * form (RFC 4291, 2.5.5.2, in any spelling), IPv6 without a zone and as RFC 5952 writes it. What is no address stays.
 */
export function normalAddress(address: string): string {
  // Most addresses are IPv4 and need no look.
  if (!address.includes(':')) return address;
  const zone = address.indexOf('%');
  const bare = zone === -1 ? address : address.slice(0, zone);
  if (isIP(bare) !== 6) return bare;
  const { address: written } = new SocketAddress({ address: bare, family: 'ipv6' });
  const tail = written.startsWith(MAPPED) ? written.slice(MAPPED.length) : '';
  return isIP(tail) === 4 ? tail : written;
}

interface Range {
  address: string;
  prefix: number;
  family: 'ipv4' | 'ipv6';
}

/** @returns undefined when the text is neither an address nor CIDR notation (RFC 4632, RFC 4291) */
export function parseRange(text: string): Range | undefined {
  const [head = '', length, ...rest] = text.trim().split('/');
  const address = normalAddress(head);
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return undefined;
  const bits = version === 4 ? 32 : 128;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const asWritten = isIP(head.split('%')[0] as string) === version;
  const given = length === undefined ? (asWritten ? bits : 128) : Number(length);
  const prefix = asWritten ? given : given - 96;
  if (prefix < 0 || prefix > bits) return undefined;
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** Whether both texts name the same addresses, however they are written. */
export function isSameRange(one: string, other: string): boolean {
  const [a, b] = [parseRange(one), parseRange(other)];
  if (a === undefined || b === undefined) return one === other;
  return a.prefix === b.prefix && rangeList([one]).has(b.address);
}

/**
 * Ranges to look addresses up in; an IPv4 address is in no IPv6 range, `::/0` included. Texts that are no range are
 * left out: they were refused when they came in.
 */
export function rangeList(texts: Iterable<string>): { has(address: string): boolean } {
  // One list for both would take each IPv4 address for its mapped form.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const text of texts) {
    const range = parseRange(text);
    if (range !== undefined) lists[range.family].addSubnet(range.address, range.prefix, range.family);
  }
  return {
    has(address) {
      const normal = normalAddress(address);
      const version = isIP(normal);
      if (version === 0) return false;
      const family = version === 4 ? 'ipv4' : 'ipv6';
      return lists[family].check(normal, family);
    },
  };
}

/**
 * What whoever has the address has as well: an IPv4 address alone, of IPv6 its whole /64, which is the least that
 * networks give out (RFC 6177).
 * @param address in normal form
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  // What `::` stands for are noughts; the right half is not of interest, however long.
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const whole = [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return `${normalAddress(`${whole.slice(0, 4).join(':')}::`)}/64`;
}

const LOOPBACK = rangeList(['127.0.0.0/8', '::1']);

/** Whether the address is this machine's own. */
export function isLoopbackAddress(address: string): boolean {
  return LOOPBACK.has(address);
}
