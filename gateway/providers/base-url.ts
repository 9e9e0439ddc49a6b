import type { Endpoint } from '../protocols/endpoint.ts';
import { ENDPOINTS } from '../protocols/endpoint.ts';
import { PROVIDERS } from './catalogue.ts';
import type { ProviderKind } from './provider-kinds.ts';

/**
 * Checks a base URL that an owner typed.
 * @returns it without surrounding blanks and trailing slashes
 * @throws Error with a message for people; it never repeats the text, which may hold a credential
 */
export function checkBaseUrl(text: string): string {
  const url = parse(text.trim());
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Error('The base URL must begin with http:// or https://.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new Error(
      'The base URL must not contain a user name or password. Store the credential in its own field.',
    );
  }
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(text)) {
    throw new Error('The base URL must not contain a query (?…) or a fragment (#…). Leave that part out.');
  }
  return url.href.replace(/\/+$/, '');
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new Error('The base URL is not a complete URL. Write it like https://api.example.com/v1.');
  }
}

/**
 * Full URL of an endpoint at a provider. Owners type a base URL every way, so it may or may not end in slashes,
 * in `/v1`, in the kind's own path (`/openai/v1`, `/v1beta/openai`), or even in a whole endpoint.
 * @param query '' or '?…', appended as it is
 * @throws Error when the kind does not speak the endpoint's protocol: ask `speaks` first
 */
export function endpointUrl(kind: ProviderKind, baseUrl: string, endpoint: Endpoint, query: string): string {
  const { protocol, path } = ENDPOINTS[endpoint];
  const prefix = PROVIDERS[kind].protocols[protocol];
  if (prefix === undefined) throw new Error(`${PROVIDERS[kind].label} has no ${endpoint} endpoint`);
  return join(kind, baseUrl, prefix, path) + query;
}

/** Full URL of a provider's model listing, without a query. */
export function modelsUrl(kind: ProviderKind, baseUrl: string): string {
  const { models, label } = PROVIDERS[kind];
  if (models === null) throw new Error(`${label} lists no models over HTTP`);
  const { path } = models;
  const prefix = path.slice(0, -'/models'.length);
  return join(kind, baseUrl, prefix, '/models');
}

/** Full URL that tells whether the credential is right; null where the listing does. */
export function keyUrl(kind: ProviderKind, baseUrl: string): string | null {
  const path = PROVIDERS[kind].models?.keyPath;
  if (path === undefined) return null;
  const end = path.lastIndexOf('/');
  return join(kind, baseUrl, path.slice(0, end), path.slice(end));
}

function join(kind: ProviderKind, baseUrl: string, prefix: string, path: string): string {
  const url = new URL(baseUrl);
  const { root, complete } = readBase(kind, segmentsOf(url.pathname));
  // Anthropic's convention is a base without a version, so only OpenAI-style paths can be complete.
  const isOpenAiPath = prefix === PROVIDERS[kind].protocols['openai-chat'];
  return url.origin + pathOf(root) + (complete && isOpenAiPath ? '' : prefix) + path;
}

interface Base {
  root: string[];
  /** The owner's path is meant as it stands: nothing but the endpoint is added. */
  complete: boolean;
}

function readBase(kind: ProviderKind, typed: string[]): Base {
  const base = withoutEndpoint(typed);
  const unversioned = base.at(-1) === 'v1' ? base.slice(0, -1) : base;
  const root = unversioned.slice(0, unversioned.length - longestOverlap(unversioned, prefixesOf(kind)));
  if (root.length < base.length) return { root, complete: false };
  // Nothing known stands at the end. A version elsewhere (`/api/v3`, `/v1/<account>/openai`) or a pasted
  // endpoint shows that the path is complete.
  const complete = base.length < typed.length || base.some((segment) => /^v\d/.test(segment));
  return { root, complete };
}

/** Cuts a pasted endpoint, such as `/chat/completions`, off the end. */
function withoutEndpoint(segments: string[]): string[] {
  for (const path of ENDPOINT_PATHS) {
    if (endsWith(segments, path)) return segments.slice(0, -path.length);
  }
  return segments;
}

/** How many segments at the end of `base` are the beginning of one of the kind's own paths. */
function longestOverlap(base: string[], prefixes: string[][]): number {
  let longest = 0;
  for (const prefix of prefixes) {
    for (let size = Math.min(prefix.length, base.length); size > longest; size -= 1) {
      if (endsWith(base, prefix.slice(0, size))) longest = size;
    }
  }
  return longest;
}

function prefixesOf(kind: ProviderKind): string[][] {
  return Object.values(PROVIDERS[kind].protocols).map(segmentsOf);
}

function endsWith(segments: string[], tail: string[]): boolean {
  const start = segments.length - tail.length;
  return start >= 0 && tail.every((segment, index) => segments[start + index] === segment);
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function pathOf(segments: string[]): string {
  return segments.map((segment) => `/${segment}`).join('');
}

/** Longest first, so that `/chat/completions` is not taken for `/completions`. */
const ENDPOINT_PATHS = Object.values(ENDPOINTS)
  .map(({ path }) => segmentsOf(path))
  .sort((a, b) => b.length - a.length);
