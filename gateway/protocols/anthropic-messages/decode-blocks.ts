/** Reads the blocks of a message (`ContentBlockParam` of @anthropic-ai/sdk). */
import { unwrapReplay } from '../canonical/replay.ts';
import type {
  AssistantPart,
  DocumentPart,
  ImagePart,
  OpaquePart,
  ReasoningPart,
  TextPart,
  ToolResultPart,
  UserPart,
} from '../canonical/request.ts';
import { asText, isObject, type JsonObject, objectsIn } from '../json.ts';
import { decodeDocument, decodeImage, decodeSearchResult } from './decode-media.ts';
import { readBoolean, readText, requireText, wrong } from './fields.ts';
import { citationOf, inputText, markOf, PROTOCOL } from './words.ts';

export function decodeUserBlock(block: JsonObject, path: string, unplaced: Set<string>): UserPart[] {
  switch (block.type) {
    case 'text':
      return [decodeText(block, path)];
    case 'image':
    case 'document':
    case 'search_result':
      return decodeMedia(block, path, unplaced) ?? [opaque(block, path)];
    case 'tool_result':
      return [decodeToolResult(block, path, unplaced)];
    default:
      return [summary(block) ?? opaque(block, path)];
  }
}

export function decodeAssistantBlock(block: JsonObject, path: string): AssistantPart[] {
  switch (block.type) {
    case 'text':
      return [decodeText(block, path)];
    case 'thinking':
      return decodeThinking(readText(block.thinking, `${path}.thinking`) ?? '', block.signature, false);
    case 'redacted_thinking':
      return decodeThinking('', block.data, true);
    case 'tool_use':
      return [
        {
          type: 'tool_call',
          id: requireText(block.id, `${path}.id`),
          name: requireText(block.name, `${path}.name`),
          kind: 'function',
          input: inputText(block.input),
          ...markOf(block),
        },
      ];
    default:
      return [summary(block) ?? opaque(block, path)];
  }
}

/** What stands in the place of a conversation that was compacted (beta `compact`): without it, all would be lost. */
function summary({ type, content }: JsonObject): TextPart | undefined {
  return type === 'compaction' && typeof content === 'string' && content !== ''
    ? { type: 'text', text: content }
    : undefined;
}

export function decodeText(block: JsonObject, path: string): TextPart {
  const citations = objectsIn(block.citations).map(citationOf);
  return {
    type: 'text',
    text: requireText(block.text, `${path}.text`),
    ...markOf(block),
    ...(citations.length === 0 ? {} : { citations }),
  };
}

/** @returns undefined for a source of a kind that nobody else knows */
function decodeMedia(
  block: JsonObject,
  path: string,
  unplaced: Set<string>,
): (TextPart | ImagePart | DocumentPart)[] | undefined {
  switch (block.type) {
    case 'image':
      return decodeImage(block, path);
    case 'document':
      return decodeDocument(block, path, unplaced);
    default:
      return decodeSearchResult(block, path, unplaced);
  }
}

/**
 * A signature that a gateway wrapped is another maker's; any other is of this protocol and an unknown maker.
 * One that is damaged can be given back to nobody.
 */
function decodeThinking(text: string, carrier: unknown, redacted: boolean): ReasoningPart[] {
  const data = asText(carrier) ?? '';
  const replay = unwrapReplay(data);
  if (replay === null) return [];
  const own =
    data === '' ? null : ({ protocol: PROTOCOL, providerId: null, id: null, data, redacted } as const);
  return [{ type: 'reasoning', text, replay: replay ?? own }];
}

function decodeToolResult(block: JsonObject, path: string, unplaced: Set<string>): ToolResultPart {
  return {
    type: 'tool_result',
    callId: requireText(block.tool_use_id, `${path}.tool_use_id`),
    parts: resultParts(block.content, `${path}.content`, unplaced),
    isError: readBoolean(block.is_error, `${path}.is_error`) ?? false,
    ...markOf(block),
  };
}

function resultParts(content: unknown, path: string, unplaced: Set<string>): ToolResultPart['parts'] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw wrong(path, 'a string or an array of blocks');
  return content.flatMap((block: unknown, index) => {
    const where = `${path}[${index}]`;
    if (typeof block === 'string') return [{ type: 'text', text: block }];
    if (!isObject(block)) throw wrong(where, 'an object with a `type`');
    return resultPart(block, where, unplaced);
  });
}

function resultPart(block: JsonObject, path: string, unplaced: Set<string>): ToolResultPart['parts'] {
  switch (block.type) {
    case 'text':
      return [decodeText(block, path)];
    case 'tool_reference':
      // A search for tools found it; every tool of the request is there for the model anyway.
      return [{ type: 'text', text: `Tool: ${asText(block.tool_name) ?? ''}`, ...markOf(block) }];
    case 'image':
    case 'document':
    case 'search_result': {
      const parts = decodeMedia(block, path, unplaced);
      if (parts !== undefined) return parts;
    }
  }
  unplaced.add(requireText(block.type, `${path}.type`));
  return [];
}

function opaque(block: JsonObject, path: string): OpaquePart {
  return { type: 'opaque', protocol: PROTOCOL, name: requireText(block.type, `${path}.type`), raw: block };
}
