import { field } from '../format.ts';
import { KEY_PLACEHOLDER, presetBase, type Recipe } from '../recipe.ts';

/** https://docs.roocode.com/providers/openai-compatible */
export const rooCode: Recipe = {
  id: 'roo-code',
  label: 'Roo Code',
  group: 'editors',
  speaks: 'Speaks OpenAI Chat Completions. Set by hand, in its own settings.',
  fields: ['model'],
  seenAs: ['roo-code'],
  notes: ({ contextWindow, maxOutputTokens }) => [
    {
      tone: 'info',
      text: `Under Model Configuration, set the context window (${contextWindow}) and the most output tokens (${maxOutputTokens}): Roo Code cannot ask for them.`,
    },
  ],
  ways: (place) => [
    {
      id: 'form',
      label: 'In the editor',
      blocks: [
        field('API Provider', 'OpenAI Compatible'),
        field('Base URL', presetBase(place, 'roocode')),
        field('API Key', KEY_PLACEHOLDER),
        field('Model', place.model),
      ],
    },
  ],
  firstRequest: 'Give Roo Code a small task.',
};
