/** How a provider is asked to reason, and to give its reasoning in a form that can go back to it. */
import type { Dropped } from '../canonical/dropped.ts';
import { effortFor } from '../canonical/reasoning.ts';
import type { ReasoningWish } from '../canonical/request.ts';
import type { Target } from '../canonical/target.ts';
import type { JsonObject } from '../json.ts';
import type { ModelFacts } from '../model-facts.ts';

/** @returns `reasoning` and `include`, each where there is something to ask for */
export function reasoningFields(wish: ReasoningWish | null, target: Target, dropped: Dropped): JsonObject {
  const reasoning = wish === null ? {} : reasoningJson(wish, target.facts, dropped);
  const asks = Object.keys(reasoning).length > 0;
  return {
    ...(asks ? { reasoning } : {}),
    ...(givesEncrypted(target, asks) ? { include: ['reasoning.encrypted_content'] } : {}),
  };
}

function reasoningJson(wish: ReasoningWish, facts: ModelFacts, dropped: Dropped): JsonObject {
  const wanted = wish.mode === 'disabled' ? 'none' : wish.effort;
  if (facts.efforts?.length === 0) {
    if (wanted !== 'none') dropped.add('reasoning');
    return {};
  }
  const effort = effortFor(wish, facts);
  if (wanted !== null && effort !== wanted) dropped.add('reasoning');
  const summary = effort === 'none' ? null : (wish.summary ?? expectedSummary(wish, facts));
  return { ...(effort === null ? {} : { effort }), ...(summary === null ? {} : { summary }) };
}

/**
 * Callers of Anthropic's protocol are shown what the model thinks unless they say `omitted`; here, nothing is
 * shown unless asked for. Only models known to reason are asked: others refuse the field.
 */
function expectedSummary({ mode, display }: ReasoningWish, { efforts }: ModelFacts): string | null {
  const expects = (mode === 'enabled' || mode === 'adaptive') && display !== 'omitted';
  return expects && efforts !== null ? 'auto' : null;
}

/** Models that do not reason refuse to be asked for it; of an unknown one, the caller's wish says that it does. */
function givesEncrypted({ traits, facts }: Target, asksToReason: boolean): boolean {
  if (!traits.responses.encryptedReasoning) return false;
  return facts.efforts === null ? asksToReason : facts.efforts.length > 0;
}
