/** Departures from a service's usual form: what compatible servers and newer versions of a service send. */

export interface Wire {
  /** Events, blocks, deltas and fields that no specification knows, among the known ones. */
  strangers?: boolean;
  chat?: ChatWire;
  messages?: MessagesWire;
  responses?: ResponsesWire;
}

/**
 * Where Chat servers put reasoning: DeepSeek and vLLM in `reasoning_content`, OpenRouter and Ollama in
 * `reasoning`, OpenRouter also in `reasoning_details` (https://openrouter.ai/docs/use-cases/reasoning-tokens),
 * Mistral in `content` (https://docs.mistral.ai/capabilities/reasoning).
 */
export type ReasoningField = 'reasoning_content' | 'reasoning' | 'reasoning_details' | 'content_parts';

export interface ChatWire {
  /** Default `reasoning_content`; [] leaves reasoning out, as OpenAI does. */
  reasoning?: readonly ReasoningField[];
  /** `interleaved`: fragments of parallel calls take turns. `whole`: each call comes in one piece. */
  calls?: 'in_a_row' | 'interleaved' | 'whole';
  /** `zero`: every call says index 0, and only the ids differ. */
  indices?: 'counted' | 'zero' | 'missing';
  ids?: 'given' | 'empty' | 'missing';
  /**
   * `last_chunk`: with empty `choices`, when asked for, as OpenAI does. `bare_chunk`: the same without `choices`.
   * The others come unasked.
   */
  usage?: 'last_chunk' | 'bare_chunk' | 'finish_chunk' | 'every_chunk';
  /** Each delta repeats the role. */
  roleEverywhere?: boolean;
  /** Leaves `[DONE]` out. */
  noDone?: boolean;
}

export interface MessagesWire {
  /** Several blocks are open at a time, and their deltas take turns. */
  blocks?: 'in_a_row' | 'interleaved';
  /** The first words of a text or thinking block come in its `content_block_start`. */
  textInStart?: boolean;
  /** `zero` and `missing`: the input tokens come with `message_delta` alone. `absent`: no usage at all. */
  startUsage?: 'full' | 'zero' | 'missing' | 'absent';
  /** `output`: `message_delta` tells nothing but `output_tokens`. `absent`: no usage at all. */
  deltaUsage?: 'full' | 'output' | 'absent';
}

export interface ResponsesWire {
  /** Items come in `output_item.done` alone. */
  noDeltas?: boolean;
  /** The last event holds no items. */
  emptyOutput?: boolean;
  /** No item is `added`; deltas come without an opening. */
  noAdded?: boolean;
}
