import { KEY_PLACEHOLDER, openaiBase } from '../../recipe.ts';
import { folderOf, inHome, type Machine, pathsOf } from '../machine.ts';
import type { ToolSetup } from '../tool-setup.ts';

/**
 * https://docs.continue.dev: reference, customize/deep-dives/configuration ("secrets" of a local config.yaml come
 * from the `.env` beside it). CONTINUE_GLOBAL_DIR is its own.
 */
export const continueDev: ToolSetup = {
  id: 'continue',
  marks: (machine) => ({ commands: ['cn'], extensions: ['continue.continue'], paths: [folder(machine)] }),
  files(machine, place) {
    const { join } = pathsOf(machine);
    const name = `${place.model} (NoTokenLimit)`;
    const value = {
      name,
      provider: 'openai',
      model: place.model,
      apiBase: `${openaiBase(place)}/`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Continue's own form
      apiKey: '${{ secrets.NTL_KEY }}',
      roles: ['chat', 'edit', 'apply'],
      capabilities: ['tool_use'],
      defaultCompletionOptions: { contextLength: place.contextWindow, maxTokens: place.maxOutputTokens },
    };
    return [
      {
        path: join(folder(machine), 'config.yaml'),
        format: 'yaml',
        entries: [
          { path: ['name'], value: 'My settings', ifMissing: true },
          { path: ['version'], value: '1.0.0', ifMissing: true },
          { path: ['schema'], value: 'v1', ifMissing: true },
          { path: ['models', { where: { name } }], value },
        ],
      },
      {
        path: join(folder(machine), '.env'),
        format: 'dotenv',
        entries: [{ path: ['NTL_KEY'], value: KEY_PLACEHOLDER }],
      },
    ];
  },
};

function folder(machine: Machine): string {
  return folderOf(machine, 'CONTINUE_GLOBAL_DIR', inHome(machine, '.continue'));
}
