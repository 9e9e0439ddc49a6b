import { KEY_PLACEHOLDER, modelsToOffer, openaiBase } from '../../recipe.ts';
import { folderOf, inHome, type Machine, pathsOf } from '../machine.ts';
import type { ToolSetup } from '../tool-setup.ts';

/** https://moonshotai.github.io/kimi-code: configuration/config-files, env-vars (KIMI_CODE_HOME) */
export const kimi: ToolSetup = {
  id: 'kimi',
  marks: (machine) => ({ commands: ['kimi'], paths: [folder(machine)] }),
  files: (machine, place) => [
    {
      path: pathsOf(machine).join(folder(machine), 'config.toml'),
      format: 'toml',
      entries: [
        { path: ['default_model'], value: `ntl/${place.model}` },
        {
          path: ['providers', 'ntl'],
          value: { type: 'openai', base_url: openaiBase(place), api_key: KEY_PLACEHOLDER },
        },
        ...modelsToOffer(place).map(({ id, images, contextWindow }) => ({
          path: ['models', `ntl/${id}`],
          value: {
            provider: 'ntl',
            model: id,
            max_context_size: contextWindow,
            capabilities: images ? ['thinking', 'image_in', 'tool_use'] : ['thinking', 'tool_use'],
          },
        })),
      ],
    },
  ],
  start: (place) => ({
    command: 'kimi',
    env: {
      KIMI_MODEL_PROVIDER_TYPE: 'openai',
      KIMI_MODEL_NAME: place.model,
      KIMI_MODEL_BASE_URL: openaiBase(place),
      KIMI_MODEL_API_KEY: KEY_PLACEHOLDER,
      KIMI_MODEL_MAX_CONTEXT_SIZE: String(place.contextWindow),
    },
  }),
};

function folder(machine: Machine): string {
  return folderOf(machine, 'KIMI_CODE_HOME', inHome(machine, '.kimi-code'));
}
