import type { Dropped } from '../canonical/dropped.ts';
import { lateSystemAsUser } from '../canonical/late-system.ts';
import type { CanonicalRequest, Turn } from '../canonical/request.ts';
import type { Target } from '../canonical/target.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Encoding } from './encode-content.ts';
import { encodeFormat } from './encode-format.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeReasoningWish } from './encode-reasoning.ts';
import { encodeSettings } from './encode-settings.ts';
import { encodeTools } from './encode-tools.ts';
import { inStrictOrder } from './strict-order.ts';

/**
 * Makes a body for a chat provider, as its traits say. `request` has been made ready for the target.
 * @param dropped is told what the target cannot take
 */
export function encodeRequest(request: CanonicalRequest, target: Target, dropped: Dropped): JsonObject {
  const encoding: Encoding = { target, dropped };
  const reasoning = encodeReasoningWish(request.reasoning, encoding);
  const format = encodeFormat(request.format, encoding);
  const spoken = target.traits.chat.lateSystem ? request.turns : lateSystemAsUser(request.turns);
  const turns = withInstruction(spoken, format.instruction);
  return {
    model: target.upstreamModel,
    messages: orderFor(target, encodeMessages(turns, encoding, needsReasoning(target, reasoning))),
    ...encodeStream(request, target),
    ...encodeTools(request, encoding),
    ...encodeSettings(request, encoding),
    ...reasoning,
    ...format.members,
  };
}

/** The service whose ids have nine letters is Mistral's. */
function orderFor({ traits }: Target, messages: JsonObject[]): JsonObject[] {
  return traits.chat.strictOrder ? inStrictOrder(messages) : messages;
}

/** Usage is always asked for: it is what the answer is accounted by. */
function encodeStream({ stream }: CanonicalRequest, { traits }: Target): JsonObject {
  if (!stream) return {};
  return { stream: true, ...(traits.chat.streamOptions ? { stream_options: { include_usage: true } } : {}) };
}

/**
 * DeepSeek refuses assistant messages without `reasoning_content` while it thinks, which it does unless told not
 * to, and takes an empty one for what another model said (https://api-docs.deepseek.com/guides/thinking_mode).
 */
function needsReasoning({ traits }: Target, { thinking }: JsonObject): boolean {
  if (traits.chat.reasoning !== 'thinking' || traits.chat.reasoningBack === null) return false;
  return !(isObject(thinking) && thinking.type === 'disabled');
}

/** At the end of the first system message, so that what a provider has cached before it still fits. */
function withInstruction(turns: readonly Turn[], instruction: string | null): readonly Turn[] {
  if (instruction === null) return turns;
  const part = { type: 'text', text: instruction } as const;
  const [first, ...others] = turns;
  return first?.role === 'system'
    ? [{ ...first, parts: [...first.parts, part] }, ...others]
    : [{ role: 'system', parts: [part] }, ...turns];
}
