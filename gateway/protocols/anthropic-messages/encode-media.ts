/** Pictures and documents in Anthropic's words. */
import { isUtf8 } from 'node:buffer';
import type { Dropped } from '../canonical/dropped.ts';
import { leftOut } from '../canonical/fit-parts.ts';
import type { DocumentPart, ImagePart } from '../canonical/request.ts';
import type { Target } from '../canonical/target.ts';
import type { JsonObject } from '../json.ts';
import { cacheControl } from './words.ts';

/** https://platform.claude.com/docs/en/api/messages, `document.title`. */
const LONGEST_TITLE = 500;

const PDF = 'application/pdf';

/** @returns the block, or a note in its place where the target cannot be shown it */
export function encodeMedia(part: ImagePart | DocumentPart, target: Target, dropped: Dropped): JsonObject[] {
  const source = encodeSource(part, target);
  const mark = cacheControl(part.cache);
  if (source === undefined) {
    dropped.add(part.type);
    return [{ type: 'text', text: leftOut(part).text, ...mark }];
  }
  if (part.type === 'image') return [{ type: 'image', source, ...mark }];
  const title = part.name?.trim().slice(0, LONGEST_TITLE) ?? '';
  return [{ type: 'document', source, ...(title === '' ? {} : { title }), ...mark }];
}

function encodeSource({ type, source }: ImagePart | DocumentPart, target: Target): JsonObject | undefined {
  switch (source.kind) {
    case 'url':
      return target.traits.messages.urls ? { type: 'url', url: source.url } : undefined;
    case 'file':
      return { type: 'file', file_id: source.id };
    case 'text':
      return textSource(source.text);
    default:
      if (type === 'image') return { type: 'base64', media_type: source.mediaType, data: source.data };
      return source.mediaType === PDF || isPdf(source.data)
        ? { type: 'base64', media_type: PDF, data: source.data }
        : fileText(source.data);
  }
}

/** By what it is: clients call it anything. Base64 of `%PDF-`. */
function isPdf(base64: string): boolean {
  return base64.startsWith('JVBERi0');
}

/** The service takes PDF and plain text; a file of any other type that is text is told as such. */
function fileText(base64: string): JsonObject | undefined {
  const bytes = Buffer.from(base64, 'base64');
  return isUtf8(bytes) && !bytes.includes(0) ? textSource(bytes.toString('utf8')) : undefined;
}

function textSource(text: string): JsonObject {
  return { type: 'text', media_type: 'text/plain', data: text.trim() === '' ? '(blank)' : text };
}
