import { BlockList, isIP, isIPv4 } from 'node:net';

/** An IPv4 address that came in over an IPv6 socket (`::ffff:10.0.0.1`) in its own form. */
export function normalAddress(address: string): string {
  const bare = address.includes('%') ? address.replace(/%.*$/, '') : address;
  if (!bare.startsWith('::')) return bare;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  return mapped !== undefined && isIPv4(mapped) ? mapped : bare;
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
  const given = length === undefined ? (isIP(head) === version ? bits : 128) : Number(length);
  const prefix = isIP(head) === version ? given : given - 96;
  if (prefix < 0 || prefix > bits) return undefined;
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** Ranges to look addresses up in. Texts that are no range are left out: they were refused when they came in. */
export function rangeList(texts: Iterable<string>): { has(address: string): boolean } {
  const list = new BlockList();
  for (const text of texts) {
    const range = parseRange(text);
    if (range !== undefined) list.addSubnet(range.address, range.prefix, range.family);
  }
  return {
    has(address) {
      const normal = normalAddress(address);
      const version = isIP(normal);
      return version !== 0 && list.check(normal, version === 4 ? 'ipv4' : 'ipv6');
    },
  };
}

const LOOPBACK = rangeList(['127.0.0.0/8', '::1']);

/** Whether the address is this machine's own. */
export function isLoopbackAddress(address: string): boolean {
  return LOOPBACK.has(address);
}
