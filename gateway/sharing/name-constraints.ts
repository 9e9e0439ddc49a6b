import { BlockList, isIP } from 'node:net';

/** What an authority may sign for (RFC 5280 §4.2.1.10). */
export interface PermittedNames {
  /** Each stands for itself and every name below it. */
  domains: readonly string[];
  /** CIDR notation. */
  ranges: readonly string[];
}

/** OID of the extension. */
export const NAME_CONSTRAINTS = '2.5.29.30';

const CONSTRUCTED = 0x30;
const PERMITTED_SUBTREES = 0xa0;
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

/** The extension's value in DER: permitted subtrees alone. The library has none of it. */
export function nameConstraints({ domains, ranges }: PermittedNames): Buffer {
  const bases = [
    ...domains.map((domain) => der(DNS_NAME, Buffer.from(domain, 'ascii'))),
    ...ranges.map((range) => der(IP_ADDRESS, addressAndMask(range))),
  ];
  const subtrees = bases.map((base) => der(CONSTRUCTED, base));
  return der(CONSTRUCTED, der(PERMITTED_SUBTREES, Buffer.concat(subtrees)));
}

/** Whether the authority may sign for a host name or an address. */
export function isPermitted({ domains, ranges }: PermittedNames, host: string): boolean {
  const version = isIP(host);
  if (version === 0) return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    list.addSubnet(address, Number(prefix), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

function der(tag: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, ...derLength(value.length)]), value]);
}

/** X.690 §8.1.3: up to 127 in one byte, else the count of bytes first. */
function derLength(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
}

/** The address, then its mask, each of 4 or 16 bytes. */
function addressAndMask(range: string): Buffer {
  const [address = '', prefix] = range.split('/');
  const bytes = address.includes(':') ? bytesOf6(address) : address.split('.').map(Number);
  const mask = bytes.map((_, at) => 0xff & ~(0xff >> Math.min(8, Math.max(0, Number(prefix) - at * 8))));
  return Buffer.from([...bytes.map((byte, at) => byte & (mask[at] ?? 0)), ...mask]);
}

function bytesOf6(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [front, back] = [groups(head), groups(tail ?? '')];
  const middle = Array<string>(tail === undefined ? 0 : 8 - front.length - back.length).fill('0');
  return [...front, ...middle, ...back].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
