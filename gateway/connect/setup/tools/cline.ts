import { KEY_PLACEHOLDER, type Place, presetBase } from '../../recipe.ts';
import { folderOf, inHome, type Machine, pathsOf } from '../machine.ts';
import { RUN_FOLDER, type ToolSetup } from '../tool-setup.ts';

const PROVIDER = 'openai-compatible';
const EXTENSION = 'saoudrizwan.claude-dev';

/** The file that `cline auth` writes (https://docs.cline.bot/getting-started/config); the variables are its own. */
export const cline: ToolSetup = {
  id: 'cline',
  marks: (machine) => ({ commands: ['cline'], extensions: [EXTENSION], paths: [data(machine)] }),
  files: (machine, place) => [
    {
      path: folderOf(
        machine,
        'CLINE_PROVIDER_SETTINGS_PATH',
        pathsOf(machine).join(data(machine), 'settings', 'providers.json'),
      ),
      format: 'jsonc',
      entries: [
        { path: ['version'], value: 1, ifMissing: true },
        { path: ['lastUsedProvider'], value: PROVIDER },
        { path: ['modes'], value: {}, ifMissing: true },
        { path: ['providers', PROVIDER], value: provider(place) },
      ],
    },
  ],
  steps: (place, { extensions }) =>
    extensions.length === 0
      ? []
      : [
          `Newer Cline in VS Code reads the same file. If yours shows another provider, choose OpenAI Compatible in its settings: base URL ${presetBase(place, 'cline')}, model ${place.model}, and the key from that file.`,
        ],
  start: (place) => ({
    command: 'cline',
    env: { CLINE_PROVIDER_SETTINGS_PATH: `${RUN_FOLDER}/providers.json` },
    files: {
      'providers.json': JSON.stringify({
        ...{ version: 1, lastUsedProvider: PROVIDER, modes: {} },
        providers: { [PROVIDER]: provider(place) },
      }),
    },
  }),
};

function provider(place: Place) {
  const baseUrl = presetBase(place, 'cline');
  return {
    settings: { provider: PROVIDER, apiKey: KEY_PLACEHOLDER, model: place.model, baseUrl },
    updatedAt: '2026-01-01T00:00:00.000Z',
    tokenSource: 'manual',
  };
}

function data(machine: Machine): string {
  const usual = pathsOf(machine).join(folderOf(machine, 'CLINE_DIR', inHome(machine, '.cline')), 'data');
  return folderOf(machine, 'CLINE_DATA_DIR', usual);
}
