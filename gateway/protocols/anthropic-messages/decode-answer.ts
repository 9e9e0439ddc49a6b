/** Reads a whole answer (`Message` of @anthropic-ai/sdk). */
import type { CanonicalAnswer } from '../canonical/answer.ts';
import type { Origin } from '../canonical/codec.ts';
import type { Replay } from '../canonical/replay.ts';
import type { AssistantPart, Citation, ReasoningPart } from '../canonical/request.ts';
import { asText, type JsonObject, objectsIn } from '../json.ts';
import { readUsage } from '../usage.ts';
import { decodeFinish } from './finish.ts';
import { citationOf, inputText, PROTOCOL } from './words.ts';

/** @returns undefined for a body without `content` */
export function decodeAnswer(body: JsonObject, origin: Origin): CanonicalAnswer | undefined {
  if (!Array.isArray(body.content)) return undefined;
  const parts = objectsIn(body.content).flatMap((block, index) => decodePart(block, index, origin));
  return {
    parts,
    finish: decodeFinish(
      body,
      parts.some((part) => part.type === 'tool_call'),
    ),
    usage: readUsage(PROTOCOL, body.usage, null),
  };
}

function decodePart(block: JsonObject, index: number, origin: Origin): AssistantPart[] {
  switch (block.type) {
    case 'text':
      return decodeText(asText(block.text) ?? '', objectsIn(block.citations).map(citationOf));
    case 'thinking':
      return [reasoning(asText(block.thinking) ?? '', block.signature, false, origin)];
    case 'redacted_thinking':
      return [reasoning('', block.data, true, origin)];
    case 'tool_use':
      return [{ type: 'tool_call', ...calledTool(block, index), input: inputText(block.input) }];
    default:
      return typeof block.type === 'string'
        ? [{ type: 'opaque', protocol: PROTOCOL, name: block.type, raw: block }]
        : [];
  }
}

function decodeText(text: string, citations: Citation[]): AssistantPart[] {
  if (text === '') return [];
  return [{ type: 'text', text, ...(citations.length === 0 ? {} : { citations }) }];
}

/**
 * What was thought, with what its maker must see again.
 * @param carrier `signature` or `data`; services that copy the protocol may give none
 */
export function reasoning(
  text: string,
  carrier: unknown,
  redacted: boolean,
  { providerId }: Origin,
): ReasoningPart {
  const data = asText(carrier) ?? '';
  const replay: Replay | null =
    data === '' ? null : { protocol: PROTOCOL, providerId, id: null, data, redacted };
  return { type: 'reasoning', text, replay };
}

/** Services that copy the protocol may forget the id. */
export function calledTool(block: JsonObject, index: number): { id: string; name: string; kind: 'function' } {
  return {
    id: asText(block.id) || `toolu_${index}`,
    name: asText(block.name) ?? '',
    kind: 'function',
  };
}
