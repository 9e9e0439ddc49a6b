/** Reasoning as a caller gives it back, or as a provider tells it: the item is the same. */

import { type Replay, unwrapReplay } from '../canonical/replay.ts';
import type { ReasoningPart } from '../canonical/request.ts';
import { asText, type JsonObject, objectsIn } from '../json.ts';

/** Between the parts of a summary. */
export const SUMMARY_BREAK = '\n\n';

/** The summary; what was thought itself where there is no summary, as open models tell it. */
export function reasoningText(item: JsonObject): string {
  const summary = textsIn(item.summary);
  return summary.length > 0 ? summary.join(SUMMARY_BREAK) : textsIn(item.content).join('');
}

/**
 * @param providerId null for a caller's item, whose maker is unknown unless a gateway wrapped it
 * @returns undefined for what a gateway wrapped and is damaged: it is of no use to anyone
 */
export function replayIn(item: JsonObject, providerId: string | null): Replay | null | undefined {
  const data = asText(item.encrypted_content);
  if (data === null || data === '') return null;
  const wrapped = providerId === null ? unwrapReplay(data) : undefined;
  if (wrapped !== undefined) return wrapped ?? undefined;
  return { protocol: 'openai-responses', providerId, id: asText(item.id), data, redacted: false };
}

/** @returns undefined for an item that says nothing */
export function reasoningPart(item: JsonObject, providerId: string | null): ReasoningPart | undefined {
  const text = reasoningText(item);
  const replay = replayIn(item, providerId);
  return replay === undefined || (replay === null && text === '')
    ? undefined
    : { type: 'reasoning', text, replay };
}

function textsIn(parts: unknown): string[] {
  return objectsIn(parts).flatMap(({ text }) => (typeof text === 'string' && text !== '' ? [text] : []));
}
