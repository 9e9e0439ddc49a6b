/** A conversation in a provider's words: results of tools become messages of their own. */
import type {
  DocumentPart,
  ImagePart,
  ToolResultPart,
  Turn,
  UserPart,
  UserTurn,
} from '../canonical/request.ts';
import type { JsonObject } from '../json.ts';
import { encodeAssistant } from './encode-assistant.ts';
import {
  contentOf,
  type Encoding,
  encodeAudio,
  encodeDocument,
  encodeImage,
  encodeText,
  textOfDocument,
} from './encode-content.ts';

/** @param fillReasoning whether the target refuses assistant messages without reasoning, be it empty */
export function encodeMessages(
  turns: readonly Turn[],
  encoding: Encoding,
  fillReasoning: boolean,
): JsonObject[] {
  const toolNames = new Map<string, string>();
  return turns.flatMap((turn): JsonObject[] => {
    if (turn.role === 'system') {
      const parts = turn.parts.map((part) => encodeText(part, encoding));
      return [{ role: 'system', content: contentOf(parts) }];
    }
    if (turn.role === 'user') return encodeUser(turn, toolNames, encoding);
    for (const part of turn.parts) if (part.type === 'tool_call') toolNames.set(part.id, part.name);
    const message = encodeAssistant(turn, encoding, fillReasoning);
    return message === undefined ? [] : [message];
  });
}

/** Results first, right behind their calls; what they show and what the user said follow in one message. */
function encodeUser(
  { parts }: UserTurn,
  toolNames: ReadonlyMap<string, string>,
  encoding: Encoding,
): JsonObject[] {
  const results = parts.filter((part) => part.type === 'tool_result');
  const shown = results.flatMap((result) => shownByResult(result, toolNames, encoding));
  const said = parts.flatMap((part) => (part.type === 'tool_result' ? [] : [encodeUserPart(part, encoding)]));
  const content = [...shown, ...said];
  return [
    ...results.map((result) => encodeResult(result, encoding)),
    ...(content.length === 0 ? [] : [{ role: 'user', content: contentOf(content) }]),
  ];
}

function encodeUserPart(part: Exclude<UserPart, ToolResultPart>, encoding: Encoding): JsonObject {
  switch (part.type) {
    case 'text':
      return encodeText(part, encoding);
    case 'image':
      return encodeImage(part, encoding);
    case 'document':
      return encodeDocument(part, encoding);
    case 'audio':
      return encodeAudio(part, encoding);
    case 'opaque':
      return part.raw;
  }
}

/** A `tool` message holds text alone, and has no mark for an error: that is said in words. */
function encodeResult(result: ToolResultPart, encoding: Encoding): JsonObject {
  const { callId, parts, isError, cache } = result;
  const texts = parts.flatMap((part) => {
    if (part.type === 'text') return [part.text];
    const text = part.type === 'document' ? textOfDocument(part) : undefined;
    return text === undefined ? [] : [text];
  });
  if (shownParts(result).length > 0) texts.push('[shown in the next message]');
  if (isError) texts.unshift(texts.length === 0 ? 'The tool failed.' : 'The tool failed:');
  const mark = cache ?? parts.findLast((part) => part.cache !== undefined)?.cache;
  const content = contentOf([encodeText({ type: 'text', text: texts.join('\n'), cache: mark }, encoding)]);
  return { role: 'tool', tool_call_id: callId, content };
}

/** Images and files that a tool gave back, behind a line that says which call they are of. */
function shownByResult(
  result: ToolResultPart,
  toolNames: ReadonlyMap<string, string>,
  encoding: Encoding,
): JsonObject[] {
  const shown = shownParts(result);
  if (shown.length === 0) return [];
  const { callId } = result;
  const name = toolNames.get(callId);
  const call = name === undefined ? callId : `${callId} (${name})`;
  return [
    { type: 'text', text: `Result of the tool call ${call}:` },
    ...shown.map((part) =>
      part.type === 'image' ? encodeImage(part, encoding) : encodeDocument(part, encoding),
    ),
  ];
}

/** Marks on them are told by the `tool` message. */
function shownParts({ parts }: ToolResultPart): (ImagePart | DocumentPart)[] {
  return parts.flatMap((part) => {
    if (part.type === 'text') return [];
    if (part.type === 'document' && textOfDocument(part) !== undefined) return [];
    return [{ ...part, cache: undefined }];
  });
}
