import type { JsonObject } from '../json.ts';

/** Said between results and what the user said behind them. */
const BRIDGE: JsonObject = { role: 'assistant', content: 'I have the results.' };

/**
 * Puts messages in the order that Mistral's service insists on (mistral-common's `_validate_message_order`): only
 * the assistant speaks after results of tools, and no system message follows the assistant or stands last, as Claude
 * Code's often does. What the system says there goes as the user's word: it stays where it stands.
 */
export function inStrictOrder(messages: readonly JsonObject[]): JsonObject[] {
  const ordered: JsonObject[] = [];
  for (const [index, message] of messages.entries()) {
    const before = ordered.at(-1)?.role;
    const isInput = message.role === 'user' || message.role === 'system';
    if (before === 'tool' && isInput) ordered.push(BRIDGE);
    const isLate = before === 'tool' || before === 'assistant' || index === messages.length - 1;
    ordered.push(message.role === 'system' && isLate ? { ...message, role: 'user' } : message);
  }
  return ordered;
}
