import type { Dropped } from '../canonical/dropped.ts';
import { type Thinking, thinkingFor } from '../canonical/reasoning.ts';
import type { CanonicalRequest, Turn } from '../canonical/request.ts';
import type { Target } from '../canonical/target.ts';

/** Others, such as `updates`, need a header that says so (https://platform.claude.com/docs/en/build-with-claude/thinking). */
const DISPLAYS: readonly string[] = ['summarized', 'omitted'];

/**
 * Says how much to think. Three kinds of request are refused with it, and answered without it then: one that must
 * call a tool; and, where there is a budget (`type: enabled`), one that begins the answer and one in the middle of
 * a tool loop whose thinking is lost. Thinking of earlier turns may stay in any case: where it cannot be used, the
 * service leaves it out. Anthropic itself has come to take a forced call with `adaptive`; not every platform and
 * model does, and a call without thinking is worth more than a refusal.
 */
export function encodeThinking(
  request: CanonicalRequest,
  { facts, traits: { messages: traits } }: Target,
  maxTokens: number,
  dropped: Dropped,
): Pick<Thinking, 'thinking' | 'effort'> {
  const wish = request.reasoning;
  const asksForNone = wish?.mode === 'disabled' || wish?.effort === 'none';
  if (!traits.thinking) {
    if (wish !== null && !asksForNone) dropped.add('reasoning');
    return { thinking: undefined, effort: undefined };
  }
  const { thinking, effort, unmet } = thinkingFor(wish, facts, maxTokens);
  const refused =
    (thinks(thinking) && mustCall(request)) || (thinking?.type === 'enabled' && lacksThinking(request.turns));
  const lacksEffort = effort !== undefined && !traits.outputConfig;
  if (unmet || refused || lacksEffort) dropped.add('reasoning');
  return {
    thinking: refused ? undefined : withKnownDisplay(thinking, dropped),
    effort: lacksEffort ? undefined : effort,
  };
}

/** Whether the model is asked to think; without a word of it, newer ones may anyway. */
export function thinks(thinking: Thinking['thinking']): boolean {
  return thinking !== undefined && thinking.type !== 'disabled';
}

function mustCall({ toolChoice }: CanonicalRequest): boolean {
  return toolChoice !== null && toolChoice.type !== 'auto' && toolChoice.type !== 'none';
}

/**
 * "Expected `thinking` or `redacted_thinking`": an assistant's turn with calls that are being answered must begin
 * with what it thought. So must the answer, of which a last turn of the assistant's is the beginning.
 */
function lacksThinking(turns: readonly Turn[]): boolean {
  const spoken = turns.filter((turn) => turn.role !== 'system');
  const last = spoken.findLastIndex((turn) => turn.role === 'assistant');
  if (last === -1) return false;
  // What a system turn stood between is one turn of the user's in the end.
  const answering = spoken.slice(last + 1);
  if (answering.length === 0) return true;
  const isAnswered = answering.some((turn) =>
    (turn.parts as Turn['parts'][number][]).some((part) => part.type === 'tool_result'),
  );
  return isAnswered && spoken[last]?.parts[0]?.type !== 'reasoning';
}

function withKnownDisplay(thinking: Thinking['thinking'], dropped: Dropped): Thinking['thinking'] {
  if (thinking === undefined || !('display' in thinking)) return thinking;
  if (DISPLAYS.includes(thinking.display ?? '')) return thinking;
  dropped.add('thinking.display');
  const { display: _, ...rest } = thinking;
  return rest;
}
