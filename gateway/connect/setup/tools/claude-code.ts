import { variables } from '../../tools/claude-code.ts';
import { folderOf, inHome, pathsOf } from '../machine.ts';
import type { SettingsFile, ToolSetup } from '../tool-setup.ts';

const EXTENSION = 'anthropic.claude-code';

/** https://code.claude.com/docs: settings, env-vars (CLAUDE_CONFIG_DIR), vs-code */
export const claudeCode: ToolSetup = {
  id: 'claude-code',
  marks: (machine) => ({
    commands: ['claude'],
    extensions: [EXTENSION],
    paths: [folderOf(machine, 'CLAUDE_CONFIG_DIR', inHome(machine, '.claude'))],
  }),
  files(machine, place, { extensions }) {
    const { join } = pathsOf(machine);
    const folder = folderOf(machine, 'CLAUDE_CONFIG_DIR', inHome(machine, '.claude'));
    const env = Object.entries(variables(place));
    const own: SettingsFile = {
      path: join(folder, 'settings.json'),
      format: 'json',
      entries: env.map(([name, value]) => ({ path: ['env', name], value })),
    };
    // The extension reads the file above too; it is told not to ask for a login.
    const quiet = extensions.map(
      ({ editor }): SettingsFile => ({
        path: join(editor.user, 'settings.json'),
        format: 'jsonc',
        entries: [{ path: ['claudeCode.disableLoginPrompt'], value: true }],
      }),
    );
    return [own, ...quiet];
  },
  start: (place) => ({ command: 'claude', env: variables(place) }),
};
