/** The models that Gemini and Bedrock offer to a credential. */
import { asText, type JsonObject, objectsIn, parseObject } from '../../protocols/json.ts';
import type { Transport } from '../exchange.ts';
import { type Access, accessTo } from './access.ts';
import { bedrockControl, nativeBase } from './addresses.ts';
import type { NativeKind } from './kinds.ts';
import { type Refusal, refusalOf } from './provider-error.ts';
import { readText } from './read-text.ts';
import type { TokenSource } from './service-account.ts';

export type Listing = { models: string[] } | { refusal: Refusal };

/** Listing models is quick everywhere. */
const LISTING_MS = 30_000;
const LISTING_BYTES = 16 * 1024 * 1024;
const PAGES = 20;

/**
 * @returns null where there is no list to be had: Vertex has none for a project, and the AI SDK signs no
 *   requests to the part of Bedrock that lists. Their models are typed by hand.
 * @throws UpstreamFailure
 */
export async function listNativeModels(
  kind: NativeKind,
  transport: Transport,
  tokens: TokenSource,
  signal: AbortSignal,
): Promise<Listing | null> {
  if (kind === 'vertex') return null;
  const access = await accessTo(kind, transport, tokens, signal);
  if (access.aws !== null) return null;
  const get = (url: URL) => getPage(kind, transport, access, url, signal);
  return kind === 'google' ? geminiModels(transport, get) : bedrockModels(transport, get);
}

type Page = { body: JsonObject } | { refusal: Refusal };

async function getPage(
  kind: NativeKind,
  transport: Transport,
  { proof }: Access,
  url: URL,
  signal: AbortSignal,
): Promise<Page> {
  const { status, headers, body, withoutCredential } = await transport.sendWith(proof, {
    method: 'GET',
    url: url.href,
    family: 'openai',
    headers: { accept: 'application/json', 'accept-encoding': 'identity' },
    body: null,
    signal,
    headersMs: LISTING_MS,
    idleMs: LISTING_MS,
  });
  const text = await readText(body, LISTING_BYTES);
  if (status === 200) return { body: parseObject(text) ?? {} };
  const shown = withoutCredential?.(Buffer.from(text)).toString('utf8') ?? text;
  return { refusal: refusalOf(kind, status, headers, shown) };
}

/** https://ai.google.dev/api/models#method:-models.list: those that answer in words. */
async function geminiModels({ provider }: Transport, get: (url: URL) => Promise<Page>): Promise<Listing> {
  const models: string[] = [];
  const url = new URL(`${nativeBase('google', provider.baseUrl, '')}/models`);
  url.searchParams.set('pageSize', '1000');
  for (let count = 0; count < PAGES; count += 1) {
    const page = await get(url);
    if ('refusal' in page) return page;
    const talking = objectsIn(page.body.models).filter(
      ({ supportedGenerationMethods: methods }) =>
        Array.isArray(methods) && methods.includes('generateContent'),
    );
    models.push(...texts(talking, 'name').map((name) => name.replace(/^models\//, '')));
    const next = asText(page.body.nextPageToken) ?? '';
    if (next === '') break;
    url.searchParams.set('pageToken', next);
  }
  return { models };
}

/**
 * Models that may be called by their own names, and inference profiles, by which newer ones are called:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListFoundationModels.html
 */
async function bedrockModels({ provider }: Transport, get: (url: URL) => Promise<Page>): Promise<Listing> {
  const at = (path: string) => new URL(bedrockControl(provider.baseUrl) + path);
  const own = await get(at('/foundation-models?byOutputModality=TEXT&byInferenceType=ON_DEMAND'));
  if ('refusal' in own) return own;
  const profiles = await get(at('/inference-profiles?maxResults=1000'));
  if ('refusal' in profiles) return profiles;
  return {
    models: [
      ...texts(own.body.modelSummaries, 'modelId'),
      ...texts(profiles.body.inferenceProfileSummaries, 'inferenceProfileId'),
    ],
  };
}

function texts(list: unknown, name: string): string[] {
  return objectsIn(list).flatMap((entry) => {
    const text = asText(entry[name]);
    return text === null || text === '' ? [] : [text];
  });
}
