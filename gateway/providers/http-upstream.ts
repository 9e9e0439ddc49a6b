import { ENDPOINTS } from '../protocols/endpoint.ts';
import { endpointUrl, modelsUrl } from './base-url.ts';
import { PROVIDERS } from './catalogue.ts';
import type { HttpProvider, HttpUpstreamDeps, UpstreamTimeouts } from './exchange.ts';
import { createExchanger } from './exchange.ts';
import type { ModelPage } from './model-list.ts';
import { parseModelPage } from './model-list.ts';
import type { Upstream } from './upstream.ts';

export type { HttpProvider, HttpUpstreamDeps, UpstreamTimeouts };

export const DEFAULT_TIMEOUTS: Readonly<UpstreamTimeouts> = {
  connectMs: 10_000,
  headersMs: 600_000,
  idleMs: 300_000,
};

/** What a connection test found. */
export interface ProbeResult {
  ok: boolean;
  /** HTTP status, or null when none came back. */
  status: number | null;
  latencyMs: number;
  /** For people. */
  message: string;
  /** The models found; empty unless `ok`. */
  models: string[];
}

export interface HttpUpstream extends Upstream {
  /**
   * The ids of the provider's models.
   * @throws UpstreamFailure when no whole answer came back; ModelListError for an answer without a list
   */
  models(signal: AbortSignal): Promise<string[]>;
  /** Lists the models to see whether address and credential are right. Never throws. */
  probe(signal: AbortSignal): Promise<ProbeResult>;
  /** Takes no further calls; those that run go on. */
  retire(): Promise<void>;
  /** Ends every connection, those in use too. */
  close(): Promise<void>;
}

/** The provider answered, but not with a model listing. `message` is for people. */
export class ModelListError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ModelListError';
    this.status = status;
  }
}

/** Listing models is quick everywhere; nobody waits ten minutes for it. */
const LISTING_MS = 30_000;
const LISTING_BYTES = 16 * 1024 * 1024;
const LISTING_PAGES = 20;

/**
 * Calls a provider over HTTP. Redirects are answers like any other: following one would carry the credential
 * elsewhere. Whoever got an answer reads its body to the end, stops reading, or aborts the signal; anything
 * else keeps the connection.
 */
export function createHttpUpstream(provider: HttpProvider, deps: HttpUpstreamDeps): HttpUpstream {
  const exchanger = createExchanger(provider, deps);
  const listing = PROVIDERS[provider.kind].models;

  async function modelPage(after: string | null, signal: AbortSignal): Promise<ModelPage> {
    const url = new URL(modelsUrl(provider.kind, provider.baseUrl));
    if (listing.family === 'anthropic') url.searchParams.set('limit', '1000');
    if (after !== null) url.searchParams.set('after_id', after);
    const answer = await exchanger.send({
      method: 'GET',
      url: url.href,
      family: listing.family,
      headers: { accept: 'application/json', 'accept-encoding': 'identity' },
      body: null,
      signal,
      headersMs: Math.min(deps.timeouts.headersMs, LISTING_MS),
      idleMs: Math.min(deps.timeouts.idleMs, LISTING_MS),
    });
    const text = await readText(answer.body, LISTING_BYTES);
    if (answer.status !== 200)
      throw new ModelListError(answer.status, statusMessage(provider.name, answer.status));
    if (text === null)
      throw new ModelListError(200, `The model listing of provider ${provider.name} is too long.`);
    return readPage(text);
  }

  function readPage(text: string): ModelPage {
    try {
      return parseModelPage(text);
    } catch (error) {
      const why = error instanceof Error ? error.message : '';
      throw new ModelListError(
        200,
        `Provider ${provider.name} sent no model list. ${why} Check its base URL.`,
      );
    }
  }

  async function models(signal: AbortSignal): Promise<string[]> {
    const ids = new Set<string>();
    let after: string | null = null;
    for (let count = 0; count < LISTING_PAGES; count += 1) {
      const page: ModelPage = await modelPage(after, signal);
      for (const id of page.ids) ids.add(id);
      if (page.next === null || page.next === after) break;
      after = page.next;
    }
    return [...ids];
  }

  async function probe(signal: AbortSignal): Promise<ProbeResult> {
    const start = performance.now();
    const latencyMs = () => Math.round(performance.now() - start);
    try {
      const found = await models(signal);
      const message = `Provider ${provider.name} answered with ${found.length} models.`;
      return { ok: true, status: 200, latencyMs: latencyMs(), message, models: found };
    } catch (error) {
      const status = error instanceof ModelListError ? error.status : null;
      const message = error instanceof Error ? error.message : 'The test failed.';
      return { ok: false, status, latencyMs: latencyMs(), message, models: [] };
    }
  }

  return {
    call: async ({ endpoint, query, headers, body, signal }) =>
      exchanger.send({
        method: 'POST',
        url: endpointUrl(provider.kind, provider.baseUrl, endpoint, query),
        family: ENDPOINTS[endpoint].family,
        headers,
        body,
        signal,
      }),
    models,
    probe,
    retire: exchanger.retire,
    close: exchanger.close,
  };
}

/** @returns null when the body is longer than `limit` bytes; reading stops there */
async function readText(body: AsyncIterable<Buffer>, limit: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function statusMessage(name: string, status: number): string {
  if (status === 401 || status === 403) {
    return `Provider ${name} refused the credential (HTTP ${status}). Check that it is right and still valid.`;
  }
  if (status === 404)
    return `Provider ${name} has no model listing at this address (HTTP 404). Check its base URL.`;
  if (status >= 300 && status < 400) {
    return `Provider ${name} redirects elsewhere (HTTP ${status}). Set its base URL to the address it redirects to.`;
  }
  if (status === 429) return `Provider ${name} limits requests for now (HTTP 429). Try again later.`;
  if (status >= 500) return `Provider ${name} has a failure of its own (HTTP ${status}). Try again later.`;
  return `Provider ${name} answered with HTTP ${status}. Check its base URL.`;
}
