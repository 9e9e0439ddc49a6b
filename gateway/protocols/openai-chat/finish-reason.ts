/** Why an answer ended, in chat completions' words and the hub's. */
import type { FinishReason } from '../canonical/answer.ts';

/**
 * OpenAI's words, and what others use beside them: Mistral's `model_length`, Zhipu's `sensitive` and
 * `model_context_window_exceeded`.
 */
const REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['tool_calls', 'tool_calls'],
  ['function_call', 'tool_calls'],
  ['content_filter', 'content_filter'],
  ['sensitive', 'content_filter'],
  ['model_length', 'context_window'],
  ['model_context_window_exceeded', 'context_window'],
]);

/** Words for an answer that broke off: OpenRouter's, DeepSeek's, Zhipu's. */
const FAILURES: ReadonlySet<string> = new Set(['error', 'insufficient_system_resource', 'network_error']);

export function isFailure(word: string): boolean {
  return FAILURES.has(word);
}

/**
 * Agents act on calls by the reason, and servers get it wrong: calls that came count, and no others.
 * @param word null where the provider gave none
 */
export function reasonOf(word: string | null, said: { calls: boolean; refusal: boolean }): FinishReason {
  const reason = REASONS.get(word ?? 'stop') ?? 'stop';
  if (reason !== 'stop' && reason !== 'tool_calls') return reason;
  if (said.calls) return 'tool_calls';
  return said.refusal ? 'refusal' : 'stop';
}

/**
 * OpenAI tells a refusal in a field of its own and ends with `stop`; one without words of its own is a filter's.
 * @param refused whether the answer has a refusal's words
 */
export function wordFor(reason: FinishReason, refused: boolean): string {
  switch (reason) {
    case 'tool_calls':
    case 'length':
    case 'content_filter':
      return reason;
    case 'context_window':
      return 'length';
    case 'refusal':
      return refused ? 'stop' : 'content_filter';
    default:
      return 'stop';
  }
}
