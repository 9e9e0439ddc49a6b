import type { IncomingMessage } from 'node:http';
import { normalAddress, rangeList } from './addresses.ts';
import { type ForwardedHeader, hopsOf } from './forwarded.ts';

/** Whom the owner trusts to say for whom it asks. */
export interface ProxyTrust {
  /** Addresses and ranges of proxies. */
  proxies: readonly string[];
  /** The one header these proxies write. Another that comes along is the client's own word. */
  header: ForwardedHeader;
}

/** Says from which address a request comes: the other end of its connection, unless a trusted proxy is there. */
export class ClientAddresses {
  readonly #trust: () => ProxyTrust;
  #proxies: readonly string[] = [];
  #ranges = rangeList([]);

  /** @param trust is asked for with each request; a new list is told by its identity */
  constructor(trust: () => ProxyTrust) {
    this.#trust = trust;
  }

  /** @returns the address in normal form; `in-process` for the desktop window */
  of({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string {
    const peer = normalAddress(socket.remoteAddress ?? '');
    const { proxies, header } = this.#trust();
    if (proxies.length === 0 || !this.#isProxy(peer, proxies)) return peer;
    const value = headers[header];
    return typeof value === 'string' ? this.#furthest(peer, proxies, hopsOf(header, value)) : peer;
  }

  /** The nearest hop that is no trusted proxy; else the last that there is. A word that is no address ends all trust. */
  #furthest(peer: string, proxies: readonly string[], hops: Iterable<string | null>): string {
    let client = peer;
    for (const hop of hops) {
      if (hop === null) return peer;
      client = hop;
      if (!this.#isProxy(hop, proxies)) break;
    }
    return client;
  }

  #isProxy(address: string, proxies: readonly string[]): boolean {
    if (proxies !== this.#proxies) {
      this.#proxies = proxies;
      this.#ranges = rangeList(proxies);
    }
    return this.#ranges.has(address);
  }
}
