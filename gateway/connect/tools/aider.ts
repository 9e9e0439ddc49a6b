import { inHome, quoted, terminal, yamlFile } from '../format.ts';
import { KEY_PLACEHOLDER, openaiBase, type Recipe } from '../recipe.ts';

/** https://aider.chat/docs: llms/openai-compat, config/aider_conf. `openai/` is its own mark, and stays with it. */
export const aider: Recipe = {
  id: 'aider',
  label: 'aider',
  group: 'agents',
  speaks: 'Speaks OpenAI Chat Completions here. Any model here works, from every provider.',
  fields: ['model', 'smallModel'],
  seenAs: ['aider'],
  notes: () => [
    {
      tone: 'info',
      text: 'aider warns of models it does not know. That is harmless; --no-show-model-warnings silences it.',
    },
  ],
  ways: (place) => [
    {
      id: 'shell',
      label: 'Shell lines',
      blocks: [
        terminal(
          place,
          'In a terminal',
          { OPENAI_API_BASE: openaiBase(place), OPENAI_API_KEY: KEY_PLACEHOLDER },
          ...['aider', '--model', `openai/${place.model}`, '--weak-model', `openai/${place.smallModel}`],
        ),
      ],
    },
    {
      id: 'file',
      label: 'Settings file',
      blocks: [
        yamlFile(inHome(place, '.aider.conf.yml'), [
          `openai-api-base: ${quoted(openaiBase(place))}`,
          `openai-api-key: ${quoted(KEY_PLACEHOLDER)}`,
          `model: ${quoted(`openai/${place.model}`)}`,
          `weak-model: ${quoted(`openai/${place.smallModel}`)}`,
        ]),
      ],
    },
  ],
  firstRequest: 'Start aider in a repository and say hello.',
};
