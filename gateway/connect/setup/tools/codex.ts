import { KEY_PLACEHOLDER, openaiBase, type Place } from '../../recipe.ts';
import { folderOf, inHome, type Machine, pathsOf } from '../machine.ts';
import type { ToolSetup } from '../tool-setup.ts';

/**
 * https://developers.openai.com/codex/config-reference, environment variables (CODEX_HOME). The key goes into the
 * `.env` beside the settings, which Codex reads as it starts: settings are shared more often than that.
 */
export const codex: ToolSetup = {
  id: 'codex',
  marks: (machine) => ({ commands: ['codex'], extensions: ['openai.chatgpt'], paths: [home(machine)] }),
  files(machine, place) {
    const { join } = pathsOf(machine);
    return [
      {
        path: join(home(machine), 'config.toml'),
        format: 'toml',
        entries: [
          { path: ['model'], value: place.model },
          { path: ['model_provider'], value: 'ntl' },
          { path: ['model_context_window'], value: place.contextWindow },
          { path: ['model_providers', 'ntl'], value: provider(place) },
        ],
      },
      {
        path: join(home(machine), '.env'),
        format: 'dotenv',
        entries: [{ path: ['NTL_KEY'], value: KEY_PLACEHOLDER }],
      },
    ];
  },
  start: (place) => ({
    command: 'codex',
    args: [
      ...['-c', `model=${JSON.stringify(place.model)}`, '-c', 'model_provider="ntl"'],
      ...Object.entries(provider(place)).flatMap(([name, value]) => [
        '-c',
        `model_providers.ntl.${name}=${JSON.stringify(value)}`,
      ]),
    ],
    env: { NTL_KEY: KEY_PLACEHOLDER },
  }),
};

function home(machine: Machine): string {
  return folderOf(machine, 'CODEX_HOME', inHome(machine, '.codex'));
}

function provider(place: Place): Record<string, string> {
  return {
    name: 'NoTokenLimit Desktop',
    base_url: openaiBase(place),
    env_key: 'NTL_KEY',
    wire_api: 'responses',
  };
}
