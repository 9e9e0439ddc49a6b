/** SDKs read variables: they go into the profile of the person's shell, between marks. */
import { inShell } from '../../format.ts';
import { anthropicBase, KEY_PLACEHOLDER, openaiBase, type Place } from '../../recipe.ts';
import { configHome, inHome, type Machine, pathsOf } from '../machine.ts';
import type { SettingsFile, ToolSetup } from '../tool-setup.ts';

/** https://github.com/openai/openai-python, https://github.com/openai/openai-node */
export const openaiSdk: ToolSetup = inProfile('openai-sdk', (place) => ({
  OPENAI_BASE_URL: openaiBase(place),
  OPENAI_API_KEY: KEY_PLACEHOLDER,
}));

/** https://github.com/anthropics/anthropic-sdk-python, https://github.com/anthropics/anthropic-sdk-typescript */
export const anthropicSdk: ToolSetup = inProfile('anthropic-sdk', (place) => ({
  ANTHROPIC_BASE_URL: anthropicBase(place),
  ANTHROPIC_AUTH_TOKEN: KEY_PLACEHOLDER,
}));

function inProfile(id: string, variables: (place: Place) => Record<string, string>): ToolSetup {
  return {
    id,
    marks: () => ({ commands: [] }),
    files(machine, place) {
      const profile = profileOf(machine);
      if (profile === null) return [];
      const { path, line } = profile;
      const lines = Object.entries(variables(place)).map(([name, value]) => line(name, inShell(value)));
      const file: SettingsFile = {
        path,
        format: `block:${id}`,
        entries: [{ path: ['lines'], value: lines }],
      };
      return [file];
    },
    steps: () => ['Programs see the variables in terminals you open from now on.'],
  };
}

interface Profile {
  path: string;
  line(name: string, value: string): string;
}

/** Null on Windows and for shells nobody here knows. */
function profileOf(machine: Machine): Profile | null {
  if (machine.system === 'windows') return null;
  const shell = pathsOf(machine).basename(machine.env.SHELL ?? '');
  const exported = (name: string, value: string) => `export ${name}=${value}`;
  if (shell === 'fish')
    return {
      path: pathsOf(machine).join(configHome(machine), 'fish', 'config.fish'),
      line: (name, value) => `set -gx ${name} ${value}`,
    };
  const { ZDOTDIR: folder } = machine.env;
  if (shell === 'zsh')
    return { path: pathsOf(machine).join(folder || machine.home, '.zshrc'), line: exported };
  if (shell === 'bash') return { path: inHome(machine, '.bashrc'), line: exported };
  return shell === 'sh' || shell === 'dash' ? { path: inHome(machine, '.profile'), line: exported } : null;
}
