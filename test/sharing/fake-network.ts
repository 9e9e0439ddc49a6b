import type { NetworkInterfaceInfo } from 'node:os';
import type { NetworkView } from '../../gateway/sharing/own-network.ts';

/** A computer's network as a test wants it: `{ eth0: ['127.0.0.2/24'] }`. */
export class FakeNetwork {
  hostName = 'Studio';
  #interfaces: Record<string, NetworkInterfaceInfo[]> = {};

  constructor(interfaces: Record<string, readonly string[]> = {}) {
    this.is(interfaces);
  }

  is(interfaces: Record<string, readonly string[]>): void {
    this.#interfaces = Object.fromEntries(
      Object.entries(interfaces).map(([name, cidrs]) => [name, cidrs.map(asInfo)]),
    );
  }

  get view(): NetworkView {
    return { interfaces: () => this.#interfaces, hostName: () => this.hostName, lookMs: 20 };
  }
}

function asInfo(cidr: string): NetworkInterfaceInfo {
  const [address = ''] = cidr.split('/');
  const common = { address, netmask: '', mac: '02:00:00:00:00:01', internal: false, cidr };
  return address.includes(':') ? { ...common, family: 'IPv6', scopeid: 0 } : { ...common, family: 'IPv4' };
}

/** Linux answers at the whole of 127.0.0.0/8: it stands in for a network of one's own. */
export const LAN = process.platform === 'linux';
export const LAN_ADDRESS = '127.0.0.2';
export const SECOND_ADDRESS = '127.0.0.3';
