import { type CanonicalAnswer, finishedBy } from '../canonical/answer.ts';
import type { Origin } from '../canonical/codec.ts';
import type { AssistantPart, OpaquePart } from '../canonical/request.ts';
import { asText, type JsonObject, objectsIn } from '../json.ts';
import { readUsage } from '../usage.ts';
import { citationsOf } from './annotations.ts';
import { callHead, failureOf, finishReason, inputOf } from './decode-output.ts';
import { reasoningPart } from './decode-reasoning.ts';

const UNFINISHED: readonly unknown[] = ['queued', 'in_progress'];

/** @returns undefined where the body holds no answer: another object, a failed response, or one still at work */
export function decodeAnswer(body: JsonObject, { providerId }: Origin): CanonicalAnswer | undefined {
  if (!Array.isArray(body.output) || failureOf(body) !== undefined || UNFINISHED.includes(body.status)) {
    return undefined;
  }
  const parts = objectsIn(body.output).flatMap((item) => partsOf(item, providerId));
  const has = (type: AssistantPart['type']) => parts.some((part) => part.type === type);
  const reason = finishReason(body, { call: has('tool_call'), refusal: has('refusal') });
  return {
    parts,
    finish: finishedBy(reason),
    usage: readUsage('openai-responses', body.usage, null),
  };
}

function partsOf(item: JsonObject, providerId: string): AssistantPart[] {
  if (item.type === 'message') return objectsIn(item.content).flatMap(messagePart);
  if (item.type === 'reasoning') {
    const part = reasoningPart(item, providerId);
    return part === undefined ? [] : [part];
  }
  const call = callHead(item);
  return call === undefined ? opaqueParts(item) : [{ type: 'tool_call', ...call, input: inputOf(item) }];
}

function messagePart(part: JsonObject): AssistantPart[] {
  if (part.type === 'refusal') {
    const text = asText(part.refusal) ?? '';
    return text === '' ? [] : [{ type: 'refusal', text }];
  }
  const text = asText(part.text) ?? '';
  if (text === '') return [];
  const citations = citationsOf(part.annotations);
  return [{ type: 'text', text, ...(citations.length === 0 ? {} : { citations }) }];
}

/** @returns nothing for an item without a type: nobody could name it */
export function opaqueParts(item: JsonObject): OpaquePart[] {
  const name = asText(item.type);
  return name === null ? [] : [{ type: 'opaque', protocol: 'openai-responses', name, raw: item }];
}
