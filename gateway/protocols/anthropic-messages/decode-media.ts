/** Reads pictures, documents and search results. */
import type { DocumentPart, ImagePart, Source, TextPart } from '../canonical/request.ts';
import { isObject, type JsonObject, objectsIn } from '../json.ts';
import { readObject, readText, requireText, wrong } from './fields.ts';
import { markOf, PROTOCOL } from './words.ts';

/** @returns undefined for a source of an unknown kind */
export function decodeImage(block: JsonObject, path: string): ImagePart[] | undefined {
  const source = decodeSource(sourceOf(block, path), `${path}.source`);
  return source === undefined ? undefined : [{ type: 'image', source, ...markOf(block) }];
}

/**
 * `context` tells the model of the document and is no part of it, so it stands before it as text.
 * @returns undefined for a source of an unknown kind
 */
export function decodeDocument(
  block: JsonObject,
  path: string,
  unplaced: Set<string>,
): (TextPart | ImagePart | DocumentPart)[] | undefined {
  noteCitations(block, unplaced);
  const raw = sourceOf(block, path);
  const title = readText(block.title, `${path}.title`);
  const context = readText(block.context, `${path}.context`);
  const before: TextPart[] = context === null ? [] : [{ type: 'text', text: context }];
  const facts = { ...(title === null ? {} : { name: title }), ...markOf(block) };
  if (raw.type === 'text') {
    const text = requireText(raw.data, `${path}.source.data`);
    return [...before, { type: 'document', source: { kind: 'text', text }, ...facts }];
  }
  if (raw.type === 'content')
    return [...before, ...decodeContent(raw.content, `${path}.source.content`, facts)];
  const source = decodeSource(raw, `${path}.source`);
  return source === undefined ? undefined : [...before, { type: 'document', source, ...facts }];
}

/** A document made of blocks: its texts are one text, its pictures follow. */
function decodeContent(
  content: unknown,
  path: string,
  facts: Pick<DocumentPart, 'name' | 'cache'>,
): (ImagePart | DocumentPart)[] {
  if (typeof content !== 'string' && !Array.isArray(content)) {
    throw wrong(path, 'a string or an array of blocks');
  }
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : objectsIn(content);
  const text = blocks
    .flatMap((block, index) =>
      block.type === 'text' ? [requireText(block.text, `${path}[${index}].text`)] : [],
    )
    .join('\n\n');
  const images = blocks.flatMap((block, index) =>
    block.type === 'image' ? (decodeImage(block, `${path}[${index}]`) ?? []) : [],
  );
  return [{ type: 'document', source: { kind: 'text', text }, ...facts }, ...images];
}

/** What a caller's own search found: a document with the place where it was found. */
export function decodeSearchResult(block: JsonObject, path: string, unplaced: Set<string>): DocumentPart[] {
  noteCitations(block, unplaced);
  const texts = objectsIn(block.content).map((inner, index) =>
    requireText(inner.text, `${path}.content[${index}].text`),
  );
  const lines = [requireText(block.source, `${path}.source`), ...texts];
  const title = readText(block.title, `${path}.title`);
  return [
    {
      type: 'document',
      source: { kind: 'text', text: lines.join('\n\n') },
      ...(title === null ? {} : { name: title }),
      ...markOf(block),
    },
  ];
}

function sourceOf(block: JsonObject, path: string): JsonObject {
  const source = readObject(block.source, `${path}.source`);
  if (source === null) throw wrong(`${path}.source`, 'an object');
  return source;
}

function decodeSource(source: JsonObject, path: string): Source | undefined {
  switch (source.type) {
    case 'base64':
      return {
        kind: 'base64',
        mediaType: requireText(source.media_type, `${path}.media_type`),
        data: requireText(source.data, `${path}.data`),
      };
    case 'url':
      return { kind: 'url', url: requireText(source.url, `${path}.url`) };
    case 'file':
      return { kind: 'file', protocol: PROTOCOL, id: requireText(source.file_id, `${path}.file_id`) };
    default:
      return undefined;
  }
}

/** Answers that point at places in a document are Anthropic's alone. */
function noteCitations(block: JsonObject, unplaced: Set<string>): void {
  if (isObject(block.citations) && block.citations.enabled === true) unplaced.add('citations');
}
