/** What messages of every role but the assistant's hold, as callers write it. */
import type {
  DocumentPart,
  ImagePart,
  OpaquePart,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../canonical/request.ts';
import { asText, isObject, type JsonObject } from '../json.ts';
import { decodeAnthropicMedia } from './anthropic-blocks.ts';
import { cacheMarkOf } from './cache-mark.ts';
import type { Conversation } from './conversation.ts';
import { sourceOfFile, sourceOfUrl } from './data-url.ts';
import { badMessage, isAbsent, messageText, neededText } from './fields.ts';
import { isAnthropicBlock } from './foreign-shapes.ts';

export interface ContentPart {
  part: JsonObject;
  path: string;
}

/**
 * Cuts `content` into parts; a string is one part of text, nothing is none.
 * @throws GatewayError `invalid_messages`
 */
export function contentParts(content: unknown, path: string): ContentPart[] {
  if (isAbsent(content)) return [];
  if (typeof content === 'string') return [{ part: { type: 'text', text: content }, path }];
  if (!Array.isArray(content)) throw badMessage(path, 'must be a string or an array of parts.');
  return content.map((part: unknown, index) => {
    if (!isObject(part)) throw badMessage(`${path}[${index}]`, 'must be an object with a `type`.');
    return { part, path: `${path}[${index}]` };
  });
}

/** @throws GatewayError `invalid_messages` */
export function decodeUserContent(content: unknown, path: string, conversation: Conversation): UserPart[] {
  return contentParts(content, path).map(({ part, path: at }) => userPart(part, at, conversation));
}

function userPart(part: JsonObject, path: string, conversation: Conversation): UserPart {
  if (part.type === 'tool_result') return toolResult(part, path, conversation);
  const { type, input_audio: audio } = part;
  if (type === 'input_audio' && isObject(audio)) {
    const format = neededText(audio.format, `${path}.input_audio.format`);
    return { type: 'audio', format, data: neededText(audio.data, `${path}.input_audio.data`) };
  }
  return decodeShownPart(part, path) ?? opaquePart(part);
}

/** Anthropic's block. */
function toolResult(part: JsonObject, path: string, conversation: Conversation): ToolResultPart {
  const callId = neededText(part.tool_use_id, `${path}.tool_use_id`);
  return {
    type: 'tool_result',
    callId,
    parts: decodeResultContent(part.content, `${path}.content`, conversation),
    isError: part.is_error === true,
    ...(conversation.isCustomCall(callId) ? { custom: true } : {}),
    ...cacheMarkOf(part),
  };
}

/** System messages are text; what else is in them is told of. @throws GatewayError `invalid_messages` */
export function decodeSystemContent(content: unknown, path: string, { unplaced }: Conversation): TextPart[] {
  return contentParts(content, path).flatMap(({ part, path: at }) => {
    if (isText(part)) return [textPart(part, at)];
    unplaced.add(at);
    return [];
  });
}

/** What a tool gave back; parts that no result can hold are told of. @throws GatewayError `invalid_messages` */
export function decodeResultContent(
  content: unknown,
  path: string,
  { unplaced }: Conversation,
): ToolResultPart['parts'] {
  return contentParts(content, path).flatMap(({ part, path: at }) => {
    const shown = decodeShownPart(part, at);
    if (shown === undefined) unplaced.add(at);
    return shown ?? [];
  });
}

/** Text, images and files. @returns undefined for any other part. @throws GatewayError `invalid_messages` */
function decodeShownPart(part: JsonObject, path: string): TextPart | ImagePart | DocumentPart | undefined {
  if (isText(part)) return textPart(part, path);
  switch (part.type) {
    case 'image_url':
    case 'input_image':
      return imagePart(part, path);
    case 'file':
    case 'input_file':
      return filePart(part, path);
    default:
      return decodeAnthropicMedia(part, path);
  }
}

export function isText({ type }: JsonObject): boolean {
  return type === 'text' || type === 'input_text' || type === 'output_text';
}

/** @throws GatewayError `invalid_messages` */
export function textPart(part: JsonObject, path: string): TextPart {
  return { type: 'text', text: messageText(part.text, `${path}.text`), ...cacheMarkOf(part) };
}

export function opaquePart(part: JsonObject): OpaquePart {
  const protocol = isAnthropicBlock(part) ? 'anthropic-messages' : 'openai-chat';
  return { type: 'opaque', protocol, name: asText(part.type) ?? 'content', raw: part };
}

/** Some clients write the address without an object around it, as the Responses API does. */
function imagePart(part: JsonObject, path: string): ImagePart {
  const image = isObject(part.image_url) ? part.image_url : { url: part.image_url, detail: part.detail };
  const url = neededText(image.url, `${path}.image_url.url`);
  const detail = asText(image.detail);
  return {
    type: 'image',
    source: sourceOfUrl(url, `${path}.image_url.url`),
    ...(detail === null ? {} : { detail }),
    ...cacheMarkOf(part),
  };
}

function filePart(part: JsonObject, path: string): DocumentPart {
  const file = isObject(part.file) ? part.file : part;
  const name = asText(file.filename);
  return {
    type: 'document',
    source: fileSource(file, path),
    ...(name === null ? {} : { name }),
    ...cacheMarkOf(part),
  };
}

function fileSource(file: JsonObject, path: string): DocumentPart['source'] {
  const data = asText(file.file_data) ?? asText(file.file_url);
  if (data !== null) return sourceOfFile(data, `${path}.file.file_data`);
  const id = neededText(file.file_id, `${path}.file.file_data`);
  return { kind: 'file', protocol: 'openai-chat', id };
}
