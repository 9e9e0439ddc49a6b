import type { Place } from '../../recipe.ts';
import { customEndpoint, variables } from '../../tools/copilot.ts';
import { type Machine, pathsOf, type VsCode } from '../machine.ts';
import { stepsForVariables, variablesInProfile } from '../shell-profile.ts';
import type { Found, SettingsFile, ToolSetup } from '../tool-setup.ts';

/**
 * https://code.visualstudio.com/docs/agent-customization/language-models, `copilot help providers`. Copilot CLI takes
 * a provider from variables alone: they go into the profile of the person's shell.
 */
export const copilot: ToolSetup = {
  id: 'copilot',
  marks: () => ({ commands: ['copilot'], extensions: ['github.copilot-chat', 'github.copilot'] }),
  files(machine, place, found) {
    const inTerminal =
      found.command === null ? null : variablesInProfile(machine, found, 'copilot', variables(place));
    const inEditors = editorsOf(found).map((editor) => languageModels(machine, place, editor));
    return inTerminal === null ? inEditors : [...inEditors, inTerminal];
  },
  steps: (place, found, machine) => [
    ...editorsOf(found).map(({ name }) => `In ${name}, choose ${place.model} in the chat’s list of models.`),
    ...(found.command === null
      ? ['Copilot CLI is not here. Once it is, connect again, or start it with ntl run copilot.']
      : [
          'Copilot CLI reads variables alone.',
          ...stepsForVariables(machine, found, variables(place)),
          'Or start it with ntl run copilot.',
        ]),
  ],
  start: (place) => ({ command: 'copilot', env: variables(place) }),
};

/** VSCodium has no Copilot. */
function editorsOf({ editors }: Found): VsCode[] {
  return editors.filter(({ name }) => name !== 'VSCodium');
}

function languageModels(machine: Machine, place: Place, { user }: VsCode): SettingsFile {
  const value = customEndpoint(place);
  return {
    path: pathsOf(machine).join(user, 'chatLanguageModels.json'),
    format: 'jsonc',
    entries: [{ path: [{ where: { name: value.name, vendor: value.vendor } }], value }],
  };
}
