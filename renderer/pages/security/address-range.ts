/**
 * A quick look at what is typed; the gateway's own check has the last word. An address, or a range in CIDR
 * notation (RFC 4632, RFC 4291).
 */
export interface AddressRange {
  /** How many addresses it is, in words. */
  size: string;
  /** Whether this computer is among them. */
  hasThisComputer: boolean;
}

const IPV6 = /^(?=.*:.*:)[0-9a-f:]{2,39}(?::\d{1,3}(?:\.\d{1,3}){3})?$/i;

/** @returns undefined for what is neither an address nor a range */
export function readRange(text: string): AddressRange | undefined {
  const [head = '', length, ...rest] = text.trim().split('/');
  if (rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const four = ipv4Number(head);
  if (four === undefined && !IPV6.test(head)) return undefined;
  const bits = four === undefined ? 128 : 32;
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits) return undefined;
  return {
    size: sizeWords(bits - prefix),
    hasThisComputer: four === undefined ? isIpv6Loopback(head, prefix) : overlaps(four, prefix),
  };
}

function ipv4Number(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0);
}

/** Whether 127.0.0.0/8 and the range have an address in common. */
function overlaps(address: number, prefix: number): boolean {
  const shared = 2 ** (32 - Math.min(prefix, 8));
  return Math.floor(address / shared) === Math.floor((127 * 2 ** 24) / shared);
}

function isIpv6Loopback(head: string, prefix: number): boolean {
  return prefix === 0 || head === '::1' || (head === '::' && prefix < 128);
}

function sizeWords(hostBits: number): string {
  if (hostBits === 0) return 'one address';
  if (hostBits <= 24) return `${(2 ** hostBits).toLocaleString('en-US')} addresses`;
  return `2^${hostBits} addresses`;
}
