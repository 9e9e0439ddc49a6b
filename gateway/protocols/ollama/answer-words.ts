/** The words of answers: https://github.com/ollama/ollama/blob/main/docs/api.md */
import type { FinishReason } from '../canonical/answer.ts';
import type { JsonObject } from '../json.ts';
import type { TokenUsage } from '../usage.ts';

const NANOSECONDS = 1_000_000;

/** What of an answer is measured here: ms of a clock that runs evenly. */
export interface AnswerTimes {
  begun: number;
  /** The first word; null where the answer came in one piece. */
  first: number | null;
  now: number;
}

/** What every object of an answer begins with. @param at wall-clock ms */
export function answerHead(model: string, at: number): JsonObject {
  return { model, created_at: new Date(at).toISOString() };
}

/**
 * What stands in the last object. Nothing is loaded here. The time to the first word is told as the prompt's, the
 * rest as the answer's; of an answer in one piece nobody knows where one ends. Tokens are told where the provider
 * told them.
 */
export function ending(reason: string, times: AnswerTimes, usage: TokenUsage | null): JsonObject {
  const { begun, first, now } = times;
  return {
    ...{ done: true, done_reason: reason },
    ...{ total_duration: nanoseconds(now - begun), load_duration: 0 },
    ...(usage === null ? {} : { prompt_eval_count: usage.inputTokens }),
    prompt_eval_duration: nanoseconds(first === null ? 0 : first - begun),
    ...(usage === null ? {} : { eval_count: usage.outputTokens }),
    eval_duration: nanoseconds(now - (first ?? begun)),
  };
}

export function nanoseconds(ms: number): number {
  return Math.max(0, Math.round(ms * NANOSECONDS));
}

/** Calls are read from the message, and end with `stop`. What was withheld has no word of Ollama's. */
export function doneReason(reason: FinishReason): string {
  switch (reason) {
    case 'length':
    case 'context_window':
      return 'length';
    case 'content_filter':
      return 'content_filter';
    default:
      return 'stop';
  }
}
