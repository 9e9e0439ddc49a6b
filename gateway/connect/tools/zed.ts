import { jsonFile, terminal } from '../format.ts';
import {
  itsModelAlone,
  KEY_PLACEHOLDER,
  modelsToOffer,
  openaiBase,
  type Place,
  type Recipe,
} from '../recipe.ts';

/** https://zed.dev/docs/ai/use-api-access, "OpenAI-Compatible Endpoints": the key is no part of the file. */
export const zed: Recipe = {
  id: 'zed',
  label: 'Zed',
  group: 'editors',
  speaks: 'Speaks OpenAI Chat Completions here. Any model here works, from every provider.',
  fields: ['model'],
  seenAs: ['zed'],
  notes: () => [
    {
      tone: 'info',
      text: 'Zed keeps the key in the keychain: enter it under agent: open settings, LLM Providers, ntl. Or start Zed from a terminal that has NTL_API_KEY set.',
    },
  ],
  ways: (place) => [
    {
      id: 'file',
      label: 'Settings file',
      blocks: [
        jsonFile(settingsFile(place), {
          language_models: {
            openai_compatible: {
              ntl: providerModels(itsModelAlone(place)),
            },
          },
          agent: { default_model: { provider: 'ntl', model: place.model } },
        }),
        terminal(place, 'In a terminal', { NTL_API_KEY: KEY_PLACEHOLDER }, 'zed'),
      ],
    },
  ],
  firstRequest: 'Open the agent panel in Zed, choose the model and say hello.',
};

/** https://zed.dev/docs/configuring-zed, "settings files" */
function settingsFile({ system }: Place): string {
  return system === 'windows' ? '%APPDATA%\\Zed\\settings.json' : '~/.config/zed/settings.json';
}

/** Without the key. */
export function providerModels(place: Place) {
  return {
    api_url: openaiBase(place),
    available_models: modelsToOffer(place).map(({ id, contextWindow, maxOutputTokens }) => ({
      name: id,
      display_name: id,
      max_tokens: contextWindow,
      max_output_tokens: maxOutputTokens,
    })),
  };
}
