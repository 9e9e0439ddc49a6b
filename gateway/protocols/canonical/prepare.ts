/**
 * Makes a caller's request ready for one target, before the target's codec puts it into words. Afterwards:
 * turns of one role are one, and nothing is empty; every call is answered once, right behind it, in order;
 * tool names fit everywhere and are unique, namespaces are part of them; free-text tools and providers' own
 * tools are there only where the target takes them; reasoning is there only where it can be taken back.
 */
import { GatewayError } from '../../errors.ts';
import type { Protocol } from '../endpoint.ts';
import { inOrder } from './conversation.ts';
import type { Dropped } from './dropped.ts';
import { fitParts } from './fit-parts.ts';
import { type FittedTools, fitTools } from './fit-tools.ts';
import type { AssistantPart, CanonicalRequest, Turn, UserPart } from './request.ts';
import type { Target } from './target.ts';
import { COMMON_IDS, fittingId, type IdRule, NINE_LETTERS } from './tool-ids.ts';

/** @throws GatewayError `invalid_request`, `invalid_messages` for what cannot be asked of this target */
export function prepare(
  request: CanonicalRequest,
  protocol: Protocol | 'native',
  target: Target,
  dropped: Dropped,
): FittedTools {
  dropped.add(...request.unplaced);
  const { chat, responses } = target.traits;
  const customTools =
    (protocol === 'openai-chat' && chat.customTools) ||
    (protocol === 'openai-responses' && responses.customTools);
  const fitted = fitTools(request, { protocol, customTools }, dropped);
  const turns = inOrder(fitParts(fitted.request.turns, protocol, target, dropped));
  if (turns.length === 0) {
    throw new GatewayError('invalid_messages', 'Nothing is left to send: every message is empty.');
  }
  const rule = protocol === 'openai-chat' && chat.toolCallId === 'nine_letters' ? NINE_LETTERS : COMMON_IDS;
  return {
    ...fitted,
    request: { ...fitted.request, turns: turns.map((turn) => withFittingIds(turn, rule)) },
  };
}

function withFittingIds(turn: Turn, rule: IdRule): Turn {
  if (turn.role === 'system') return turn;
  const fit = <P extends AssistantPart | UserPart>(part: P): P => {
    if (part.type === 'tool_call') return { ...part, id: fittingId(part.id, rule) };
    if (part.type === 'tool_result') return { ...part, callId: fittingId(part.callId, rule) };
    return part;
  };
  return turn.role === 'user'
    ? { role: 'user', parts: turn.parts.map(fit) }
    : { role: 'assistant', parts: turn.parts.map(fit) };
}
