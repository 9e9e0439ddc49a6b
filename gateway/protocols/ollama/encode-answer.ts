import type { CanonicalAnswer } from '../canonical/answer.ts';
import type { AssistantPart } from '../canonical/request.ts';
import type { JsonObject } from '../json.ts';
import { type AnswerTimes, answerHead, doneReason, ending } from './answer-words.ts';
import { type OllamaContext, saidMembers } from './encode-stream.ts';
import { brokenCall, toolCall } from './tool-call.ts';

/**
 * Makes an answer in one piece.
 * @returns a text where it cannot be told, for the caller to read
 */
export function encodeAnswer(answer: CanonicalAnswer, context: OllamaContext): JsonObject | string {
  const { parts, finish, usage } = answer;
  const calls: JsonObject[] = [];
  for (const part of parts) {
    if (part.type !== 'tool_call') continue;
    const call = toolCall(part, calls.length);
    if (call === undefined) return brokenCall(part);
    calls.push(call);
  }
  const thinking = textOf(parts, ['reasoning']);
  const said = {
    text: textOf(parts, ['text', 'refusal']),
    ...(thinking === '' ? {} : { thinking }),
    ...(calls.length === 0 ? {} : { calls }),
  };
  const times: AnswerTimes = { begun: context.begun, first: null, now: context.steady() };
  return {
    ...answerHead(context.model, context.wall()),
    ...saidMembers(context.form, said),
    ...ending(doneReason(finish.reason), times, usage),
  };
}

function textOf(parts: readonly AssistantPart[], types: readonly string[]): string {
  return parts.map((part) => (types.includes(part.type) && 'text' in part ? part.text : '')).join('');
}
