/**
 * What single models of OpenAI take. Sources: the models' pages (https://platform.openai.com/docs/models), the
 * answers of gpt-5.6-terra on record in kangminlee-maker/local-OAuth-CLI-API-adapter, microsoft/agent-framework#7483.
 */

export interface ReasoningFacts {
  /** Values of `reasoning_effort` in Chat Completions; Responses adds `moreEfforts`. */
  efforts: readonly string[];
  moreEfforts: readonly string[];
  usualEffort: string;
  /** Chat Completions takes function tools only with effort `none`. */
  toolsOnlyUnreasoned: boolean;
}

const LOW_TO_HIGH = ['low', 'medium', 'high'];
const NONE_TO_XHIGH = ['none', ...LOW_TO_HIGH, 'xhigh'];

function facts(
  efforts: readonly string[],
  usualEffort: string,
  rest: Partial<ReasoningFacts> = {},
): ReasoningFacts {
  return { efforts, usualEffort, moreEfforts: [], toolsOnlyUnreasoned: false, ...rest };
}

/** By the beginning of the name; the longest that fits counts. null: does not reason. */
const MODELS: Readonly<Record<string, ReasoningFacts | null>> = {
  'gpt-3.5': null,
  'gpt-4': null,
  chatgpt: null,
  o1: facts(LOW_TO_HIGH, 'medium'),
  o3: facts(LOW_TO_HIGH, 'medium'),
  o4: facts(LOW_TO_HIGH, 'medium'),
  'gpt-5': facts(['minimal', ...LOW_TO_HIGH], 'medium'),
  'gpt-5.1': facts(['none', ...LOW_TO_HIGH], 'none'),
  'gpt-5.2': facts(NONE_TO_XHIGH, 'none'),
  'gpt-5.4': facts(NONE_TO_XHIGH, 'none', { toolsOnlyUnreasoned: true }),
  'gpt-5.5': facts(NONE_TO_XHIGH, 'medium', { toolsOnlyUnreasoned: true }),
  'gpt-5.6': facts(NONE_TO_XHIGH, 'medium', { toolsOnlyUnreasoned: true, moreEfforts: ['max'] }),
  'gpt-6': facts(NONE_TO_XHIGH, 'medium', { toolsOnlyUnreasoned: true, moreEfforts: ['max'] }),
};

/** @returns null for a model that does not reason, undefined for one that is not OpenAI's */
export function reasoningFacts(model: unknown): ReasoningFacts | null | undefined {
  const name = String(model);
  const fitting = Object.keys(MODELS)
    .filter((start) => name.startsWith(start) && !name.endsWith('-chat-latest'))
    .sort((one, other) => other.length - one.length);
  return fitting[0] === undefined ? undefined : MODELS[fitting[0]];
}
