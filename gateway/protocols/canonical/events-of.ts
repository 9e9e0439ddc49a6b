/** A whole answer as the events of a stream, for a provider that does not stream when asked to. */
import type { CanonicalAnswer, CanonicalEvent } from './answer.ts';
import type { AssistantPart } from './request.ts';

export function eventsOf({ parts, finish, usage }: CanonicalAnswer): CanonicalEvent[] {
  return [{ type: 'start' }, ...parts.flatMap(partEvents), { type: 'finish', finish, usage }];
}

function partEvents(part: AssistantPart, index: number): CanonicalEvent[] {
  switch (part.type) {
    case 'opaque':
      return [
        { type: 'part_start', index, part },
        { type: 'part_end', index },
      ];
    case 'tool_call': {
      const { type, id, name, namespace, kind, input } = part;
      return [
        { type: 'part_start', index, part: { type, id, name, namespace, kind } },
        ...delta(index, input),
        { type: 'part_end', index },
      ];
    }
    case 'reasoning':
      return [
        { type: 'part_start', index, part: { type: 'reasoning' } },
        ...delta(index, part.text),
        { type: 'part_end', index, replay: part.replay },
      ];
    default:
      return [
        { type: 'part_start', index, part: { type: part.type } },
        ...delta(index, part.text),
        ...(part.type === 'text' ? (part.citations ?? []) : []).map(
          (citation): CanonicalEvent => ({ type: 'citation', index, citation }),
        ),
        { type: 'part_end', index },
      ];
  }
}

function delta(index: number, text: string): CanonicalEvent[] {
  return text === '' ? [] : [{ type: 'delta', index, text }];
}
