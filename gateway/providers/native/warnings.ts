/** What the AI SDK says it left out, by the names that callers know. */
import type { Dropped } from '../../protocols/canonical/dropped.ts';
import type { Warning } from './sdk.ts';

const NAMES: Readonly<Record<string, string>> = {
  topP: 'top_p',
  topK: 'top_k',
  presencePenalty: 'presence_penalty',
  frequencyPenalty: 'frequency_penalty',
  stopSequences: 'stop',
  responseFormat: 'response_format',
  toolChoice: 'tool_choice',
  maxOutputTokens: 'max_tokens',
  budgetTokens: 'reasoning',
  'adaptive thinking': 'reasoning',
};

export function reportWarnings(warnings: readonly Warning[], dropped: Dropped): void {
  for (const warning of warnings) {
    if (warning.type === 'unsupported') dropped.add(NAMES[warning.feature] ?? warning.feature);
  }
}
