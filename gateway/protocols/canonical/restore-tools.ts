/** Gives the caller's own tools back: the provider knows them under other names, and some in another form. */
import type { CanonicalAnswer, CanonicalEvent } from './answer.ts';
import type { ToolOrigin } from './fit-tools.ts';
import { FreeTextReader, fromArguments } from './free-text-input.ts';
import type { ToolCallPart } from './request.ts';

type Origins = ReadonlyMap<string, ToolOrigin>;

export function restoreTools(answer: CanonicalAnswer, origins: Origins): CanonicalAnswer {
  return {
    ...answer,
    parts: answer.parts.map((part) => (part.type === 'tool_call' ? restoredCall(part, origins) : part)),
  };
}

function restoredCall(call: ToolCallPart, origins: Origins): ToolCallPart {
  const origin = origins.get(call.name);
  if (origin === undefined) return call;
  const { name, namespace, kind, wrapped } = origin;
  return { ...call, name, namespace, kind, input: wrapped ? fromArguments(call.input) : call.input };
}

/** The same for a stream. */
export class StreamToolRestorer {
  readonly #origins: Origins;
  /** Calls whose text is being unwrapped, by the index of their part. */
  readonly #readers = new Map<number, FreeTextReader>();

  constructor(origins: Origins) {
    this.#origins = origins;
  }

  push(event: CanonicalEvent): CanonicalEvent[] {
    switch (event.type) {
      case 'part_start': {
        const { index, part } = event;
        if (part.type !== 'tool_call') return [event];
        const origin = this.#origins.get(part.name);
        if (origin === undefined) return [event];
        const { name, namespace, kind, wrapped } = origin;
        if (wrapped) this.#readers.set(index, new FreeTextReader());
        return [{ type: 'part_start', index, part: { ...part, name, namespace, kind } }];
      }
      case 'delta': {
        const reader = this.#readers.get(event.index);
        return reader === undefined ? [event] : delta(event.index, reader.push(event.text));
      }
      case 'part_end': {
        const rest = this.#readers.get(event.index)?.end() ?? '';
        this.#readers.delete(event.index);
        return [...delta(event.index, rest), event];
      }
      default:
        return [event];
    }
  }
}

function delta(index: number, text: string): CanonicalEvent[] {
  return text === '' ? [] : [{ type: 'delta', index, text }];
}
