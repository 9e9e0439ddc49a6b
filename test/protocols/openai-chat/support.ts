import type { CanonicalEvent } from '../../../gateway/protocols/canonical/answer.ts';
import type { AnswerContext } from '../../../gateway/protocols/canonical/codec.ts';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import type { CanonicalRequest } from '../../../gateway/protocols/canonical/request.ts';
import type { ChatTraits, Target } from '../../../gateway/protocols/canonical/target.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { type ModelFacts, UNKNOWN_FACTS } from '../../../gateway/protocols/model-facts.ts';
import { chatCodec } from '../../../gateway/protocols/openai-chat/codec.ts';
import { traitsOf } from '../../../gateway/providers/traits.ts';
import { NOTHING_ASKED } from '../canonical/requests.ts';

const OPENAI = traitsOf('openai', UNKNOWN_FACTS);

export const PROVIDER = 'provider-1';

export function target(chat: Partial<ChatTraits> = {}, facts: Partial<ModelFacts> = {}): Target {
  return {
    providerId: PROVIDER,
    upstreamModel: 'upstream-model',
    facts: { ...UNKNOWN_FACTS, ...facts },
    traits: { ...OPENAI, chat: { ...OPENAI.chat, ...chat } },
  };
}

export function request(members: Partial<CanonicalRequest> = {}): CanonicalRequest {
  return {
    ...NOTHING_ASKED,
    turns: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }],
    ...members,
  };
}

/** Encodes, and tells what was lost. */
export function encode(
  members: Partial<CanonicalRequest>,
  to: Target = target(),
): { body: JsonObject; dropped: string | null } {
  const dropped = new Dropped();
  const body = chatCodec.encodeRequest(request(members), to, dropped);
  return { body, dropped: dropped.text };
}

export function decode(members: JsonObject): CanonicalRequest {
  return chatCodec.decodeRequest({ model: 'm', messages: [{ role: 'user', content: 'Hello' }], ...members });
}

/** The turns of a conversation. */
export function turnsOf(...messages: JsonObject[]): CanonicalRequest['turns'] {
  return chatCodec.decodeRequest({ model: 'm', messages }).turns;
}

export function context(members: Partial<CanonicalRequest> = {}): AnswerContext {
  return {
    requestId: '0199f2d1-2b5f-7000-8000-000000000000',
    model: 'the-model',
    at: 1_700_000_000_123,
    request: request(members),
  };
}

/** Feeds chunks, the end mark last. */
export function decodeChunks(...chunks: JsonObject[]): CanonicalEvent[] {
  const decoder = chatCodec.decodeStream({ providerId: PROVIDER });
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.push('[DONE]'), ...decoder.end()];
}

/** A chunk with one delta. */
export function chunk(delta: JsonObject, finish: string | null = null): JsonObject {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
}

/** The events as server-sent events. */
export function encodeEvents(
  events: readonly CanonicalEvent[],
  members: Partial<CanonicalRequest> = {},
): string {
  const encoder = chatCodec.encodeStream(context(members));
  return events.map((event) => encoder.push(event)).join('');
}

/** What the events of a stream carry. */
export function dataOf(sse: string): (JsonObject | '[DONE]')[] {
  return sse
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => {
      const data = event.slice('data: '.length);
      return data === '[DONE]' ? data : (JSON.parse(data) as JsonObject);
    });
}
