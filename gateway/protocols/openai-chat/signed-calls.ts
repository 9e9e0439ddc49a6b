/**
 * Gemini signs the calls of its tools, and refuses a conversation whose calls come back without
 * (https://ai.google.dev/gemini-api/docs/thought-signatures, "OpenAI compatibility"). Its chat completions carry
 * the signature in `extra_content` of a call. It travels as hidden reasoning right before the call.
 */
import type { ReasoningPart } from '../canonical/request.ts';
import { isObject, type JsonObject, parseObject } from '../json.ts';

/** @param providerId null where a caller sent the call */
export function signatureOf(
  { extra_content: extra }: JsonObject,
  providerId: string | null,
): ReasoningPart | undefined {
  if (!isObject(extra)) return undefined;
  const data = JSON.stringify({ extra_content: extra });
  return {
    type: 'reasoning',
    text: '',
    replay: { protocol: 'openai-chat', providerId, id: null, data, redacted: true },
  };
}

/** Members of a call to spread back; undefined for any other reasoning. */
export function signatureMembers({ replay }: ReasoningPart): JsonObject | undefined {
  if (replay?.protocol !== 'openai-chat') return undefined;
  const members = parseObject(replay.data);
  return members !== undefined && isObject(members.extra_content)
    ? { extra_content: members.extra_content }
    : undefined;
}
