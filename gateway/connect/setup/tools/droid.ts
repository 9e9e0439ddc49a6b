import { modelsToOffer } from '../../recipe.ts';
import { customModel } from '../../tools/droid.ts';
import { inHome } from '../machine.ts';
import type { ToolSetup } from '../tool-setup.ts';

/** https://docs.factory.ai/model-independence/byok */
export const droid: ToolSetup = {
  id: 'droid',
  marks: (machine) => ({ commands: ['droid'], paths: [inHome(machine, '.factory')] }),
  files(machine, place) {
    const entries = modelsToOffer(place).map((model) => {
      const displayName = `${model.id} (NoTokenLimit)`;
      const value = { ...customModel(place, model), displayName };
      return { path: ['customModels', { where: { displayName } }], value };
    });
    return [{ path: inHome(machine, '.factory', 'settings.json'), format: 'jsonc', entries }];
  },
  steps: ({ model }) => [`In droid, choose ${model} with /model.`],
};
