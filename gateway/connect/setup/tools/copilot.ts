import { customEndpoint, variables } from '../../tools/copilot.ts';
import { pathsOf, vsCodeUser } from '../machine.ts';
import type { ToolSetup } from '../tool-setup.ts';

/** https://code.visualstudio.com/docs/agent-customization/language-models, `copilot help providers` */
export const copilot: ToolSetup = {
  id: 'copilot',
  marks: () => ({ commands: ['copilot'], extensions: ['github.copilot-chat', 'github.copilot'] }),
  files(machine, place, { vsCode }) {
    if (!vsCode) return [];
    const value = customEndpoint(place);
    return [
      {
        path: pathsOf(machine).join(vsCodeUser(machine), 'chatLanguageModels.json'),
        format: 'jsonc',
        entries: [{ path: [{ where: { name: value.name, vendor: value.vendor } }], value }],
      },
    ];
  },
  steps: ({ model }, { vsCode }) => [
    ...(vsCode ? [`In VS Code, choose ${model} in the chat’s list of models.`] : []),
    'Copilot CLI takes a provider from variables alone and has no file for it: start it with ntl run copilot.',
  ],
  start: (place) => ({ command: 'copilot', env: variables(place) }),
};
