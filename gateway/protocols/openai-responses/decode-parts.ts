/** Contents of messages and outputs of tools, as callers send them. */
import { GatewayError } from '../../errors.ts';
import type {
  AssistantPart,
  AudioPart,
  CacheMark,
  DocumentPart,
  ImagePart,
  OpaquePart,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../canonical/request.ts';
import { asText, isObject, type JsonObject } from '../json.ts';
import { citationsOf } from './annotations.ts';
import { isAbsent, neededText, objectsField } from './fields.ts';
import { sourceOfFileData, sourceOfFileId, sourceOfUrl } from './sources.ts';

/** @throws GatewayError `invalid_messages` */
export function userParts(content: unknown, path: string): UserPart[] {
  return contentParts(content, path).map(
    ({ part, at }) => mediaPart(part, at) ?? audioPart(part, at) ?? opaqueContent('user', part),
  );
}

/** @throws GatewayError `invalid_messages` */
export function assistantParts(content: unknown, path: string): AssistantPart[] {
  return contentParts(content, path).map(({ part, at }) => {
    if (part.type === 'refusal') {
      return { type: 'refusal', text: neededText(part.refusal, `${at}.refusal`) };
    }
    return isText(part) ? textPart(part, at) : opaqueContent('assistant', part);
  });
}

/**
 * @param unplaced is told of parts that are no text: nobody takes them in this place
 * @throws GatewayError `invalid_messages`
 */
export function systemParts(content: unknown, path: string, unplaced: string[]): TextPart[] {
  return contentParts(content, path).flatMap(({ part, at }) => {
    if (isText(part)) return [textPart(part, at)];
    unplaced.push(`system.${nameOf(part)}`);
    return [];
  });
}

/**
 * What a tool gave back: text, parts, or any other JSON value, which then is told as JSON.
 * @param unplaced is told of parts of other types
 * @throws GatewayError `invalid_messages`
 */
export function outputParts(output: unknown, path: string, unplaced: string[]): ToolResultPart['parts'] {
  if (!isAbsent(output) && typeof output !== 'string' && !Array.isArray(output)) {
    return [{ type: 'text', text: JSON.stringify(output) }];
  }
  return contentParts(output, path).flatMap(({ part, at }) => {
    const known = mediaPart(part, at);
    if (known === undefined) unplaced.push(`function_call_output.${nameOf(part)}`);
    return known === undefined ? [] : [known];
  });
}

function contentParts(content: unknown, path: string): { part: JsonObject; at: string }[] {
  if (typeof content === 'string') return [{ part: { type: 'text', text: content }, at: path }];
  return objectsField(content, path, 'invalid_messages').map((part, index) => ({
    part,
    at: `${path}[${index}]`,
  }));
}

function mediaPart(part: JsonObject, path: string): TextPart | ImagePart | DocumentPart | undefined {
  switch (part.type) {
    case 'input_image':
    case 'image_url':
      return imagePart(part, path);
    case 'input_file':
      return filePart(part, path);
    case 'refusal':
      return { type: 'text', text: neededText(part.refusal, `${path}.refusal`) };
    default:
      return isText(part) ? textPart(part, path) : undefined;
  }
}

function isText({ type }: JsonObject): boolean {
  return type === 'input_text' || type === 'output_text' || type === 'text';
}

function textPart(part: JsonObject, path: string): TextPart {
  const citations = citationsOf(part.annotations);
  return {
    type: 'text',
    text: neededText(part.text, `${path}.text`),
    ...cacheMark(part),
    ...(citations.length === 0 ? {} : { citations }),
  };
}

function imagePart(part: JsonObject, path: string): ImagePart {
  const image = isObject(part.image_url) ? part.image_url : { url: part.image_url };
  const url = asText(image.url);
  const fileId = asText(part.file_id);
  const detail = asText(part.detail) ?? asText(image.detail);
  return {
    type: 'image',
    source:
      url !== null
        ? sourceOfUrl(url, `${path}.image_url`)
        : sourceOfFileId(needed(fileId, path, 'image_url')),
    ...(detail === null ? {} : { detail }),
    ...cacheMark(part),
  };
}

function filePart(part: JsonObject, path: string): DocumentPart {
  const name = asText(part.filename);
  return {
    type: 'document',
    source: fileSource(part, name, path),
    ...(name === null ? {} : { name }),
    ...cacheMark(part),
  };
}

function fileSource(part: JsonObject, name: string | null, path: string): DocumentPart['source'] {
  const data = asText(part.file_data);
  if (data !== null) return sourceOfFileData(data, name, `${path}.file_data`);
  const url = asText(part.file_url);
  if (url !== null) return sourceOfUrl(url, `${path}.file_url`);
  return sourceOfFileId(needed(asText(part.file_id), path, 'file_data, file_url'));
}

function needed(fileId: string | null, path: string, others: string): string {
  if (fileId !== null) return fileId;
  throw new GatewayError('invalid_messages', `\`${path}\` needs one of ${others} and file_id.`);
}

function audioPart(part: JsonObject, path: string): AudioPart | undefined {
  if (part.type !== 'input_audio') return undefined;
  const audio = isObject(part.input_audio) ? part.input_audio : {};
  return {
    type: 'audio',
    format: neededText(audio.format, `${path}.input_audio.format`),
    data: neededText(audio.data, `${path}.input_audio.data`),
  };
}

/** The service's breakpoints last 30 minutes or 12 hours (`PromptCacheBreakpoint`), Anthropic's 5 minutes or one. */
function cacheMark({ prompt_cache_breakpoint: mark }: JsonObject): { cache?: CacheMark } {
  return isObject(mark) ? { cache: { ttl: mark.ttl === '12h' ? '1h' : null } } : {};
}

/** A message of its own, so that what an opaque part holds always is a whole item. */
function opaqueContent(role: 'user' | 'assistant', part: JsonObject): OpaquePart {
  return {
    type: 'opaque',
    protocol: 'openai-responses',
    name: nameOf(part),
    raw: { type: 'message', role, content: [part] },
  };
}

function nameOf({ type }: JsonObject): string {
  return asText(type) ?? 'content';
}
