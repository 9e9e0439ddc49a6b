/** Content of messages in a provider's words. */
import type { Dropped } from '../canonical/dropped.ts';
import { leftOut } from '../canonical/fit-parts.ts';
import type { AudioPart, CacheMark, DocumentPart, ImagePart, TextPart } from '../canonical/request.ts';
import type { Target } from '../canonical/target.ts';
import type { JsonObject } from '../json.ts';
import { dataUrl, textOfBase64 } from './data-url.ts';

export interface Encoding {
  target: Target;
  dropped: Dropped;
}

/** Between texts that were parts of their own. */
const BETWEEN = '\n\n';

/**
 * Text alone becomes one string, which every server takes; anything else an array of parts.
 * @param parts as the functions below make them
 */
export function contentOf(parts: readonly JsonObject[]): string | JsonObject[] {
  const texts = parts.flatMap((part) =>
    part.type === 'text' && part.cache_control === undefined ? [String(part.text)] : [],
  );
  return texts.length === parts.length ? texts.join(BETWEEN) : [...parts];
}

export function encodeText({ text, cache }: TextPart, encoding: Encoding): JsonObject {
  return { type: 'text', text, ...cacheControl(cache, encoding) };
}

/** Members to spread into a part: OpenRouter takes Anthropic's marks, others know none. */
export function cacheControl(cache: CacheMark | undefined, { target, dropped }: Encoding): JsonObject {
  if (cache === undefined) return {};
  if (!target.traits.chat.cacheMarks) {
    dropped.add('cache_control');
    return {};
  }
  return { cache_control: { type: 'ephemeral', ...(cache.ttl === null ? {} : { ttl: cache.ttl }) } };
}

export function encodeImage(part: ImagePart, encoding: Encoding): JsonObject {
  const { source, detail, cache } = part;
  if (source.kind === 'file') return leaveOut(part, encoding);
  const url = source.kind === 'url' ? source.url : dataUrl(source.mediaType, source.data);
  return {
    type: 'image_url',
    image_url: { url, ...(detail === undefined ? {} : { detail }) },
    ...cacheControl(cache, encoding),
  };
}

/** PDF goes as a file where the target takes files; text goes as text; addresses of files go nowhere. */
export function encodeDocument(part: DocumentPart, encoding: Encoding): JsonObject {
  const { source, name, cache } = part;
  const text = textOfDocument(part);
  if (text !== undefined) return encodeText({ type: 'text', text, cache }, encoding);
  const { files } = encoding.target.traits.chat;
  if (source.kind === 'file' && files) {
    return { type: 'file', file: { file_id: source.id }, ...cacheControl(cache, encoding) };
  }
  if (source.kind !== 'base64' || source.mediaType !== 'application/pdf' || !files) {
    return leaveOut(part, encoding);
  }
  const file = { filename: name ?? 'document.pdf', file_data: dataUrl(source.mediaType, source.data) };
  return { type: 'file', file, ...cacheControl(cache, encoding) };
}

/** @returns undefined for a document that is no text */
export function textOfDocument({ source, name }: DocumentPart): string | undefined {
  const isText = source.kind === 'base64' && source.mediaType.startsWith('text/');
  if (source.kind !== 'text' && !isText) return undefined;
  const text = source.kind === 'text' ? source.text : textOfBase64(source.data);
  return name === undefined ? text : `${name}:\n${text}`;
}

export function encodeAudio({ format, data }: AudioPart, { target, dropped }: Encoding): JsonObject {
  const known = target.facts.inputModalities;
  if (known === null || known.includes('audio'))
    return { type: 'input_audio', input_audio: { data, format } };
  dropped.add('audio');
  return { type: 'text', text: '[audio left out: this model cannot hear it]' };
}

function leaveOut(part: ImagePart | DocumentPart, encoding: Encoding): JsonObject {
  encoding.dropped.add(part.type);
  return encodeText(leftOut(part), encoding);
}
