/** A provider's answer in no protocol's words: whole, or event by event. */
import type { JsonObject } from '../json.ts';
import type { TokenUsage } from '../usage.ts';
import type { Replay } from './replay.ts';
import type { AssistantPart, Citation, OpaquePart } from './request.ts';

export interface CanonicalAnswer {
  parts: AssistantPart[];
  finish: Finish;
  /** Null where the provider told none. */
  usage: TokenUsage | null;
}

export type FinishReason =
  | 'stop'
  | 'stop_sequence'
  | 'tool_calls'
  /** The answer's own limit. */
  | 'length'
  /** The model's window is full. */
  | 'context_window'
  | 'content_filter'
  /** The model declined. */
  | 'refusal'
  /** Anthropic's `pause_turn`: the provider stopped in the middle of its own tools. */
  | 'pause';

export interface Finish {
  reason: FinishReason;
  /** The text that ended it, where the provider says which. */
  stopSequence: string | null;
  /** Anthropic's `stop_details`, as it came. */
  details: JsonObject | null;
}

export function finishedBy(reason: FinishReason): Finish {
  return { reason, stopSequence: null, details: null };
}

/** What opens a part. An opaque part comes whole, and no delta follows. */
export type OpenedPart =
  | { type: 'text' | 'reasoning' | 'refusal' }
  | {
      type: 'tool_call';
      id: string;
      name: string;
      namespace?: string | undefined;
      kind: 'function' | 'custom';
    }
  | OpaquePart;

/**
 * One step of a stream: `start` first and once; parts, each with a start, deltas and an end; `finish` or `error`
 * last and once. Decoders may leave several parts open at a time (`index` tells them apart);
 * `oneAtATime` puts them in a row before any encoder sees them.
 */
export type CanonicalEvent =
  | { type: 'start' }
  | { type: 'part_start'; index: number; part: OpenedPart }
  /** More text, reasoning, refusal or input of a call; never empty. */
  | { type: 'delta'; index: number; text: string }
  /** Sources of a text part. */
  | { type: 'citation'; index: number; citation: Citation }
  /** `replay` belongs to a reasoning part. */
  | { type: 'part_end'; index: number; replay?: Replay | null | undefined }
  /** As told so far; a later one takes its place. */
  | { type: 'usage'; usage: TokenUsage }
  | { type: 'finish'; finish: Finish; usage: TokenUsage | null }
  | { type: 'error'; error: ProviderError };

/** What a provider said went wrong, in an error body or within a stream. */
export interface ProviderError {
  message: string;
  /** The provider's own words for the kind of error; null where it has none. */
  type: string | null;
  code: string | null;
}
