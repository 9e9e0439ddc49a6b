import { inHome, jsonFile, terminal } from '../format.ts';
import { KEY_PLACEHOLDER, openaiBase, type Recipe } from '../recipe.ts';

/** https://qwenlm.github.io/qwen-code-docs: configuration/auth, configuration/model-providers, configuration/settings */
export const qwenCode: Recipe = {
  id: 'qwen-code',
  label: 'Qwen Code',
  group: 'agents',
  speaks: 'Speaks OpenAI Chat Completions here. Any model here works, from every provider.',
  fields: ['model'],
  seenAs: ['qwen-code'],
  notes: () => [],
  ways: (place) => [
    {
      id: 'shell',
      label: 'Shell lines',
      blocks: [
        terminal(
          place,
          'In a terminal',
          {
            OPENAI_BASE_URL: openaiBase(place),
            OPENAI_API_KEY: KEY_PLACEHOLDER,
            OPENAI_MODEL: place.model,
          },
          ...['qwen', '--auth-type', 'openai'],
        ),
      ],
    },
    {
      id: 'file',
      label: 'Settings file',
      blocks: [
        jsonFile(inHome(place, '.qwen', 'settings.json'), {
          modelProviders: {
            openai: [{ id: place.model, name: place.model, baseUrl: openaiBase(place), envKey: 'NTL_KEY' }],
          },
          env: { NTL_KEY: KEY_PLACEHOLDER },
          security: { auth: { selectedType: 'openai' } },
          model: { name: place.model },
        }),
      ],
    },
  ],
  firstRequest: 'Start qwen and say hello.',
};
