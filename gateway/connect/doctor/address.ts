/** Addresses that settings and variables name, and whether they lead here. */

/** What a tool adds to its base URL: `/v1/messages` and the like, or `/chat/completions` and the like. */
export type BaseShape = 'anthropic' | 'openai';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1?\]|0\.0\.0\.0)$/i;

/** @returns null for what is no address of HTTP */
export function urlOf(text: string): URL | null {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? url : null;
}

export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname);
}

/** By scheme, port and host; all names of this computer count as one. */
export function isSamePlace(one: URL, other: URL): boolean {
  if (one.protocol !== other.protocol || one.port !== other.port) return false;
  return one.hostname === other.hostname || (isLoopback(one) && isLoopback(other));
}

export function leadsTo(url: URL, addresses: readonly string[]): boolean {
  return addresses.some((address) => {
    const place = urlOf(address);
    return place !== null && isSamePlace(url, place);
  });
}

/** The base URL in a whole endpoint's address, as some tools want it; a base URL as it is. */
export function baseOf(url: URL): string {
  const path = url.pathname.replace(/\/(chat\/completions|responses|completions|messages)\/?$/, '');
  return (url.origin + path).replace(/(?<!\/)\/+$/, '');
}

/** The usual base URL at an address. */
export function usualBase(origin: string, shape: BaseShape): string {
  return shape === 'anthropic' ? `${origin}/api` : `${origin}/api/v1`;
}

/** `/v1` at its end where the tool adds it itself, or none where the tool adds none; null where it is right. */
export function slipOf(base: string, shape: BaseShape): 'v1-too-many' | 'v1-too-few' | null {
  const hasVersion = /\/v1$/.test(base);
  if (shape === 'anthropic') return hasVersion ? 'v1-too-many' : null;
  return hasVersion ? null : 'v1-too-few';
}

/** Where the list of models answers, for a tool of this shape. */
export function modelsUrl(base: string, shape: BaseShape): string {
  return `${base}${shape === 'anthropic' ? '/v1' : ''}/models`;
}
