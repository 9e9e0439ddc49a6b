import type { CanonicalAnswer, CanonicalEvent } from '../../../gateway/protocols/canonical/answer.ts';
import { finishedBy } from '../../../gateway/protocols/canonical/answer.ts';
import type { AnswerContext } from '../../../gateway/protocols/canonical/codec.ts';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import { OneAtATime } from '../../../gateway/protocols/canonical/one-at-a-time.ts';
import type { AssistantPart, CanonicalRequest } from '../../../gateway/protocols/canonical/request.ts';
import type { Target, Traits } from '../../../gateway/protocols/canonical/target.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { type ModelFacts, UNKNOWN_FACTS } from '../../../gateway/protocols/model-facts.ts';
import { responsesCodec } from '../../../gateway/protocols/openai-responses/codec.ts';
import { traitsOf } from '../../../gateway/providers/traits.ts';
import { NOTHING_ASKED } from '../canonical/requests.ts';

export const ORIGIN = { providerId: 'provider-1' };

export const REQUEST: CanonicalRequest = {
  ...NOTHING_ASKED,
  turns: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
};

const TRAITS: Traits = traitsOf('openai', UNKNOWN_FACTS);

export const REASONING_MODEL: ModelFacts = {
  ...UNKNOWN_FACTS,
  efforts: ['minimal', 'low', 'medium', 'high'],
};

export function target(
  facts: Partial<ModelFacts> = {},
  responses: Partial<Traits['responses']> = {},
): Target {
  return {
    providerId: ORIGIN.providerId,
    upstreamModel: 'gpt-upstream',
    facts: { ...UNKNOWN_FACTS, ...facts },
    traits: { ...TRAITS, responses: { ...TRAITS.responses, ...responses } },
  };
}

export interface Encoded {
  body: JsonObject;
  /** Names of what the target could not take. */
  dropped: string[];
}

export function encoded(request: Partial<CanonicalRequest>, to: Target = target()): Encoded {
  const dropped = new Dropped();
  const body = responsesCodec.encodeRequest({ ...REQUEST, ...request }, to, dropped);
  return { body, dropped: dropped.text?.split(', ') ?? [] };
}

/** Reads a body that has nothing but what the test is about. */
export function decoded(body: JsonObject): CanonicalRequest {
  return responsesCodec.decodeRequest({ model: 'm', input: 'hi', ...body });
}

export function context(request: Partial<CanonicalRequest> = {}): AnswerContext {
  return {
    requestId: '01998ad0-7a1e-7c3f-8f4e-3b1f5d2c9a00',
    model: 'public-model',
    at: 1_790_000_000_900,
    request: { ...REQUEST, ...request },
  };
}

/** All that a stream brings, its last byte included. */
export function streamed(...data: JsonObject[]): CanonicalEvent[] {
  const decoder = responsesCodec.decodeStream(ORIGIN);
  return [...data.flatMap((event) => decoder.push(event)), ...decoder.end()];
}

/** A stream's events as the answer that they make up, part by part in the order that a caller sees. */
export function folded(events: readonly CanonicalEvent[]): CanonicalAnswer {
  const row = new OneAtATime();
  const parts = new Map<number, AssistantPart>();
  let answer: CanonicalAnswer = { parts: [], finish: finishedBy('stop'), usage: null };
  for (const event of events.flatMap((each) => row.push(each))) {
    if (event.type === 'part_start') parts.set(event.index, opened(event.part));
    else if (event.type === 'finish') answer = { ...answer, finish: event.finish, usage: event.usage };
    else if ('index' in event) grow(parts.get(event.index), event);
  }
  return { ...answer, parts: [...parts.values()] };
}

function opened(part: Extract<CanonicalEvent, { type: 'part_start' }>['part']): AssistantPart {
  switch (part.type) {
    case 'opaque':
      return part;
    case 'tool_call':
      return { ...part, input: '' };
    case 'reasoning':
      return { type: 'reasoning', text: '', replay: null };
    default:
      return { type: part.type, text: '' };
  }
}

function grow(part: AssistantPart | undefined, event: CanonicalEvent): void {
  if (part === undefined) throw new Error('an event of a part that never began');
  if (event.type === 'delta' && part.type === 'tool_call') part.input += event.text;
  else if (event.type === 'delta' && 'text' in part) part.text += event.text;
  else if (event.type === 'citation' && part.type === 'text')
    part.citations = [...(part.citations ?? []), event.citation];
  else if (event.type === 'part_end' && part.type === 'reasoning') part.replay = event.replay ?? null;
}

/** The events in server-sent text. */
export function dataOf(text: string): JsonObject[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => {
      const [name, data] = block.split('\n');
      const event = JSON.parse(data?.replace(/^data: /, '') ?? '') as JsonObject;
      if (name !== `event: ${String(event.type)}`) throw new Error(`${name} is not the type of its data`);
      return event;
    });
}

export function encodedStream(
  events: readonly CanonicalEvent[],
  request: Partial<CanonicalRequest> = {},
): string {
  const encoder = responsesCodec.encodeStream(context(request));
  return events.map((event) => encoder.push(event)).join('');
}
