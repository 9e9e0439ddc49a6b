import { KEY_PLACEHOLDER, modelsToOffer, type OfferedModel, openaiBase, type Place } from '../../recipe.ts';
import { folderOf, inHome, type Machine, pathsOf } from '../machine.ts';
import { RUN_FOLDER, type ToolSetup } from '../tool-setup.ts';

/**
 * https://docs.continue.dev: reference, customize/deep-dives/configuration ("secrets" of a local config.yaml come
 * from the `.env` beside it). CONTINUE_GLOBAL_DIR is its own.
 */
export const continueDev: ToolSetup = {
  id: 'continue',
  marks: (machine) => ({ commands: ['cn'], extensions: ['continue.continue'], paths: [folder(machine)] }),
  files(machine, place) {
    const { join } = pathsOf(machine);
    const models = modelsToOffer(place).map((model) => {
      const name = `${model.id} (NoTokenLimit)`;
      return { path: ['models', { where: { name } }], value: { name, ...settingsOf(place, model) } };
    });
    return [
      {
        path: join(folder(machine), 'config.yaml'),
        format: 'yaml',
        entries: [
          { path: ['name'], value: 'My settings', ifMissing: true },
          { path: ['version'], value: '1.0.0', ifMissing: true },
          { path: ['schema'], value: 'v1', ifMissing: true },
          ...models,
        ],
      },
      {
        path: join(folder(machine), '.env'),
        format: 'dotenv',
        entries: [{ path: ['NTL_KEY'], value: KEY_PLACEHOLDER }],
      },
    ];
  },
  start: (place) => ({
    command: 'cn',
    args: ['--config', `${RUN_FOLDER}/config.yaml`],
    env: {},
    // JSON is YAML too (https://yaml.org/spec/1.2.2/#13-terminology, "JSON schema").
    files: {
      'config.yaml': JSON.stringify({
        ...{ name: 'NoTokenLimit Desktop', version: '1.0.0', schema: 'v1' },
        models: modelsToOffer(place).map((model) => ({
          ...{ name: model.id, ...settingsOf(place, model), apiKey: KEY_PLACEHOLDER },
        })),
      }),
    },
  }),
};

function settingsOf(place: Place, { id, images, contextWindow, maxOutputTokens }: OfferedModel) {
  return {
    provider: 'openai',
    model: id,
    apiBase: `${openaiBase(place)}/`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Continue's own form
    apiKey: '${{ secrets.NTL_KEY }}',
    roles: ['chat', 'edit', 'apply'],
    capabilities: images ? ['tool_use', 'image_input'] : ['tool_use'],
    defaultCompletionOptions: { contextLength: contextWindow, maxTokens: maxOutputTokens },
  };
}

function folder(machine: Machine): string {
  return folderOf(machine, 'CONTINUE_GLOBAL_DIR', inHome(machine, '.continue'));
}
