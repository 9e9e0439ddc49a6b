import { modelsToOffer, type Place } from '../../recipe.ts';
import { customModel } from '../../tools/droid.ts';
import { inHome } from '../machine.ts';
import { RUN_FOLDER, type ToolSetup } from '../tool-setup.ts';

/** https://docs.factory.ai/model-independence/byok */
export const droid: ToolSetup = {
  id: 'droid',
  marks: (machine) => ({ commands: ['droid'], paths: [inHome(machine, '.factory')] }),
  files: (machine, place) => [
    {
      path: inHome(machine, '.factory', 'settings.json'),
      format: 'jsonc',
      entries: customModels(place).map((value) => ({
        path: ['customModels', { where: { displayName: value.displayName } }],
        value,
      })),
    },
  ],
  steps: ({ model }) => [`In droid, choose ${model} with /model.`],
  start: (place) => ({
    command: 'droid',
    args: ['--settings', `${RUN_FOLDER}/settings.json`],
    env: {},
    files: { 'settings.json': JSON.stringify({ customModels: customModels(place) }) },
  }),
};

function customModels(place: Place) {
  return modelsToOffer(place).map((model) => ({
    ...customModel(place, model),
    displayName: `${model.id} (NoTokenLimit)`,
  }));
}
