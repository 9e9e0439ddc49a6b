import { hostname, type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { rangeList } from '../accounts/addresses.ts';
import { sameForm } from './sharing-settings.ts';

/** What sharing sees of the computer; tests show it another. */
export interface NetworkView {
  interfaces: () => Partial<Record<string, NetworkInterfaceInfo[]>>;
  hostName: () => string;
  /** How often it is looked at, ms. There is no watcher of the system that works everywhere. */
  lookMs: number;
}

export const SYSTEM_NETWORK: NetworkView = {
  interfaces: networkInterfaces,
  hostName: hostname,
  lookMs: 5_000,
};

/** An address of this computer that others can use. */
export interface OwnAddress {
  /** Of the interface, such as `en0`. */
  name: string;
  address: string;
  family: 'IPv4' | 'IPv6';
  /** The address with the length of its network, such as `192.168.1.5/24`. */
  cidr: string;
  /** Of a network of one's own: RFC 1918, RFC 4193. */
  private: boolean;
}

/**
 * Carrier-grade NAT (RFC 6598) is not among them: there the neighbours are other customers. Who has a VPN there
 * chooses its address.
 */
const PRIVATE = rangeList(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']);

/** Hold on one link alone, and in a URL not at all. */
const LINK_LOCAL = rangeList(['169.254.0.0/16', 'fe80::/10']);

export function isPrivateAddress(address: string): boolean {
  return PRIVATE.has(address);
}

export function isLinkLocal(address: string): boolean {
  return LINK_LOCAL.has(address);
}

/** Every address of this computer but loopback and those of one link alone; in a steady order. */
export function ownAddresses(view: Pick<NetworkView, 'interfaces'>): OwnAddress[] {
  const found = Object.entries(view.interfaces()).flatMap(([name, list]) =>
    (list ?? []).flatMap(({ internal, address: told, family, cidr }) => {
      const address = sameForm(told);
      if (internal || isLinkLocal(address)) return [];
      const whole = `${address}/${family === 'IPv4' ? 32 : 128}`;
      return [{ name, address, family, cidr: cidr ?? whole, private: isPrivateAddress(address) }];
    }),
  );
  const key = ({ name, family, address }: OwnAddress) => `${name} ${family} ${address}`;
  return found.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Those that are shared. @param chosen null: the private ones */
export function sharedAddresses(own: readonly OwnAddress[], chosen: readonly string[] | null): OwnAddress[] {
  if (chosen === null) return own.filter((address) => address.private);
  const wanted = new Set(chosen.map(sameForm));
  return own.filter(({ address }) => wanted.has(address));
}

/**
 * Who may connect. A computer answers at each of its addresses on all of its networks (RFC 1122 calls it the weak
 * model): bound to one network's address it can still be reached from another that is not shared. So callers are
 * refused whose own address is of such a network; and, where only private networks are shared, those of none at all,
 * who could only come through a router that somebody opened.
 */
export function admission(
  view: Pick<NetworkView, 'interfaces'>,
  chosen: readonly string[] | null,
): (address: string) => boolean {
  const own = ownAddresses(view);
  const shared = sharedAddresses(own, chosen);
  const names = new Set(shared.map(({ name }) => name));
  const near = rangeList(own.filter(({ name }) => names.has(name)).map(({ cidr }) => cidr));
  const others = rangeList(own.filter(({ name }) => !names.has(name)).map(({ cidr }) => cidr));
  return (address) => {
    if (near.has(address)) return true;
    if (others.has(address)) return false;
    return chosen !== null || isPrivateAddress(address) || isLinkLocal(address);
  };
}
