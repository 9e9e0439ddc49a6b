import { inHome, quoted, yamlFile } from '../format.ts';
import { KEY_PLACEHOLDER, openaiBase, type Recipe } from '../recipe.ts';

/** https://docs.continue.dev: reference, customize/model-providers/top-level/openai */
export const continueDev: Recipe = {
  id: 'continue',
  label: 'Continue',
  group: 'editors',
  speaks: 'Speaks OpenAI Chat Completions here. Any model here works, from every provider.',
  fields: ['model'],
  seenAs: ['continue'],
  notes: () => [
    {
      tone: 'info',
      text: 'For completions while you type, add a model with the role autocomplete: it needs a provider that has text completions, such as a local one.',
    },
  ],
  ways: (place) => [
    {
      id: 'file',
      label: 'Settings file',
      blocks: [
        yamlFile(inHome(place, '.continue', 'config.yaml'), [
          'name: NoTokenLimit Desktop',
          'version: 1.0.0',
          'schema: v1',
          'models:',
          `  - name: ${quoted(place.model)}`,
          '    provider: openai',
          `    model: ${quoted(place.model)}`,
          `    apiBase: ${quoted(`${openaiBase(place)}/`)}`,
          `    apiKey: ${quoted(KEY_PLACEHOLDER)}`,
          '    roles: [chat, edit, apply]',
          '    capabilities: [tool_use]',
          '    defaultCompletionOptions:',
          `      contextLength: ${place.contextWindow}`,
          `      maxTokens: ${place.maxOutputTokens}`,
        ]),
      ],
    },
  ],
  firstRequest: 'Open Continue in the editor, or start cn, and say hello.',
};
