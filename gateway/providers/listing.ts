import { keyUrl, modelsUrl } from './base-url.ts';
import { PROVIDERS } from './catalogue.ts';
import type { Exchange, HttpProvider, UpstreamTimeouts } from './exchange.ts';
import type { ListedModel, ModelPage } from './model-list.ts';
import { parseModelPage } from './model-list.ts';
import type { NativeModel } from './native/native-model.ts';
import type { UpstreamAnswer } from './upstream.ts';

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

type Send = (exchange: Exchange) => Promise<UpstreamAnswer>;

/**
 * Lists the models of a service over HTTP, each once.
 * @throws UpstreamFailure when no whole answer came back; ModelListError for an answer without a list
 */
export async function listOverHttp(
  provider: HttpProvider,
  timeouts: UpstreamTimeouts,
  send: Send,
  signal: AbortSignal,
): Promise<ListedModel[]> {
  await checkKey(provider, timeouts, send, signal);
  const found = new Map<string, ListedModel>();
  let after: string | null = null;
  for (let count = 0; count < LISTING_PAGES; count += 1) {
    const page: ModelPage = await pageBehind(after, provider, timeouts, send, signal);
    for (const model of page.models) if (!found.has(model.id)) found.set(model.id, model);
    if (page.next === null || page.next === after) break;
    after = page.next;
  }
  return [...found.values()];
}

/** An answer that says anything else than that the credential is wrong is no reason not to list. */
async function checkKey(
  provider: HttpProvider,
  timeouts: UpstreamTimeouts,
  send: Send,
  signal: AbortSignal,
): Promise<void> {
  const url = keyUrl(provider.kind, provider.baseUrl);
  if (url === null) return;
  const answer = await send(looking(url, 'openai', timeouts, signal));
  await readText(answer.body, LISTING_BYTES);
  if (answer.status === 401 || answer.status === 403)
    throw new ModelListError(answer.status, statusMessage(provider.name, answer.status));
}

function looking(
  url: string,
  family: Exchange['family'],
  { headersMs, idleMs }: UpstreamTimeouts,
  signal: AbortSignal,
): Exchange {
  return {
    ...{ method: 'GET', url, family, signal, body: null },
    headers: { accept: 'application/json', 'accept-encoding': 'identity' },
    headersMs: Math.min(headersMs, LISTING_MS),
    idleMs: Math.min(idleMs, LISTING_MS),
  };
}

async function pageBehind(
  after: string | null,
  provider: HttpProvider,
  timeouts: UpstreamTimeouts,
  send: Send,
  signal: AbortSignal,
): Promise<ModelPage> {
  const family = PROVIDERS[provider.kind].models?.family ?? 'openai';
  const url = new URL(modelsUrl(provider.kind, provider.baseUrl));
  if (family === 'anthropic') url.searchParams.set('limit', '1000');
  if (after !== null) url.searchParams.set('after_id', after);
  const answer = await send(looking(url.href, family, timeouts, signal));
  const text = await readText(answer.body, LISTING_BYTES);
  if (answer.status !== 200)
    throw new ModelListError(answer.status, statusMessage(provider.name, answer.status));
  if (text === null)
    throw new ModelListError(200, `The model listing of provider ${provider.name} is too long.`);
  return readPage(text, provider.name);
}

function readPage(text: string, name: string): ModelPage {
  try {
    return parseModelPage(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new ModelListError(200, `Provider ${name} sent no model list. ${why} Check its base URL.`);
  }
}

/**
 * Lists the models of a service that the AI SDK speaks to. Where it has no list for the credential, only the
 * access is checked, and models are typed by hand.
 * @throws UpstreamFailure, ModelListError
 */
export async function listNatively(
  provider: HttpProvider,
  model: NativeModel,
  signal: AbortSignal,
): Promise<ListedModel[]> {
  const listing = await model.models(signal);
  const refusal =
    listing === null ? await model.check(signal) : 'refusal' in listing ? listing.refusal : null;
  if (refusal !== null)
    throw new ModelListError(refusal.status, statusMessage(provider.name, refusal.status));
  if (listing === null || 'refusal' in listing) return [];
  return listing.models.map((id) => ({ id, facts: {} }));
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
