import type { NewProvider, Provider, ProviderKindFacts } from '../../../gateway/doors/admin/contract.ts';

export interface HeaderValue {
  name: string;
  value: string;
}

/** A provider's settings as its drawer holds them. */
export interface ProviderValues extends Record<string, unknown> {
  name: string;
  /** Empty takes the kind's own. */
  baseUrl: string;
  /** What becomes of the credential; a new provider's is always replaced. */
  credentialFate: 'keep' | 'replace' | 'remove';
  credential: string;
  /** A number; text while nothing is typed. */
  priority: number | string;
  headers: HeaderValue[];
  proxyKind: 'system' | 'none' | 'own';
  proxy: string;
  ca: string;
}

/** @param taken names of the providers there are */
export function newValues(
  { label, baseUrl }: ProviderKindFacts,
  taken: readonly string[],
  foundAt: string | null,
): ProviderValues {
  return {
    name: freeName(label, taken),
    baseUrl: foundAt ?? baseUrl ?? '',
    ...{ credentialFate: 'replace', credential: '', priority: 0, headers: [] },
    ...{ proxyKind: 'system', proxy: '', ca: '' },
  };
}

export function valuesOf({ name, baseUrl, priority, headers, proxy, ca }: Provider): ProviderValues {
  const isDirect = proxy === 'none' || proxy === 'direct';
  return {
    ...{ name, baseUrl, priority },
    ...{ credentialFate: 'keep', credential: '' },
    headers: Object.entries(headers).map(([key, value]) => ({ name: key, value })),
    proxyKind: proxy === null ? 'system' : isDirect ? 'none' : 'own',
    proxy: proxy === null || isDirect ? '' : proxy,
    ca: ca ?? '',
  };
}

type Connection = Pick<NewProvider, 'baseUrl' | 'credential' | 'headers' | 'proxy' | 'ca'>;

/** What decides whether the provider answers, as the API takes it. */
export function connectionOf(values: ProviderValues): Connection {
  const { credentialFate, proxyKind, ca } = values;
  const credential = values.credential.trim();
  return {
    baseUrl: values.baseUrl.trim() === '' ? null : values.baseUrl.trim(),
    ...(credentialFate === 'remove' ? { credential: null } : {}),
    ...(credentialFate === 'replace' && credential !== '' ? { credential } : {}),
    headers: Object.fromEntries(
      values.headers.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name, value]),
    ),
    proxy: proxyKind === 'system' ? null : proxyKind === 'none' ? 'none' : values.proxy.trim(),
    ca: ca.trim() === '' ? null : ca,
  };
}

/** All of it. */
export function settingsOf(values: ProviderValues): Connection & { name: string; priority: number } {
  return { name: values.name.trim(), priority: Number(values.priority), ...connectionOf(values) };
}

/** Where the API's name of a field is not the drawer's. */
export function fieldOfParam(param: string): string | null {
  if (param.startsWith('headers')) return 'headers';
  return null;
}

/** Fields that lie under the fold. */
export const FOLDED = ['priority', 'headers', 'proxy', 'ca'] as const;

function freeName(label: string, taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? label : `${label} ${number}`;
    if (!taken.includes(name)) return name;
  }
}
