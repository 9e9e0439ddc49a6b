import { inHome, inVsCode, jsonFile, terminal } from '../format.ts';
import { anthropicBase, KEY_PLACEHOLDER, type Place, type Recipe } from '../recipe.ts';

/** https://code.claude.com/docs: llm-gateway-connect, settings, vs-code */
export const claudeCode: Recipe = {
  id: 'claude-code',
  label: 'Claude Code',
  group: 'agents',
  speaks: 'Speaks Anthropic Messages. Any model here works, from every provider.',
  fields: ['model', 'smallModel'],
  seenAs: ['claude-code'],
  notes: ({ origin }) => [
    {
      tone: 'info',
      text: `With ${origin}/claudecode as ANTHROPIC_BASE_URL the preset for Claude Code applies, and subscription keys work.`,
    },
    {
      tone: 'info',
      text: 'If ANTHROPIC_API_KEY is set too, remove it: Claude Code would ask which of the two to use.',
    },
    {
      tone: 'info',
      text: 'On local models CLAUDE_CODE_ATTRIBUTION_HEADER=0 keeps their prompt cache: a line that changes is left out then.',
    },
  ],
  ways: (place) => [
    {
      id: 'file',
      label: 'Settings file',
      blocks: [jsonFile(inHome(place, '.claude', 'settings.json'), { env: variables(place) })],
    },
    {
      id: 'shell',
      label: 'Shell lines',
      blocks: [terminal(place, 'In a terminal', variables(place), 'claude')],
    },
    {
      id: 'vscode',
      label: 'VS Code extension',
      blocks: [
        jsonFile(inVsCode(place, 'settings.json'), {
          'claudeCode.environmentVariables': Object.entries(variables(place)).map(([name, value]) => ({
            name,
            value,
          })),
        }),
      ],
    },
  ],
  firstRequest: 'Start Claude Code and say hello.',
};

/**
 * Claude Code names its models by families: its side jobs ask for a haiku, agents and `/model` for a sonnet or an
 * opus too. Where models of Claude's are published, it lists them as well (https://code.claude.com/docs/en/model-config).
 */
export function variables(place: Place): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: anthropicBase(place),
    ANTHROPIC_AUTH_TOKEN: KEY_PLACEHOLDER,
    ANTHROPIC_MODEL: place.model,
    ANTHROPIC_DEFAULT_OPUS_MODEL: modelOfFamily(place, 'opus'),
    ANTHROPIC_DEFAULT_SONNET_MODEL: modelOfFamily(place, 'sonnet'),
    ANTHROPIC_DEFAULT_HAIKU_MODEL: place.smallModel,
    CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: '1',
    // It knows its own models, and takes any other for one of a million tokens.
    ...(/^claude-/i.test(place.model) ? {} : { CLAUDE_CODE_MAX_CONTEXT_TOKENS: String(place.contextWindow) }),
  };
}

/** The newest by its number; without one the model itself. */
function modelOfFamily({ model, offered }: Place, family: string): string {
  const ids = [model, ...offered.map(({ id }) => id)].filter((id) => id.toLowerCase().includes(family));
  if (ids.includes(model)) return model;
  return ids.sort((one, other) => other.localeCompare(one, 'en', { numeric: true }))[0] ?? model;
}
