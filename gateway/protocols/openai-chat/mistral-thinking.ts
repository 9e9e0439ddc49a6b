import { asText, type JsonObject, objectsIn } from '../json.ts';

/**
 * Reads a part in which Mistral's models think: `{type: 'thinking', thinking: [{type: 'text', text}]}`
 * (https://docs.mistral.ai/capabilities/reasoning).
 * @returns undefined for any other part, Anthropic's block of that type included
 */
export function mistralThinking({ type, thinking }: JsonObject): string | undefined {
  if (type !== 'thinking' || !Array.isArray(thinking)) return undefined;
  return objectsIn(thinking)
    .map(({ text }) => asText(text) ?? '')
    .join('');
}
