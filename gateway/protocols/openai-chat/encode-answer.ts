import type { CanonicalAnswer } from '../canonical/answer.ts';
import type { AnswerContext } from '../canonical/codec.ts';
import type { AssistantPart, ReasoningPart, TextPart, ToolCallPart } from '../canonical/request.ts';
import type { JsonObject } from '../json.ts';
import {
  answerHead,
  BETWEEN_THOUGHTS,
  callOf,
  finishMembers,
  NO_ARGUMENTS,
  usageMembers,
} from './answer-words.ts';
import { annotationOf } from './citations.ts';
import { detailForCaller } from './reasoning-details.ts';

/** Makes a `chat.completion`. Parts of other protocols have no place in it. */
export function encodeAnswer(answer: CanonicalAnswer, context: AnswerContext): JsonObject {
  const { parts, finish, usage } = answer;
  const refused = parts.some(({ type }) => type === 'refusal');
  return {
    ...answerHead(context, 'chat.completion'),
    choices: [{ index: 0, message: messageOf(parts), logprobs: null, ...finishMembers(finish, refused) }],
    ...(usage === null ? {} : { usage: usageMembers(usage) }),
  };
}

function messageOf(parts: readonly AssistantPart[]): JsonObject {
  const texts = parts.filter((part) => part.type === 'text');
  const refusals = parts.filter((part) => part.type === 'refusal');
  const calls = parts.filter((part) => part.type === 'tool_call').map(wholeCall);
  const annotations = annotationsOf(texts);
  const isElsewhere = texts.length === 0 && calls.length + refusals.length > 0;
  return {
    role: 'assistant',
    content: isElsewhere ? null : texts.map(({ text }) => text).join(''),
    refusal: refusals.length === 0 ? null : refusals.map(({ text }) => text).join(''),
    ...reasoningMembers(parts.filter((part) => part.type === 'reasoning')),
    ...(annotations.length === 0 ? {} : { annotations }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function wholeCall(call: ToolCallPart): JsonObject {
  const lacksInput = call.kind === 'function' && call.input === '';
  return callOf(lacksInput ? { ...call, input: NO_ARGUMENTS } : call);
}

function reasoningMembers(parts: readonly ReasoningPart[]): JsonObject {
  const texts = parts.flatMap(({ text }) => (text === '' ? [] : [text]));
  const details = parts.flatMap((part, index) => detailForCaller(part, index) ?? []);
  return {
    ...(texts.length === 0 ? {} : { reasoning_content: texts.join(BETWEEN_THOUGHTS) }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
  };
}

function annotationsOf(texts: readonly TextPart[]): JsonObject[] {
  const annotations: JsonObject[] = [];
  let from = 0;
  for (const { text, citations } of texts) {
    const to = from + text.length;
    for (const citation of citations ?? []) {
      const annotation = annotationOf(citation, from, to);
      if (annotation !== undefined) annotations.push(annotation);
    }
    from = to;
  }
  return annotations;
}
