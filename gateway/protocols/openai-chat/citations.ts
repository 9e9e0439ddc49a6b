/** Sources of an answer, as annotations: https://platform.openai.com/docs/guides/tools-web-search */
import type { Citation } from '../canonical/request.ts';
import { asText, isObject, type JsonObject, objectsIn } from '../json.ts';

export function readAnnotations(annotations: unknown): Citation[] {
  return objectsIn(annotations).flatMap(({ url_citation: citation }) =>
    isObject(citation) && typeof citation.url === 'string'
      ? [{ url: citation.url, title: asText(citation.title), quote: asText(citation.content) }]
      : [],
  );
}

/**
 * @param from where in the content the text begins that rests on the source, in UTF-16 units
 * @returns undefined for a source without an address, which has no place there
 */
export function annotationOf(
  { url, title, quote }: Citation,
  from: number,
  to: number,
): JsonObject | undefined {
  if (url === null) return undefined;
  return {
    type: 'url_citation',
    url_citation: {
      url,
      title: title ?? url,
      start_index: from,
      end_index: to,
      ...(quote === null ? {} : { content: quote }),
    },
  };
}
