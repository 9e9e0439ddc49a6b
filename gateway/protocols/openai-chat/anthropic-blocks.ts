/** Anthropic's blocks among the parts of chat messages: https://platform.claude.com/docs/en/api/messages */
import { unwrapReplay } from '../canonical/replay.ts';
import type { DocumentPart, ImagePart, ReasoningPart, Source, ToolCallPart } from '../canonical/request.ts';
import { asText, isObject, type JsonObject } from '../json.ts';
import { cacheMarkOf } from './cache-mark.ts';
import { isAbsent, messageText, neededText } from './fields.ts';

/** @returns undefined for any other part, and for sources of kinds that nobody knows */
export function decodeAnthropicMedia(part: JsonObject, path: string): ImagePart | DocumentPart | undefined {
  if (!isObject(part.source)) return undefined;
  if (part.type === 'image') {
    const source = mediaSource(part.source, path);
    return source === undefined ? undefined : { type: 'image', source, ...cacheMarkOf(part) };
  }
  if (part.type !== 'document') return undefined;
  const source = mediaSource(part.source, path) ?? textSource(part.source, path);
  const name = asText(part.title);
  if (source === undefined) return undefined;
  return { type: 'document', source, ...(name === null ? {} : { name }), ...cacheMarkOf(part) };
}

function mediaSource(source: JsonObject, path: string): Source | undefined {
  switch (source.type) {
    case 'base64':
      return {
        kind: 'base64',
        mediaType: neededText(source.media_type, `${path}.source.media_type`),
        data: neededText(source.data, `${path}.source.data`),
      };
    case 'url':
      return { kind: 'url', url: neededText(source.url, `${path}.source.url`) };
    case 'file': {
      const id = neededText(source.file_id, `${path}.source.file_id`);
      return { kind: 'file', protocol: 'anthropic-messages', id };
    }
    default:
      return undefined;
  }
}

function textSource({ type, data }: JsonObject, path: string): DocumentPart['source'] | undefined {
  return type === 'text' ? { kind: 'text', text: messageText(data, `${path}.source.data`) } : undefined;
}

/** @throws GatewayError `invalid_messages` */
export function decodeToolUse(part: JsonObject, path: string): ToolCallPart {
  return {
    type: 'tool_call',
    id: neededText(part.id, `${path}.id`),
    name: neededText(part.name, `${path}.name`),
    kind: 'function',
    input: isAbsent(part.input) ? '' : JSON.stringify(part.input),
    ...cacheMarkOf(part),
  };
}

/** `thinking` and `redacted_thinking`. @returns undefined where a wrapped replay is damaged */
export function decodeThinking({ thinking, signature, data }: JsonObject): ReasoningPart | undefined {
  const text = asText(thinking) ?? '';
  const seal = asText(signature) || asText(data) || null;
  if (seal === null) return { type: 'reasoning', text, replay: null };
  const replay = unwrapReplay(seal);
  if (replay === null) return undefined;
  const redacted = typeof thinking !== 'string';
  const native = {
    protocol: 'anthropic-messages',
    providerId: null,
    id: null,
    data: seal,
    redacted,
  } as const;
  return { type: 'reasoning', text, replay: replay ?? native };
}
