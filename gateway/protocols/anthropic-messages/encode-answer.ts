/** Makes a whole answer (`Message` of @anthropic-ai/sdk). */
import { GatewayError } from '../../errors.ts';
import type { CanonicalAnswer, Finish } from '../canonical/answer.ts';
import type { AnswerContext } from '../canonical/codec.ts';
import { type Replay, wrapReplay } from '../canonical/replay.ts';
import type { AssistantPart } from '../canonical/request.ts';
import { type JsonObject, parseObject } from '../json.ts';
import type { TokenUsage } from '../usage.ts';
import { encodeUsage } from './encode-usage.ts';
import { encodeFinish, isCutShort } from './finish.ts';
import { PROTOCOL } from './words.ts';

/** @throws GatewayError `upstream_error` for a call whose arguments are no JSON object, though the answer is whole */
export function encodeAnswer({ parts, finish, usage }: CanonicalAnswer, context: AnswerContext): JsonObject {
  const content = parts.flatMap((part) => encodePart(part, finish));
  const calls = content.some(({ type }) => type === 'tool_use');
  return { ...messageHead(context, usage), content, ...encodeFinish(finish, calls) };
}

/** A message that nothing has been said in yet. */
export function messageHead({ requestId, model }: AnswerContext, usage: TokenUsage | null): JsonObject {
  return {
    id: `msg_${requestId.replaceAll('-', '')}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
    usage: encodeUsage(usage),
  };
}

function encodePart(part: AssistantPart, finish: Finish): JsonObject[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      // Citations here point into search results by marks that only Anthropic's own can have.
      return part.text === '' ? [] : [{ type: 'text', text: part.text, citations: null }];
    case 'reasoning':
      return part.text === ''
        ? hiddenThinking(part.replay)
        : [{ type: 'thinking', thinking: part.text, signature: signatureOf(part.replay) }];
    case 'tool_call': {
      const { id, name } = part;
      const input = callInput(part.input);
      if (input !== undefined) return [{ type: 'tool_use', id, name, input }];
      if (isCutShort(finish)) return [];
      throw brokenCall(name);
    }
    default:
      return part.protocol === PROTOCOL ? [part.raw] : [];
  }
}

/** A thinking block must have a signature; one that nobody verifies says so. */
export function signatureOf(replay: Replay | null): string {
  return wrapReplay(
    replay ?? { protocol: 'openai-chat', providerId: null, id: null, data: '', redacted: false },
  );
}

/** Thinking without a text that anybody could read. */
export function hiddenThinking(replay: Replay | null): JsonObject[] {
  return replay === null ? [] : [{ type: 'redacted_thinking', data: wrapReplay(replay) }];
}

/** @returns undefined for a text that is no JSON object; '' stands for no arguments */
export function callInput(text: string): JsonObject | undefined {
  return text.trim() === '' ? {} : parseObject(text);
}

export function brokenCall(name: string): GatewayError {
  return new GatewayError(
    'upstream_error',
    `The model called the tool "${name}" with arguments that are not a JSON object.`,
  );
}
