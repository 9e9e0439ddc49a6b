/** Tools that keep their settings in a store of their own: there is no file to write. */
import { configHome, inHome, type Machine, pathsOf, roaming } from '../machine.ts';
import type { ToolSetup } from '../tool-setup.ts';

/** https://docs.roocode.com/providers/openai-compatible */
export const rooCode: ToolSetup = {
  id: 'roo-code',
  marks: () => ({ commands: [], extensions: ['rooveterinaryinc.roo-cline'] }),
  files: () => [],
  steps: () => ['Roo Code keeps its settings in a store of its own: enter these in its settings.'],
};

/** https://docs.cursor.com/settings/api-keys */
export const cursor: ToolSetup = {
  id: 'cursor',
  marks: (machine) => ({ commands: ['cursor'], paths: [inHome(machine, '.cursor')] }),
  files: () => [],
  steps: () => [
    'Cursor’s servers make the calls, so it needs a public address that leads here; then enter these in its settings.',
  ],
};

/** https://www.jetbrains.com/help/ai-assistant/use-custom-models.html */
export const jetbrains: ToolSetup = {
  id: 'jetbrains',
  marks: (machine) => ({
    commands: ['idea', 'pycharm', 'webstorm', 'goland', 'clion', 'rider', 'phpstorm', 'rubymine'],
    paths: [jetbrainsFolder(machine)],
  }),
  files: () => [],
  steps: () => ['JetBrains IDEs keep the key in their own password store: enter these in the IDE.'],
};

/** https://www.jetbrains.com/help/idea/directories-used-by-the-ide-to-store-settings-caches-plugins-and-logs.html */
function jetbrainsFolder(machine: Machine): string {
  const { join } = pathsOf(machine);
  if (machine.system === 'windows') return join(roaming(machine), 'JetBrains');
  if (machine.system === 'macos') return inHome(machine, 'Library', 'Application Support', 'JetBrains');
  return join(configHome(machine), 'JetBrains');
}
