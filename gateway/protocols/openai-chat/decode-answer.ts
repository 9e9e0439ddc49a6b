import type { CanonicalAnswer, CanonicalEvent, OpenedPart } from '../canonical/answer.ts';
import type { Origin } from '../canonical/codec.ts';
import type { AssistantPart } from '../canonical/request.ts';
import { isObject, type JsonObject, objectsIn } from '../json.ts';
import { ChatStreamDecoder } from './decode-stream.ts';

/**
 * Reads a whole answer as a stream of one chunk, so that both are understood alike.
 * @returns undefined where the body holds no answer
 */
export function decodeAnswer(body: JsonObject, origin: Origin): CanonicalAnswer | undefined {
  const chunk = asChunk(body);
  if (chunk === undefined) return undefined;
  const decoder = new ChatStreamDecoder(origin);
  return answerOf([...decoder.push(chunk), ...decoder.push('[DONE]')]);
}

/** Calls of a whole message are told apart by their places. */
function asChunk(body: JsonObject): JsonObject | undefined {
  const [choice] = objectsIn(body.choices);
  if (choice === undefined || !isObject(choice.message)) return undefined;
  const { tool_calls: calls } = choice.message;
  const placed = Array.isArray(calls) ? { tool_calls: calls.map(withPlace) } : {};
  return { ...body, choices: [{ ...choice, index: 0, delta: { ...choice.message, ...placed } }] };
}

function withPlace(call: unknown, index: number): unknown {
  return isObject(call) ? { ...call, index } : call;
}

/** @returns undefined where the events do not end well */
function answerOf(events: readonly CanonicalEvent[]): CanonicalAnswer | undefined {
  const parts = new Map<number, AssistantPart>();
  for (const event of events) {
    switch (event.type) {
      case 'part_start':
        parts.set(event.index, begun(event.part));
        break;
      case 'finish':
        return { parts: [...parts.values()], finish: event.finish, usage: event.usage };
      default: {
        if (!('index' in event)) break;
        const part = parts.get(event.index);
        if (part !== undefined) parts.set(event.index, goneOn(part, event));
      }
    }
  }
  return undefined;
}

function begun(part: OpenedPart): AssistantPart {
  switch (part.type) {
    case 'tool_call':
      return { ...part, input: '' };
    case 'reasoning':
      return { type: 'reasoning', text: '', replay: null };
    case 'opaque':
      return part;
    default:
      return { type: part.type, text: '' };
  }
}

function goneOn(part: AssistantPart, event: CanonicalEvent): AssistantPart {
  switch (event.type) {
    case 'delta':
      if (part.type === 'tool_call') return { ...part, input: part.input + event.text };
      return part.type === 'opaque' ? part : { ...part, text: part.text + event.text };
    case 'citation':
      if (part.type !== 'text') return part;
      return { ...part, citations: [...(part.citations ?? []), event.citation] };
    case 'part_end':
      return part.type === 'reasoning' ? { ...part, replay: event.replay ?? null } : part;
    default:
      return part;
  }
}
