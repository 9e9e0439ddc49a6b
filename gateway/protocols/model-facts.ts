/**
 * What is known of one model at one provider, for clients that ask and for translations that must fit. Null
 * means that nobody knows: nothing is assumed then.
 */
export interface ModelFacts {
  /** Tokens of input and output together. */
  contextWindow: number | null;
  /** Most tokens of one answer, reasoning included. */
  maxOutputTokens: number | null;
  inputModalities: readonly Modality[] | null;
  /** Reasoning efforts it takes; empty for a model that does not reason. */
  efforts: readonly Effort[] | null;
  /** Values of `thinking.type` it takes in Anthropic's protocol; empty for a model that does not think. */
  thinking: readonly ThinkingMode[] | null;
  /** Takes `temperature`, `top_p` and the like. */
  sampling: boolean | null;
}

export type Modality = 'text' | 'image' | 'pdf' | 'audio' | 'video';

/** From least to most; OpenAI's names (`none` and `minimal` are OpenAI's alone). */
export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof EFFORTS)[number];

export const THINKING_MODES = ['adaptive', 'enabled', 'disabled'] as const;
export type ThinkingMode = (typeof THINKING_MODES)[number];

export const UNKNOWN_FACTS: ModelFacts = {
  contextWindow: null,
  maxOutputTokens: null,
  inputModalities: null,
  efforts: null,
  thinking: null,
  sampling: null,
};
