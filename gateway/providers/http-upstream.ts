import { ENDPOINTS, type Endpoint } from '../protocols/endpoint.ts';
import { endpointUrl } from './base-url.ts';
import { PROVIDERS } from './catalogue.ts';
import type { HttpProvider, HttpUpstreamDeps, UpstreamTimeouts } from './exchange.ts';
import { createExchanger } from './exchange.ts';
import { listNatively, listOverHttp } from './listing.ts';
import type { ListedModel } from './model-list.ts';
import type { NativeKind } from './native/kinds.ts';
import type { NativeModel } from './native/native-model.ts';
import type { Upstream } from './upstream.ts';

export type { HttpProvider, HttpUpstreamDeps, UpstreamTimeouts };

export const DEFAULT_TIMEOUTS: Readonly<UpstreamTimeouts> = {
  connectMs: 10_000,
  headersMs: 600_000,
  idleMs: 300_000,
};

export interface HttpUpstream extends Upstream {
  /** The service's own protocol, which is not one of the gateway's. Its package is loaded when first asked for. */
  native(kind: NativeKind): Promise<NativeModel>;
  /**
   * The provider's models, each once, with what its listing tells of them.
   * @throws UpstreamFailure when no whole answer came back; ModelListError for an answer without a list
   */
  models(signal: AbortSignal): Promise<ListedModel[]>;
  /** Takes no further calls; those that run go on. */
  retire(): Promise<void>;
  /** Ends every connection, those in use too. */
  close(): Promise<void>;
}

/**
 * Calls a provider over HTTP. Redirects are answers like any other: following one would carry the credential
 * elsewhere. Whoever got an answer reads its body to the end, stops reading, or aborts the signal; anything
 * else keeps the connection.
 */
export function createHttpUpstream(provider: HttpProvider, deps: HttpUpstreamDeps): HttpUpstream {
  const exchanger = createExchanger(provider, deps);
  const natives = new Map<NativeKind, Promise<NativeModel>>();
  const urls = new Map<Endpoint, string>();

  /** Without a query; the base URL never changes. */
  function urlOf(endpoint: Endpoint): string {
    const known = urls.get(endpoint);
    if (known !== undefined) return known;
    const url = endpointUrl(provider.kind, provider.baseUrl, endpoint, '');
    urls.set(endpoint, url);
    return url;
  }

  function native(kind: NativeKind): Promise<NativeModel> {
    const known = natives.get(kind);
    if (known !== undefined) return known;
    const loading = import('./native/native-model.ts').then(({ nativeModel }) =>
      nativeModel(kind, exchanger.transport),
    );
    natives.set(kind, loading);
    return loading;
  }

  async function models(signal: AbortSignal): Promise<ListedModel[]> {
    const { models: listing, native: kind } = PROVIDERS[provider.kind];
    if (listing !== null || kind === undefined)
      return listOverHttp(provider, deps.timeouts, exchanger.send, signal);
    return listNatively(provider, await native(kind), signal);
  }

  return {
    call: ({ endpoint, query, headers, body, signal }) =>
      exchanger.send({
        method: 'POST',
        url: urlOf(endpoint) + query,
        family: ENDPOINTS[endpoint].family,
        headers,
        body,
        signal,
      }),
    native,
    models,
    retire: exchanger.retire,
    close: exchanger.close,
  };
}
