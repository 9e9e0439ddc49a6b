/** SDKs read variables, and nothing else. */
import { anthropicBase, KEY_PLACEHOLDER, openaiBase, type Place } from '../../recipe.ts';
import { stepsForVariables, variablesInProfile } from '../shell-profile.ts';
import type { ToolSetup } from '../tool-setup.ts';

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
    files(machine, place, found) {
      const file = variablesInProfile(machine, found, id, variables(place));
      return file === null ? [] : [file];
    },
    steps: (place, found, machine) => stepsForVariables(machine, found, variables(place)),
    start: (place) => ({ command: null, env: variables(place) }),
  };
}
