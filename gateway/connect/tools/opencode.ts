import { inHome, jsonFile } from '../format.ts';
import { KEY_PLACEHOLDER, modelsToOffer, openaiBase, type Place, type Recipe } from '../recipe.ts';

/** https://opencode.ai/docs: config, providers, models. It keeps to ~/.config on every system. */
export const opencode: Recipe = {
  id: 'opencode',
  label: 'opencode',
  group: 'agents',
  speaks: 'Speaks OpenAI style here. Any model here works, from every provider.',
  fields: ['model', 'smallModel'],
  seenAs: ['opencode'],
  notes: () => [
    {
      tone: 'info',
      text: 'opencode waits as long as a full limit says, be it a day or a month: stop it where it seems to hang.',
    },
  ],
  ways: (place) => [
    {
      id: 'file',
      label: 'Settings file',
      blocks: [
        jsonFile(inHome(place, '.config', 'opencode', 'opencode.json'), {
          $schema: 'https://opencode.ai/config.json',
          ...providerSettings({ ...place, offered: [] }),
        }),
      ],
    },
  ],
  firstRequest: 'Start opencode and say hello.',
};

/** Kilo Code grew out of it, and reads the same. */
export function providerSettings(place: Place) {
  const models = modelsToOffer(place).map(({ id, contextWindow, maxOutputTokens }) => [
    id,
    { limit: { context: contextWindow, output: maxOutputTokens } },
  ]);
  return {
    model: `ntl/${place.model}`,
    small_model: `ntl/${place.smallModel}`,
    provider: {
      ntl: {
        npm: '@ai-sdk/openai-compatible',
        name: 'NoTokenLimit',
        options: { baseURL: openaiBase(place), apiKey: KEY_PLACEHOLDER },
        models: Object.fromEntries(models),
      },
    },
  };
}
