import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import type { ListenAddress } from './listening.ts';

type Interfaces = Partial<Record<string, NetworkInterfaceInfo[]>>;

/** Sockets bound to these take requests at every address of the computer. */
const EVERYWHERE = ['0.0.0.0', '::'];

/**
 * Where requests are taken: the gateway's own URL, and those by which other computers reach it.
 * @param read addresses of this computer; they change when it joins a network
 */
export function listenUrls(
  address: ListenAddress | null,
  read: () => Interfaces = networkInterfaces,
): string[] {
  if (address === null) return [];
  const { url, bound, port } = address;
  if (!bound.some((socket) => EVERYWHERE.includes(socket))) return [url];
  const others = Object.values(read())
    .flatMap((list) => list ?? [])
    // Others cannot use what holds on one link alone, and IPv6 addresses change by the day.
    .filter(
      ({ family, internal, address: ip }) => family === 'IPv4' && !internal && !ip.startsWith('169.254.'),
    )
    .map(({ address: ip }) => ip)
    .map((ip) => `http://${ip}:${port}`);
  return [...new Set([url, ...others])];
}
