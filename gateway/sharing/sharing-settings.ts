import { isIP } from 'node:net';

/** Beside the gateway's own 7411, which stays this computer's. */
export const DEFAULT_SHARING_PORT = 7412;
export const DEFAULT_PLAIN_PORT = 7413;

/** How the owner shares the gateway with other computers. */
export interface SharingSettings {
  on: boolean;
  /** Addresses of this computer to listen at; null: every private one it has, as they come and go. */
  addresses: readonly string[] | null;
  /** HTTPS. */
  port: number;
  /** Plain HTTP as well, at `plainPort`: whoever reads the network then reads keys and prompts. */
  plainHttp: boolean;
  plainPort: number;
  /** Tells the network by multicast DNS that it is here. */
  mdns: boolean;
  /** The owner's panel and its API answer over HTTPS, to whoever signs in by password or passkey. */
  panel: boolean;
}

export const SHARING_OFF: SharingSettings = {
  on: false,
  addresses: null,
  port: DEFAULT_SHARING_PORT,
  plainHttp: false,
  plainPort: DEFAULT_PLAIN_PORT,
  mdns: false,
  panel: false,
};

/** One way to write each address, so that they can be compared. */
export function sameForm(address: string): string {
  const [bare = ''] = address.split('%');
  // WHATWG URL writes IPv6 by RFC 5952.
  return isIP(bare) === 6 ? new URL(`http://[${bare}]`).hostname.slice(1, -1) : bare;
}
