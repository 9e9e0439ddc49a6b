import type Stripe from 'stripe';
import type { fetch as undiciFetch } from 'undici';
import packageJson from '../../package.json' with { type: 'json' };
import type { ProviderDispatcher } from '../providers/dispatcher.ts';

/** Where Stripe's API answers, and how long it is waited for. */
export interface StripeHost {
  /** Origin, such as `https://api.stripe.com`. */
  url: string;
  /** For one try. */
  timeoutMs: number;
  /** Tries after the first, by the library, with its idempotency key. */
  retries: number;
}

export const STRIPE_HOST: StripeHost = { url: 'https://api.stripe.com', timeoutMs: 20_000, retries: 2 };

let loaded: Promise<typeof Stripe> | undefined;

/** The library has a file for each thing Stripe knows and takes a while to load: only those who bill wait for it. */
export function stripeLibrary(): Promise<typeof Stripe> {
  loaded ??= import('stripe').then((module) => module.default);
  return loaded;
}

/**
 * A client for one secret key. It sends nothing but the calls: no figures about them, and nothing about this
 * computer. Proxies are those the gateway uses for providers.
 */
export async function openStripe(
  secretKey: string,
  host: StripeHost,
  dispatcher: ProviderDispatcher,
): Promise<Stripe> {
  const Library = await stripeLibrary();
  const { protocol, hostname, port } = new URL(host.url);
  const secure = protocol === 'https:';
  return new Library(secretKey, {
    host: hostname,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    protocol: secure ? 'https' : 'http',
    httpClient: Library.createFetchHttpClient(fetchBy(dispatcher)),
    timeout: host.timeoutMs,
    maxNetworkRetries: host.retries,
    telemetry: false,
    appInfo: { name: 'NoTokenLimit Desktop', version: packageJson.version },
  });
}

/** A redirect would take the key elsewhere: Stripe's API sends none. */
function fetchBy(dispatcher: ProviderDispatcher): typeof fetch {
  const byDispatcher = async (url: string, init: Parameters<typeof undiciFetch>[1]) => {
    const { fetch } = await import('undici');
    return fetch(url, { ...init, redirect: 'error', dispatcher: await dispatcher.for(new URL(url)) });
  };
  return byDispatcher as unknown as typeof fetch;
}
