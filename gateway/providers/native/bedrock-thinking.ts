/** Thinking of Anthropic's models on Bedrock, in the fields of their own protocol, which Converse passes on. */
import { thinkingFor } from '../../protocols/canonical/reasoning.ts';
import type { CanonicalRequest, Turn } from '../../protocols/canonical/request.ts';
import type { CallOptions, Fields } from './sdk.ts';
import type { Wording } from './wording.ts';

/** Tokens of an answer where the caller set no limit: least of the limits of the models that think by a budget. */
const ROOM = 32_000;

interface Thought {
  settings: Partial<CallOptions>;
  fields: Fields;
}

/**
 * Given as plain fields, since the SDK's own setting raises the caller's limit of tokens.
 * https://platform.claude.com/docs/en/build-with-claude/extended-thinking
 */
export function anthropicThinking(
  request: CanonicalRequest,
  settings: Partial<CallOptions>,
  { target, dropped }: Wording,
): Thought {
  const room = settings.maxOutputTokens ?? target.facts.maxOutputTokens ?? ROOM;
  const { thinking, effort, unmet } = thinkingFor(request.reasoning, target.facts, room);
  const refused = thinking !== undefined && thinking.type !== 'disabled' && refuses(request, thinking.type);
  if (unmet || refused) dropped.add('reasoning');
  if (thinking === undefined || thinking.type === 'disabled' || refused) {
    // A model that is not known to think may not know the field.
    const fields: Fields =
      thinking?.type === 'disabled' && target.facts.thinking !== null ? { thinking } : {};
    return withSampling(settings, fields, false, dropped);
  }
  const fields: Fields = {
    thinking: withKnownDisplay(thinking, dropped),
    ...(effort === undefined ? {} : { output_config: { effort } }),
  };
  // A budget must stay below the limit of tokens, and what holds without one is the service's secret.
  const limit = thinking.type === 'enabled' ? { maxOutputTokens: room } : {};
  return withSampling({ ...limit, ...settings }, fields, true, dropped);
}

/**
 * With a budget, a call may not be demanded, the answer may not be begun, and the turn whose calls were just
 * answered must begin with its own thinking. And an answer by a schema may be asked for as a demanded call.
 */
function refuses({ toolChoice, format, turns }: CanonicalRequest, type: 'enabled' | 'adaptive'): boolean {
  if (format?.type === 'json_schema') return true;
  if (type === 'adaptive') return false;
  const demanded = toolChoice?.type === 'required' || toolChoice?.type === 'tool';
  return demanded || turns.at(-1)?.role === 'assistant' || callsWithoutThinking(turns);
}

function callsWithoutThinking(turns: readonly Turn[]): boolean {
  const last = turns.findLast((turn) => turn.role === 'assistant');
  if (last === undefined || !last.parts.some(({ type }) => type === 'tool_call')) return false;
  const [first] = last.parts;
  return first?.type !== 'reasoning' || first.replay === null || first.replay.data === '';
}

function withKnownDisplay<T extends { display?: string }>(thinking: T, dropped: Wording['dropped']): T {
  const { display, ...rest } = thinking;
  if (display === undefined || display === 'summarized' || display === 'omitted') return thinking;
  dropped.add('thinking.display');
  return rest as T;
}

/** While a model thinks, it takes a `top_p` from here to 1. */
const LEAST_TOP_P_THINKING = 0.95;

/** No temperature but 1 and no `top_k` while a model thinks; and many models take one of temperature and `top_p`. */
function withSampling(
  { temperature, topP, topK, ...settings }: Partial<CallOptions>,
  fields: Fields,
  thinks: boolean,
  dropped: Wording['dropped'],
): Thought {
  const keepsTemperature = temperature !== undefined && (!thinks || temperature === 1);
  const keepsTopP = topP !== undefined && !keepsTemperature && (!thinks || topP >= LEAST_TOP_P_THINKING);
  // 1 is what holds where nothing is said.
  if (temperature !== undefined && temperature !== 1 && !keepsTemperature) dropped.add('temperature');
  if (topP !== undefined && topP !== 1 && !keepsTopP) dropped.add('top_p');
  if (topK !== undefined && thinks) dropped.add('top_k');
  return {
    settings: {
      ...settings,
      ...(keepsTemperature ? { temperature } : {}),
      ...(keepsTopP ? { topP } : {}),
    },
    fields: topK === undefined || thinks ? fields : { ...fields, top_k: topK },
  };
}
