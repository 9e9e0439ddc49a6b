import type { Agent } from '../agent.ts';

const PROVIDERS = {
  'openai-chat': 'openai-compatible',
  'openai-responses': 'openai-native',
  'anthropic-messages': 'anthropic',
} as const;

/** https://docs.cline.bot/cline-cli; the settings are those that `cline auth` writes, which takes no base URL for Anthropic. */
export const cline: Agent = {
  name: 'Cline',
  package: 'cline',
  version: '3.0.65',
  bin: 'cline',
  protocols: ['openai-chat', 'openai-responses', 'anthropic-messages'],
  tool: 'ai-sdk',
  launch: ({ protocol, base, key, model, prompt }) => ({
    args: ['-P', PROVIDERS[protocol], '-m', model, '--thinking', 'medium', prompt],
    env: { CLINE_NO_AUTO_UPDATE: '1' },
    files: {
      '.cline/data/settings/global-settings.json': { telemetryOptOut: true, autoUpdateEnabled: false },
      '.cline/data/settings/providers.json': {
        version: 1,
        lastUsedProvider: PROVIDERS[protocol],
        modes: {},
        providers: {
          [PROVIDERS[protocol]]: {
            settings: { provider: PROVIDERS[protocol], apiKey: key, model, baseUrl: `${base}/v1` },
            updatedAt: '2026-01-01T00:00:00.000Z',
            tokenSource: 'manual',
          },
        },
      },
    },
  }),
};
