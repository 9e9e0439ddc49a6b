/** Answers, streams and what becomes of them, for the tests of the codec. */
import { messagesCodec } from '../../../gateway/protocols/anthropic-messages/codec.ts';
import type { CanonicalAnswer, CanonicalEvent, Finish } from '../../../gateway/protocols/canonical/answer.ts';
import type { AnswerContext } from '../../../gateway/protocols/canonical/codec.ts';
import type { AssistantPart } from '../../../gateway/protocols/canonical/request.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import type { TokenUsage } from '../../../gateway/protocols/usage.ts';
import { request, user } from '../canonical/requests.ts';

export const ORIGIN = { providerId: '7' };

export const CONTEXT: AnswerContext = {
  requestId: '01999999-aaaa-7bbb-8ccc-dddddddddddd',
  model: 'public/model',
  at: 1_760_000_000_000,
  request: request([user('Hello')]),
};

export const usageOf = (rest: Partial<TokenUsage> = {}): TokenUsage => ({
  inputTokens: 100,
  outputTokens: 20,
  cachedTokens: 60,
  cacheWriteTokens: 30,
  cacheWriteHourTokens: 10,
  reasoningTokens: 5,
  ...rest,
});

export function decodeEvents(events: readonly (JsonObject | '[DONE]')[]): CanonicalEvent[] {
  const decoder = messagesCodec.decodeStream(ORIGIN);
  return [...events.flatMap((event) => decoder.push(event)), ...decoder.end()];
}

export function encodeEvents(events: readonly CanonicalEvent[]): string {
  const encoder = messagesCodec.encodeStream(CONTEXT);
  return events.map((event) => encoder.push(event)).join('');
}

/** Data of server-sent events, in order. */
export function dataOf(stream: string): JsonObject[] {
  return stream
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => {
      const [name = '', data = ''] = event.split('\n');
      const parsed = JSON.parse(data.slice('data: '.length)) as JsonObject;
      if (name !== `event: ${parsed.type}`) throw new Error(`The event is named ${name}.`);
      return parsed;
    });
}

/** What a stream says as a whole. Parts without a text are none. */
export function fold(events: readonly CanonicalEvent[]): CanonicalAnswer {
  const parts = new Map<number, AssistantPart>();
  let finish: Finish | undefined;
  let usage: TokenUsage | null = null;
  for (const event of events) {
    switch (event.type) {
      case 'part_start':
        parts.set(event.index, opened(event.part));
        break;
      case 'delta': {
        const part = parts.get(event.index);
        if (part?.type === 'tool_call') part.input += event.text;
        else if (part !== undefined && part.type !== 'opaque') part.text += event.text;
        break;
      }
      case 'citation': {
        const part = parts.get(event.index);
        if (part?.type === 'text') part.citations = [...(part.citations ?? []), event.citation];
        break;
      }
      case 'part_end': {
        const part = parts.get(event.index);
        if (part?.type === 'reasoning') part.replay = event.replay ?? null;
        break;
      }
      case 'finish':
        ({ finish, usage } = event);
        break;
    }
  }
  if (finish === undefined) throw new Error('The stream has no end.');
  const said = [...parts.values()].filter((part) => part.type !== 'text' || part.text !== '');
  return { parts: said, finish, usage };
}

function opened(part: Extract<CanonicalEvent, { type: 'part_start' }>['part']): AssistantPart {
  switch (part.type) {
    case 'tool_call':
      return { ...part, input: '' };
    case 'opaque':
      return part;
    case 'reasoning':
      return { type: 'reasoning', text: '', replay: null };
    default:
      return { type: part.type, text: '' };
  }
}
