import { customModel } from '../../tools/droid.ts';
import { inHome } from '../machine.ts';
import type { ToolSetup } from '../tool-setup.ts';

/** https://docs.factory.ai/model-independence/byok */
export const droid: ToolSetup = {
  id: 'droid',
  marks: (machine) => ({ commands: ['droid'], paths: [inHome(machine, '.factory')] }),
  files(machine, place) {
    const value = { ...customModel(place), displayName: `${place.model} (NoTokenLimit)` };
    return [
      {
        path: inHome(machine, '.factory', 'settings.json'),
        format: 'jsonc',
        entries: [{ path: ['customModels', { where: { displayName: value.displayName } }], value }],
      },
    ];
  },
  steps: ({ model }) => [`In droid, choose ${model} with /model.`],
};
