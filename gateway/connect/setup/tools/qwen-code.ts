import { KEY_PLACEHOLDER, modelsToOffer, openaiBase } from '../../recipe.ts';
import { folderOf, inHome, type Machine, pathsOf } from '../machine.ts';
import type { ToolSetup } from '../tool-setup.ts';

/** https://qwenlm.github.io/qwen-code-docs: configuration/auth, model-providers, settings (QWEN_HOME) */
export const qwenCode: ToolSetup = {
  id: 'qwen-code',
  marks: (machine) => ({ commands: ['qwen'], paths: [folder(machine)] }),
  files: (machine, place) => [
    {
      path: pathsOf(machine).join(folder(machine), 'settings.json'),
      format: 'jsonc',
      entries: [
        ...modelsToOffer(place).map(({ id }) => ({
          path: ['modelProviders', 'openai', { where: { id, envKey: 'NTL_KEY' } }],
          value: { id, name: id, baseUrl: openaiBase(place), envKey: 'NTL_KEY' },
        })),
        { path: ['env', 'NTL_KEY'], value: KEY_PLACEHOLDER },
        { path: ['security', 'auth', 'selectedType'], value: 'openai' },
        { path: ['model', 'name'], value: place.model },
      ],
    },
  ],
  start: (place) => ({
    command: 'qwen',
    args: ['--auth-type', 'openai'],
    env: { OPENAI_BASE_URL: openaiBase(place), OPENAI_API_KEY: KEY_PLACEHOLDER, OPENAI_MODEL: place.model },
  }),
};

function folder(machine: Machine): string {
  return folderOf(machine, 'QWEN_HOME', inHome(machine, '.qwen'));
}
