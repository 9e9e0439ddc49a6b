import { inHome, jsonFile } from '../format.ts';
import { KEY_PLACEHOLDER, type OfferedModel, openaiBase, type Place, type Recipe } from '../recipe.ts';

/** https://docs.factory.ai/model-independence/byok */
export const droid: Recipe = {
  id: 'droid',
  label: 'Droid',
  group: 'agents',
  speaks: 'Speaks OpenAI Chat Completions here. Any model here works, from every provider.',
  fields: ['model'],
  seenAs: ['droid'],
  notes: () => [
    { tone: 'info', text: 'In a file that has customModels already, add the entry to its list.' },
  ],
  ways: (place) => [
    {
      id: 'file',
      label: 'Settings file',
      blocks: [
        jsonFile(inHome(place, '.factory', 'settings.json'), {
          customModels: [customModel(place, { ...place, id: place.model })],
        }),
      ],
    },
  ],
  firstRequest: 'Start droid, choose the model with /model and say hello.',
};

export function customModel(place: Place, { id, maxOutputTokens }: OfferedModel) {
  return {
    model: id,
    displayName: id,
    baseUrl: openaiBase(place),
    apiKey: KEY_PLACEHOLDER,
    provider: 'generic-chat-completion-api',
    maxOutputTokens,
  };
}
