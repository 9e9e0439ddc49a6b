import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostNames } from './host-names.ts';
import { type NetworkView, type OwnAddress, ownAddresses, sharedAddresses } from './own-network.ts';
import type { Sharing } from './sharing.ts';
import type { AuthorityRecord } from './sharing-store.ts';

export interface CertificateFacts {
  /** Whom it is for, as systems list it. */
  name: string;
  /** Wall-clock ms. */
  notBefore: number;
  notAfter: number;
  /** SHA-256, as browsers show it. */
  fingerprint: string;
}

export interface SharingReport {
  state: 'off' | 'on' | 'waiting' | 'trouble';
  trouble: string | null;
  urls: string[];
  plainUrls: string[];
  available: (OwnAddress & { shared: boolean; open: boolean; problem: string | null })[];
  certificate: (CertificateFacts & { hosts: readonly string[] }) | null;
  authority: CertificateFacts | null;
  leftOut: readonly string[];
}

/** How sharing stands, for the owner. */
export function sharingReport(
  sharing: Sharing,
  view: NetworkView,
  authority: AuthorityRecord | null,
): SharingReport {
  const { settings, network, trouble } = sharing;
  const own = ownAddresses(view);
  const shared = new Set(sharedAddresses(own, settings.addresses).map(({ address }) => address));
  const places = network?.places ?? [];
  const secure = places.filter((place) => place.secure).map(({ address }) => address);
  const plain = places.filter((place) => !place.secure).map(({ address }) => address);
  const available = own.map((address) => ({
    ...address,
    shared: shared.has(address.address),
    open: secure.includes(address.address),
    problem: network?.problemAt(address.address) ?? null,
  }));
  const leaf = network?.leaf ?? null;
  const firstProblem = available.find(({ problem }) => problem !== null)?.problem ?? null;
  const told = trouble ?? (secure.length === 0 ? firstProblem : null);
  return {
    state: !settings.on ? 'off' : told !== null ? 'trouble' : secure.length > 0 ? 'on' : 'waiting',
    trouble: told,
    urls: secure.length === 0 ? [] : urlsOf('https', settings.port, namesFor(view, settings.mdns), secure),
    plainUrls: plain.map((address) => urlOf('http', address, settings.plainPort)),
    available,
    certificate: leaf === null ? null : { ...factsOf(leaf.cert), hosts: leaf.hosts },
    authority: authority === null ? null : factsOf(authority.certificate),
    leftOut: network?.leftOut ?? [],
  };
}

/** Names first where they lead here; addresses always do. */
function urlsOf(
  scheme: string,
  port: number,
  { local, works }: { local: string; works: boolean },
  addresses: readonly string[],
): string[] {
  const byAddress = addresses.map((address) => urlOf(scheme, address, port));
  const byName = urlOf(scheme, local, port);
  return works ? [byName, ...byAddress] : [...byAddress, byName];
}

/** Whether somebody answers for the `.local` name: macOS and Windows do by themselves, Linux with Avahi. */
function namesFor(view: NetworkView, mdns: boolean): { local: string; works: boolean } {
  const { local } = hostNames(view.hostName());
  const system = process.platform !== 'linux' || existsSync('/run/avahi-daemon/socket');
  return { local, works: mdns || system };
}

function urlOf(scheme: string, host: string, port: number): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function factsOf(pem: string): CertificateFacts {
  const { subject, validFromDate, validToDate, fingerprint256 } = new X509Certificate(pem);
  return {
    name: subject.replace(/^CN=/, ''),
    notBefore: validFromDate.getTime(),
    notAfter: validToDate.getTime(),
    fingerprint: fingerprint256,
  };
}
