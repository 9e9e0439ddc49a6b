import { inHome, quoted, terminal, tomlFile } from '../format.ts';
import { KEY_PLACEHOLDER, openaiBase, type Recipe } from '../recipe.ts';

/** https://developers.openai.com/codex: config-reference. Chat completions are an error there now. */
export const codex: Recipe = {
  id: 'codex',
  label: 'Codex',
  group: 'agents',
  speaks: 'Speaks OpenAI Responses. Any model here works, from every provider.',
  fields: ['model'],
  seenAs: ['codex'],
  notes: () => [
    {
      tone: 'info',
      text: 'In a file that has lines already, the first two go above its first [section].',
    },
    {
      tone: 'info',
      text: 'Codex reads the key from NTL_KEY. Set it where your shell starts, or Codex asks for it in each new terminal.',
    },
  ],
  ways: (place) => [
    {
      id: 'file',
      label: 'Settings file',
      blocks: [
        tomlFile(inHome(place, '.codex', 'config.toml'), [
          `model = ${quoted(place.model)}`,
          'model_provider = "ntl"',
          '',
          '[model_providers.ntl]',
          'name = "NoTokenLimit Desktop"',
          `base_url = ${quoted(openaiBase(place))}`,
          'env_key = "NTL_KEY"',
          'wire_api = "responses"',
        ]),
        terminal(place, 'In a terminal', { NTL_KEY: KEY_PLACEHOLDER }, 'codex'),
      ],
    },
  ],
  firstRequest: 'Start Codex and say hello.',
};
