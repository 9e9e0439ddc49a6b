/** What Gemini alone has: thinking, JSON answers, service tiers. */
import { effortFor, thinkingFor } from '../../protocols/canonical/reasoning.ts';
import type { CanonicalRequest, ReasoningWish } from '../../protocols/canonical/request.ts';
import { type GeminiModel, geminiModel } from './gemini-models.ts';
import { reportLacking, tierAmong } from './lacking.ts';
import { asksToThink, isUnwanted } from './reasoning-wish.ts';
import type { CallOptions } from './sdk.ts';
import type { Wording } from './wording.ts';

type ThinkingConfig = {
  includeThoughts?: boolean;
  thinkingBudget?: number;
};

/** Enough that no budget is cut by it: the models' own limit of tokens. */
const ROOM = 65_536;

export function googleOptions(request: CanonicalRequest, wording: Wording): Partial<CallOptions> {
  const model = geminiModel(wording.target.upstreamModel);
  const { reasoning, thinkingConfig } = thinking(request, model, wording);
  const google = {
    ...(Object.keys(thinkingConfig).length === 0 ? {} : { thinkingConfig }),
    ...tier(request.serviceTier, wording),
  };
  reportLacking(request, wording.dropped);
  if (request.parallelToolCalls === false) wording.dropped.add('parallel_tool_calls');
  return {
    ...(reasoning === undefined ? {} : { reasoning }),
    ...format(request, model, wording),
    providerOptions: { google },
  };
}

function thinking(
  { reasoning: wish, maxOutputTokens }: CanonicalRequest,
  { thinking: way }: GeminiModel,
  wording: Wording,
): { reasoning?: CallOptions['reasoning']; thinkingConfig: ThinkingConfig } {
  const { facts } = wording.target;
  if (wish === null) return { thinkingConfig: {} };
  const effort = effortFor(wish, facts);
  if (way === null || facts.efforts?.length === 0) {
    if (asksToThink(wish)) wording.dropped.add('reasoning');
    return { thinkingConfig: {} };
  }
  const thinkingConfig = wantsToSee(wish) ? { includeThoughts: true } : {};
  if (way !== 'level') {
    const thinkingBudget = budget(wish, maxOutputTokens, way, wording);
    return { thinkingConfig: { ...thinkingConfig, ...(thinkingBudget === null ? {} : { thinkingBudget }) } };
  }
  // These models think always: the SDK asks for the least they take.
  if (isUnwanted(wish)) wording.dropped.add('reasoning');
  return { thinkingConfig, ...(effort === null ? {} : { reasoning: effort }) };
}

/** Thoughts cost nothing more, but not every client knows what to do with them. */
function wantsToSee({ mode, summary, display }: ReasoningWish): boolean {
  if (display !== null) return display !== 'omitted';
  return summary !== null || mode === 'enabled' || mode === 'adaptive';
}

/**
 * Thoughts count against the answer's limit here too, so the room for them is measured as Anthropic's is.
 * @returns null where the model shall decide
 */
function budget(
  wish: ReasoningWish,
  maxOutputTokens: number | null,
  { least, most, off }: Exclude<GeminiModel['thinking'], 'level' | null>,
  { target, dropped }: Wording,
): number | null {
  if (wish.mode === 'adaptive' && wish.effort === null && wish.budgetTokens === null) return null;
  const room = maxOutputTokens ?? ROOM;
  const within = (tokens: number) => Math.min(Math.max(tokens, least), most);
  const facts = { ...target.facts, thinking: ['enabled', 'disabled'] as const };
  const { thinking: asked, unmet } = thinkingFor(wish, facts, room);
  if (asked?.type === 'disabled') {
    if (!off) dropped.add('reasoning');
    return off ? 0 : least;
  }
  if (asked?.type === 'enabled') return within(asked.budget_tokens);
  return unmet ? within(Math.floor(room / 2)) : null;
}

/**
 * A schema beside tools is the SDK's to solve. JSON of any form has no such way out: older models refuse it
 * beside tools, and newer ones where a call is demanded.
 */
function format(request: CanonicalRequest, model: GeminiModel, { dropped }: Wording): Partial<CallOptions> {
  const { format: wanted, tools, toolChoice } = request;
  if (wanted === null) return {};
  if (wanted.type === 'json_schema') {
    const { $schema: _, ...schema } = wanted.schema;
    return { responseFormat: { type: 'json', schema } };
  }
  const demanded = toolChoice?.type === 'required' || toolChoice?.type === 'tool';
  if (tools.length === 0 || (model.jsonBesideTools && !demanded)) return { responseFormat: { type: 'json' } };
  dropped.add('response_format');
  return {};
}

/** https://ai.google.dev/gemini-api/docs/flex-inference; Vertex says it in a header. */
function tier(wanted: string | null, { kind, dropped }: Wording): Record<string, string> {
  const found = tierAmong(['flex', 'priority'], wanted, dropped);
  if (found === null) return {};
  return kind === 'vertex' ? { sharedRequestType: found } : { serviceTier: found };
}
