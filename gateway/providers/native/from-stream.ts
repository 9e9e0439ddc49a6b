/** A stream of the AI SDK as events of the gateway. */
import type { CanonicalEvent } from '../../protocols/canonical/answer.ts';
import type { Dropped } from '../../protocols/canonical/dropped.ts';
import { isObject } from '../../protocols/json.ts';
import type { TokenUsage } from '../../protocols/usage.ts';
import { endingOf } from './ending.ts';
import type { NativeKind } from './kinds.ts';
import { signatureOf, stopSequenceOf } from './metadata.ts';
import { OpenParts } from './open-parts.ts';
import { streamError } from './provider-error.ts';
import type { StreamPart } from './sdk.ts';
import type { Maker } from './signatures.ts';
import { nativeUsage } from './usage.ts';
import { reportWarnings } from './warnings.ts';

/** An answer begins with its first part or its end: what fails before may be asked of another provider. */
export class NativeStreamReader {
  readonly #kind: NativeKind;
  readonly #dropped: Dropped;
  readonly #parts: OpenParts;
  #begun = false;
  #usage: TokenUsage | null = null;
  /** `finish` or `error` was told, or the stream ended without either. */
  over = false;

  constructor(kind: NativeKind, maker: Maker, dropped: Dropped) {
    this.#kind = kind;
    this.#dropped = dropped;
    this.#parts = new OpenParts(kind, maker);
  }

  push(part: StreamPart): CanonicalEvent[] {
    const events = this.over ? [] : this.#read(part);
    if (this.#begun || events.length === 0 || events[0]?.type === 'error') return events;
    this.#begun = true;
    return [{ type: 'start' }, ...this.#toldUsage(), ...events];
  }

  #read(part: StreamPart): CanonicalEvent[] {
    switch (part.type) {
      case 'stream-start':
        reportWarnings(part.warnings, this.#dropped);
        return [];
      case 'text-delta':
        return this.#parts.text(part.id, part.delta);
      case 'reasoning-start':
      case 'reasoning-delta':
        return this.#parts.reasoning(part.id, 'delta' in part ? part.delta : '', signatureOf(part));
      case 'reasoning-end':
        this.#parts.reasoning(part.id, '', signatureOf(part));
        return this.#parts.end(part.id);
      case 'text-end':
      case 'tool-input-end':
        return this.#parts.end(part.id);
      case 'tool-input-start':
        return this.#parts.call(part.id, part.toolName, signatureOf(part));
      case 'tool-input-delta':
        return this.#parts.input(part.id, part.delta);
      case 'file':
        this.#dropped.add('image');
        return [];
      case 'raw':
        return this.#usageSoFar(part.rawValue);
      case 'error':
        this.over = true;
        return [{ type: 'error', error: streamError(part.error) }];
      case 'finish':
        return this.#finish(part);
      default:
        return [];
    }
  }

  /** Gemini tells usage with every event: should the stream be cut, what was used until then is known. */
  #usageSoFar(raw: unknown): CanonicalEvent[] {
    const told = nativeUsage(this.#kind, isObject(raw) ? raw.usageMetadata : undefined);
    if (told === null) return [];
    this.#usage = told;
    return this.#begun ? this.#toldUsage() : [];
  }

  #toldUsage(): CanonicalEvent[] {
    return this.#usage === null ? [] : [{ type: 'usage', usage: this.#usage }];
  }

  #finish(part: Extract<StreamPart, { type: 'finish' }>): CanonicalEvent[] {
    this.over = true;
    const ending = endingOf(this.#kind, part.finishReason, stopSequenceOf(part));
    if (ending === null) return [];
    if ('error' in ending) return [{ type: 'error', ...ending }];
    const usage = nativeUsage(this.#kind, part.usage.raw) ?? this.#usage;
    return [...this.#parts.endAll(), { type: 'finish', finish: ending.finish, usage }];
  }
}
