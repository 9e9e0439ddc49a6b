import { KEY_PLACEHOLDER, presetBase } from '../../recipe.ts';
import { folderOf, inHome, type Machine, pathsOf } from '../machine.ts';
import type { ToolSetup } from '../tool-setup.ts';

const PROVIDER = 'openai-compatible';
const EXTENSION = 'saoudrizwan.claude-dev';

/** The file that `cline auth` writes (https://docs.cline.bot/cline-cli); CLINE_DIR and CLINE_DATA_DIR are its own. */
export const cline: ToolSetup = {
  id: 'cline',
  marks: (machine) => ({ commands: ['cline'], extensions: [EXTENSION], paths: [data(machine)] }),
  files(machine, place, { command, exists }) {
    // The editor's Cline alone has no use for the file.
    if (command === null && !exists(data(machine))) return [];
    const settings = {
      provider: PROVIDER,
      apiKey: KEY_PLACEHOLDER,
      model: place.model,
      baseUrl: presetBase(place, 'cline'),
    };
    const provider = { settings, updatedAt: '2026-01-01T00:00:00.000Z', tokenSource: 'manual' };
    return [
      {
        path: pathsOf(machine).join(data(machine), 'settings', 'providers.json'),
        format: 'jsonc',
        entries: [
          { path: ['version'], value: 1, ifMissing: true },
          { path: ['lastUsedProvider'], value: PROVIDER },
          { path: ['modes'], value: {}, ifMissing: true },
          { path: ['providers', PROVIDER], value: provider },
        ],
      },
    ];
  },
  steps: (_, { extensions }) =>
    extensions.length === 0
      ? []
      : ['Cline in VS Code keeps its settings in a store of its own: enter them under its settings by hand.'],
};

function data(machine: Machine): string {
  const usual = pathsOf(machine).join(folderOf(machine, 'CLINE_DIR', inHome(machine, '.cline')), 'data');
  return folderOf(machine, 'CLINE_DATA_DIR', usual);
}
