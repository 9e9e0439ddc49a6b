/** The words that Anthropic's protocol and the canonical form have for the same things. */
import type { CacheMark, Citation } from '../canonical/request.ts';
import { asText, isObject, type JsonObject } from '../json.ts';

export const PROTOCOL = 'anthropic-messages';

/**
 * What a decoder puts into a call's input: the JSON text of the arguments, and '' for none, as a stream of
 * no arguments has no piece of them either.
 */
export function inputText(input: unknown): string {
  if (input === undefined || input === null) return '';
  if (typeof input === 'string') return input;
  return isObject(input) && Object.keys(input).length === 0 ? '' : JSON.stringify(input);
}

/** Where a mark stands, the part of the canonical form that says so; {} where none does. */
export function markOf(block: JsonObject): { cache?: CacheMark } {
  const mark = block.cache_control;
  if (!isObject(mark)) return {};
  return { cache: { ttl: mark.ttl === '5m' || mark.ttl === '1h' ? mark.ttl : null } };
}

/** The other way round. */
export function cacheControl(cache: CacheMark | undefined): { cache_control?: JsonObject } {
  if (cache === undefined) return {};
  return { cache_control: { type: 'ephemeral', ...(cache.ttl === null ? {} : { ttl: cache.ttl }) } };
}

/** A source of any kind: web pages have a URL, search results a `source`, documents a title alone. */
export function citationOf(raw: JsonObject): Citation {
  return {
    url: asText(raw.url) ?? asText(raw.source),
    title: asText(raw.title) ?? asText(raw.document_title),
    quote: asText(raw.cited_text),
  };
}
