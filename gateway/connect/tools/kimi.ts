import { inHome, quoted, tomlFile } from '../format.ts';
import { KEY_PLACEHOLDER, openaiBase, type Recipe } from '../recipe.ts';

/** https://moonshotai.github.io/kimi-code: configuration/config-files, configuration/providers */
export const kimi: Recipe = {
  id: 'kimi',
  label: 'Kimi Code',
  group: 'agents',
  speaks: 'Speaks OpenAI Chat Completions here. Any model here works, from every provider.',
  fields: ['model'],
  seenAs: ['kimi'],
  notes: () => [
    {
      tone: 'info',
      text: 'In a file that has lines already, default_model goes above its first [section].',
    },
  ],
  ways: (place) => [
    {
      id: 'file',
      label: 'Settings file',
      blocks: [
        tomlFile(inHome(place, '.kimi-code', 'config.toml'), [
          'default_model = "ntl"',
          '',
          '[providers.ntl]',
          'type = "openai"',
          `base_url = ${quoted(openaiBase(place))}`,
          `api_key = ${quoted(KEY_PLACEHOLDER)}`,
          '',
          '[models.ntl]',
          'provider = "ntl"',
          `model = ${quoted(place.model)}`,
          `max_context_size = ${place.contextWindow}`,
          'capabilities = ["thinking", "image_in", "tool_use"]',
        ]),
      ],
    },
  ],
  firstRequest: 'Start kimi and say hello.',
};
