/** Where a translated request goes, as far as its form depends on it. */
import type { ModelFacts } from '../model-facts.ts';

export interface Target {
  /** As replays name it. */
  providerId: string;
  upstreamModel: string;
  facts: ModelFacts;
  traits: Traits;
}

/**
 * How a service departs from the protocol it speaks, as its documentation says. The plain values are those of
 * the protocol's own maker.
 */
export interface Traits {
  chat: ChatTraits;
  messages: MessagesTraits;
  responses: ResponsesTraits;
}

export interface ChatTraits {
  /** Name of the field for the most tokens of an answer. */
  maxTokens: 'max_completion_tokens' | 'max_tokens';
  /**
   * How reasoning is asked for: OpenAI's `reasoning_effort`, OpenRouter's `reasoning: {effort, max_tokens}`,
   * DeepSeek's and others' `thinking: {type: enabled or disabled}`, or not at all.
   */
  reasoning: 'reasoning_effort' | 'reasoning' | 'thinking' | 'none';
  /** Name of the assistant message's field in which reasoning goes back, or null where it must not. */
  reasoningBack: 'reasoning_content' | 'reasoning' | null;
  /** Whose reasoning it takes there: what it said itself, or anyone's. */
  reasoningFrom: 'itself' | 'anyone';
  /** Takes `type: custom` tools. */
  customTools: boolean;
  /** `json_schema`, or only `json_object`, or neither. */
  format: 'json_schema' | 'json_object' | 'none';
  /** Takes `cache_control` on content parts, as OpenRouter does for Anthropic's models. */
  cacheMarks: boolean;
  /** Takes PDF as a `file` part. */
  files: boolean;
  /** Takes `strict` on functions. */
  strictTools: boolean;
  /** Takes `parallel_tool_calls`. */
  parallelToolCalls: boolean;
  /** Takes `stream_options`. */
  streamOptions: boolean;
  /** Takes these of `seed`, `user`, `prompt_cache_key`, `service_tier`, `verbosity`, `top_k`. */
  takes: readonly ('seed' | 'user' | 'prompt_cache_key' | 'service_tier' | 'verbosity' | 'top_k')[];
  /** Ids of tool calls must look so; null for OpenAI's own rule. */
  toolCallId: 'nine_letters' | null;
  /** Takes system messages anywhere; templates of many open models refuse them behind the first. */
  lateSystem: boolean;
  /** Refuses a user's message right behind results, and system messages behind the first. */
  strictOrder: boolean;
  /** `required` as a tool choice has another name (`any` at Mistral). */
  requiredChoice: 'required' | 'any';
}

export interface MessagesTraits {
  /** Takes `output_config` (effort and format). */
  outputConfig: boolean;
  /** Takes `thinking`. */
  thinking: boolean;
  /** Caches prompts where marks stand; marks are set for callers whose protocol has none. */
  cacheMarks: boolean;
  /** Takes images and documents by URL. */
  urls: boolean;
  /** Takes `strict` on tools. */
  strictTools: boolean;
  /** Takes a `system` message among the others. */
  systemTurns: boolean;
}

export interface ResponsesTraits {
  /** Gives encrypted reasoning when asked, and takes it back. */
  encryptedReasoning: boolean;
  /** Takes `type: custom` tools. */
  customTools: boolean;
  /** Takes these of `prompt_cache_key`, `service_tier`, `safety_identifier`, `verbosity`. */
  takes: readonly ('prompt_cache_key' | 'service_tier' | 'safety_identifier' | 'verbosity')[];
}
