import { createRequire } from 'node:module';
import type * as undici from 'undici';

/**
 * What most gateways need of undici, from its own files: the package's entry also loads its fetch, WebSocket, caches
 * and mocks, 13 MB of memory and a twentieth of a second of every start. Both are exported by the entry, too.
 */
const load = createRequire(import.meta.url);

export const Agent = load('undici/lib/dispatcher/agent.js') as typeof undici.Agent;
export const decompress = load(
  'undici/lib/interceptor/decompress.js',
) as typeof undici.interceptors.decompress;

/** The agents that go through proxies; they need what only the entry puts together. */
export function proxyAgents(): Pick<typeof undici, 'EnvHttpProxyAgent' | 'Pool' | 'ProxyAgent'> {
  return load('undici') as typeof undici;
}
