/** Sources of a text: the service's annotations and the hub's citations. */
import type { Citation, TextPart } from '../canonical/request.ts';
import { asText, type JsonObject, objectsIn } from '../json.ts';

export function citationsOf(annotations: unknown): Citation[] {
  return objectsIn(annotations).flatMap((annotation) => citationOf(annotation) ?? []);
}

/** @returns undefined for an annotation that names no source */
export function citationOf(annotation: JsonObject): Citation | undefined {
  const url = asText(annotation.url);
  const title = asText(annotation.title) ?? asText(annotation.filename);
  return url === null && title === null ? undefined : { url, title, quote: null };
}

/**
 * An annotation must name an address or a file of the service, so that a source without an address has none. It
 * covers the whole text of its part: where in it a source was used, nobody told.
 */
export function annotationsOf({ text, citations = [] }: Pick<TextPart, 'text' | 'citations'>): JsonObject[] {
  return citations.flatMap(({ url, title }) =>
    url === null
      ? []
      : [{ type: 'url_citation', url, title: title ?? url, start_index: 0, end_index: text.length }],
  );
}
