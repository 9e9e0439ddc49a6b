import { isLoopback } from '../providers/dispatcher.ts';
import type { IsOwn } from './gather.ts';

/** @param addresses where the gateway listens, as URLs */
export function isOneOf(addresses: readonly string[]): IsOwn {
  const own = addresses.map((address) => new URL(address));
  return (baseUrl) => {
    const url = new URL(baseUrl);
    const here = isThisComputer(url.hostname);
    return own.some(({ port, hostname }) => port === url.port && (here || hostname === url.hostname));
  };
}

function isThisComputer(hostname: string): boolean {
  return isLoopback(hostname) || hostname === '0.0.0.0' || hostname === '[::]';
}
