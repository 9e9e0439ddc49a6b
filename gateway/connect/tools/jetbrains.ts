import { field } from '../format.ts';
import { KEY_PLACEHOLDER, openaiBase, type Recipe } from '../recipe.ts';

/** https://www.jetbrains.com/help/ai-assistant/use-custom-models.html */
export const jetbrains: Recipe = {
  id: 'jetbrains',
  label: 'JetBrains AI Assistant',
  group: 'editors',
  speaks: 'Speaks OpenAI Chat Completions. Set by hand, in its own settings.',
  fields: ['model'],
  seenAs: ['jetbrains'],
  notes: () => [
    {
      tone: 'info',
      text: 'AI Assistant tells nobody who it is: its requests stand in the audit log under the key you give it alone. A key of its own makes them easy to find.',
    },
  ],
  ways: (place) => [
    {
      id: 'form',
      label: 'In the IDE: Settings, Tools, AI Assistant, Providers & API keys',
      blocks: [
        field('Provider', 'OpenAI-compatible'),
        field('URL', openaiBase(place)),
        field('API Key', KEY_PLACEHOLDER),
        field('Model', place.model),
      ],
    },
  ],
  firstRequest: 'Press Test Connection, then choose the model in AI Chat and say hello.',
};
