import type { CanonicalAnswer } from '../canonical/answer.ts';
import type { AnswerContext } from '../canonical/codec.ts';
import { eventsOf } from '../canonical/events-of.ts';
import type { JsonObject } from '../json.ts';
import { AnswerBuilder } from './answer-builder.ts';

/** Makes a caller's answer in one piece: the last response of the stream that it would be. */
export function encodeAnswer(answer: CanonicalAnswer, context: AnswerContext): JsonObject {
  const builder = new AnswerBuilder(context);
  for (const event of eventsOf(answer)) builder.push(event);
  return builder.response;
}
