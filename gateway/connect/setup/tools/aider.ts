import { KEY_PLACEHOLDER, openaiBase } from '../../recipe.ts';
import { inHome } from '../machine.ts';
import type { ToolSetup } from '../tool-setup.ts';

/** https://aider.chat/docs: config/aider_conf, llms/openai-compat */
export const aider: ToolSetup = {
  id: 'aider',
  marks: (machine) => ({ commands: ['aider'], paths: [inHome(machine, '.aider.conf.yml')] }),
  files: (machine, place) => [
    {
      path: inHome(machine, '.aider.conf.yml'),
      format: 'yaml',
      entries: [
        { path: ['openai-api-base'], value: openaiBase(place) },
        { path: ['openai-api-key'], value: KEY_PLACEHOLDER },
        { path: ['model'], value: `openai/${place.model}` },
        { path: ['weak-model'], value: `openai/${place.smallModel}` },
      ],
    },
  ],
  start: (place) => ({
    command: 'aider',
    args: ['--model', `openai/${place.model}`, '--weak-model', `openai/${place.smallModel}`],
    env: { OPENAI_API_BASE: openaiBase(place), OPENAI_API_KEY: KEY_PLACEHOLDER },
  }),
};
