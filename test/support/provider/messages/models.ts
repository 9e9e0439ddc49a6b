/**
 * What single models of Anthropic take. Sources: https://platform.claude.com/docs/en/build-with-claude/thinking
 * and /thinking-troubleshooting (modes), /effort, https://platform.claude.com/docs/en/about-claude/models/overview
 * (limits), https://platform.claude.com/docs/en/api/errors (prefill), anomalyco/opencode#22404.
 */

export interface ClaudeFacts {
  /** Values of `thinking.type`. */
  thinking: readonly string[];
  /** Values of `output_config.effort`; [] for a model without the parameter. */
  efforts: readonly string[];
  maxTokens: number;
  /** `any`: as before. `one`: temperature or top_p. `none`: neither, nor top_k. */
  sampling: 'one' | 'none';
  /** The last message may be the assistant's own text. */
  prefill: boolean;
  /** Messages of role `system` may stand among the others. */
  systemMessages: boolean;
  /** `tool_choice` may force a call. */
  forcesTools: boolean;
  /** Highest effort with `thinking: disabled`, where that is less than the highest. */
  effortUnthought: readonly string[] | undefined;
}

const LOW_TO_HIGH = ['low', 'medium', 'high'];
const LOW_TO_MAX = [...LOW_TO_HIGH, 'xhigh', 'max'];

const OLD: ClaudeFacts = {
  thinking: ['enabled', 'disabled'],
  efforts: [],
  maxTokens: 64_000,
  sampling: 'one',
  prefill: true,
  systemMessages: false,
  forcesTools: true,
  effortUnthought: undefined,
};

const BETWEEN: ClaudeFacts = {
  ...OLD,
  thinking: ['adaptive', 'enabled', 'disabled'],
  efforts: [...LOW_TO_HIGH, 'max'],
  maxTokens: 128_000,
  prefill: false,
};

const NEW: ClaudeFacts = {
  ...BETWEEN,
  thinking: ['adaptive', 'disabled'],
  efforts: LOW_TO_MAX,
  sampling: 'none',
  systemMessages: true,
};

/** By name without a date. */
const MODELS: Readonly<Record<string, ClaudeFacts>> = {
  'claude-haiku-4-5': OLD,
  'claude-sonnet-4-5': OLD,
  'claude-opus-4-5': { ...OLD, efforts: LOW_TO_HIGH },
  'claude-sonnet-4-6': BETWEEN,
  'claude-opus-4-6': BETWEEN,
  'claude-opus-4-7': { ...NEW, systemMessages: false },
  'claude-opus-4-8': NEW,
  'claude-sonnet-5': NEW,
  'claude-opus-5': { ...NEW, effortUnthought: LOW_TO_HIGH },
  'claude-opus-5-5': { ...NEW, thinking: ['adaptive'], forcesTools: false },
  'claude-fable-5': { ...NEW, thinking: ['adaptive'] },
};

/** @returns undefined for a model that is not Anthropic's */
export function claudeFacts(model: unknown): ClaudeFacts | undefined {
  return MODELS[String(model).replace(/-\d{8}$/, '')];
}
