/** Why an answer ended, from and to `stop_reason` (https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons). */
import type { Finish, FinishReason } from '../canonical/answer.ts';
import { asText, isObject, type JsonObject } from '../json.ts';

const REASONS: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop_sequence',
  tool_use: 'tool_calls',
  max_tokens: 'length',
  model_context_window_exceeded: 'context_window',
  refusal: 'refusal',
  pause_turn: 'pause',
};

const STOP_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  stop_sequence: 'stop_sequence',
  tool_calls: 'tool_use',
  length: 'max_tokens',
  context_window: 'model_context_window_exceeded',
  content_filter: 'refusal',
  refusal: 'refusal',
  pause: 'pause_turn',
};

/**
 * @param said a message, or the `delta` of `message_delta`
 * @param calls whether a tool is called: what an answer ended with where nothing or something unknown is said
 */
export function decodeFinish(said: JsonObject, calls: boolean): Finish {
  const reason = REASONS[asText(said.stop_reason) ?? ''] ?? (calls ? 'tool_calls' : 'stop');
  return {
    reason,
    stopSequence: asText(said.stop_sequence),
    details: isObject(said.stop_details) ? said.stop_details : null,
  };
}

/** Agents go on by `tool_use`; some services of other protocols say that they stopped, and call a tool. */
export function encodeFinish(finish: Finish, calls: boolean): JsonObject {
  const reason = calls && finish.reason === 'stop' ? 'tool_calls' : finish.reason;
  return {
    stop_reason: STOP_REASONS[reason],
    stop_sequence: finish.stopSequence,
    stop_details: finish.details,
  };
}

/** Whether a call of a tool may be broken off, as the answer was. */
export function isCutShort({ reason }: Finish): boolean {
  return reason === 'length' || reason === 'context_window';
}
