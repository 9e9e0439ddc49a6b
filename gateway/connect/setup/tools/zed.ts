import { KEY_PLACEHOLDER } from '../../recipe.ts';
import { providerModels } from '../../tools/zed.ts';
import { configHome, type Machine, pathsOf, roaming } from '../machine.ts';
import type { ToolSetup } from '../tool-setup.ts';

/** https://zed.dev/docs: configuring-zed, ai/use-api-access. The key is in the keychain, never in the file. */
export const zed: ToolSetup = {
  id: 'zed',
  marks: (machine) => ({ commands: ['zed', 'zeditor'], paths: [folder(machine)] }),
  files: (machine, place) => [
    {
      path: pathsOf(machine).join(folder(machine), 'settings.json'),
      format: 'jsonc',
      entries: [
        { path: ['language_models', 'openai_compatible', 'ntl'], value: providerModels(place) },
        { path: ['agent', 'default_model'], value: { provider: 'ntl', model: place.model } },
      ],
    },
  ],
  steps: () => [
    'Zed keeps the key in the keychain: open “agent: open settings”, LLM Providers, ntl, and enter it there.',
  ],
  start: () => ({ command: 'zed', env: { NTL_API_KEY: KEY_PLACEHOLDER } }),
};

function folder(machine: Machine): string {
  const { join } = pathsOf(machine);
  return machine.system === 'windows' ? join(roaming(machine), 'Zed') : join(configHome(machine), 'zed');
}
