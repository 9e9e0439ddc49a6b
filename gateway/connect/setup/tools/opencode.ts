import type { Entry } from '../../editing/values.ts';
import { KEY_PLACEHOLDER, type Place } from '../../recipe.ts';
import { providerSettings } from '../../tools/opencode.ts';
import { configHome, dataHome, folderOf, type Machine, pathsOf } from '../machine.ts';
import type { Found, SettingsFile, ToolSetup } from '../tool-setup.ts';

/** https://opencode.ai/docs: config (OPENCODE_CONFIG, OPENCODE_CONFIG_DIR), providers ("credentials are kept in auth.json") */
export const opencode: ToolSetup = {
  id: 'opencode',
  marks: (machine) => ({ commands: ['opencode'], paths: [folder(machine)] }),
  files: (machine, place, found) => [
    {
      path: folderOf(machine, 'OPENCODE_CONFIG', settingsIn(machine, folder(machine), 'opencode', found)),
      format: 'jsonc',
      entries: [
        { path: ['$schema'], value: 'https://opencode.ai/config.json', ifMissing: true },
        ...providerEntries(place),
      ],
    },
    authFile(machine, 'opencode'),
  ],
  start: (place) => ({
    command: 'opencode',
    env: { OPENCODE_CONFIG_CONTENT: JSON.stringify(providerSettings(place)) },
  }),
};

function folder(machine: Machine): string {
  return folderOf(machine, 'OPENCODE_CONFIG_DIR', pathsOf(machine).join(configHome(machine), 'opencode'));
}

/** The one of its two names that is there already. Kilo Code does the same. */
export function settingsIn(machine: Machine, folder: string, name: string, { exists }: Found): string {
  const [usual, commented] = [`${name}.json`, `${name}.jsonc`].map((file) =>
    pathsOf(machine).join(folder, file),
  );
  return commented !== undefined && exists(commented) ? commented : (usual as string);
}

/** Without the key, which has a file of its own. */
export function providerEntries(place: Place): Entry[] {
  const { model, small_model, provider } = providerSettings(place);
  const { ntl } = provider;
  const { apiKey: _, ...options } = ntl.options;
  return [
    { path: ['model'], value: model },
    { path: ['small_model'], value: small_model },
    { path: ['provider', 'ntl'], value: { ...ntl, options } },
  ];
}

export function authFile(machine: Machine, tool: string): SettingsFile {
  return {
    path: pathsOf(machine).join(dataHome(machine), tool, 'auth.json'),
    format: 'jsonc',
    entries: [{ path: ['ntl'], value: { type: 'api', key: KEY_PLACEHOLDER } }],
  };
}
