import { providerSettings } from '../../tools/opencode.ts';
import { configHome, folderOf, type Machine, pathsOf } from '../machine.ts';
import type { ToolSetup } from '../tool-setup.ts';
import { authFile, providerEntries, settingsIn } from './opencode.ts';

/** https://kilo.ai/docs/cli. The editor's extension of today runs the same program and reads the same files. */
export const kiloCode: ToolSetup = {
  id: 'kilo-code',
  marks: (machine) => ({
    commands: ['kilo', 'kilocode'],
    extensions: ['kilocode.kilo-code'],
    paths: [folder(machine)],
  }),
  files: (machine, place, found) => [
    {
      path: folderOf(machine, 'KILO_CONFIG', settingsIn(machine, folder(machine), 'kilo', found)),
      format: 'jsonc',
      entries: providerEntries(place),
    },
    authFile(machine, 'kilo'),
  ],
  steps: (_, { extensions }) =>
    extensions.length === 0
      ? []
      : [
          'An older Kilo Code in VS Code keeps its settings in a store of its own: choose OpenAI Compatible there by hand.',
        ],
  start: (place) => ({
    command: 'kilo',
    env: { KILO_CONFIG_CONTENT: JSON.stringify(providerSettings(place)) },
  }),
};

function folder(machine: Machine): string {
  return folderOf(machine, 'KILO_CONFIG_DIR', pathsOf(machine).join(configHome(machine), 'kilo'));
}
