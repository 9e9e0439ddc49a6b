import { field, inHome, jsonFile } from '../format.ts';
import { KEY_PLACEHOLDER, openaiBase, type Recipe } from '../recipe.ts';
import { providerSettings } from './opencode.ts';

/** https://kilo.ai/docs: cli, providers/openai-compatible */
export const kiloCode: Recipe = {
  id: 'kilo-code',
  label: 'Kilo Code',
  group: 'agents',
  speaks: 'Speaks OpenAI style here. Any model here works, from every provider.',
  fields: ['model', 'smallModel'],
  seenAs: ['kilo-code'],
  notes: () => [],
  ways: (place) => [
    {
      id: 'file',
      label: 'Settings file',
      blocks: [jsonFile(inHome(place, '.config', 'kilo', 'kilo.json'), providerSettings(place))],
    },
    {
      id: 'form',
      label: 'In the editor',
      blocks: [
        field('API Provider', 'OpenAI Compatible'),
        field('Base URL', openaiBase(place)),
        field('API Key', KEY_PLACEHOLDER),
        field('Model', place.model),
      ],
    },
  ],
  firstRequest: 'Start kilo, or open Kilo Code in the editor, and say hello.',
};
