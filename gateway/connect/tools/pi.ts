import { inHome, jsonFile, terminal } from '../format.ts';
import { KEY_PLACEHOLDER, openaiBase, type Recipe } from '../recipe.ts';

/** docs/models.md, docs/usage.md of @mariozechner/pi-coding-agent */
export const pi: Recipe = {
  id: 'pi',
  label: 'pi',
  group: 'agents',
  speaks: 'Speaks OpenAI Chat Completions here. Any model here works, from every provider.',
  fields: ['model'],
  seenAs: ['pi'],
  notes: () => [],
  ways: (place) => [
    {
      id: 'file',
      label: 'Settings file',
      blocks: [
        jsonFile(inHome(place, '.pi', 'agent', 'models.json'), {
          providers: {
            ntl: {
              baseUrl: openaiBase(place),
              api: 'openai-completions',
              apiKey: KEY_PLACEHOLDER,
              models: [
                {
                  id: place.model,
                  input: place.images ? ['text', 'image'] : ['text'],
                  contextWindow: place.contextWindow,
                  maxTokens: place.maxOutputTokens,
                },
              ],
            },
          },
        }),
        terminal(place, 'In a terminal', {}, 'pi', '--provider', 'ntl', '--model', place.model),
      ],
    },
  ],
  firstRequest: 'Start pi and say hello.',
};
