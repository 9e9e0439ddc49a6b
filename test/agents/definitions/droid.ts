import type { Agent } from '../agent.ts';

const PROVIDERS = {
  'openai-chat': 'generic-chat-completion-api',
  'openai-responses': 'openai',
  'anthropic-messages': 'anthropic',
} as const;

/** https://docs.factory.ai/model-independence/byok; `droid exec --help` */
export const droid: Agent = {
  name: 'Droid',
  package: 'droid',
  version: '0.215.0',
  bin: 'droid',
  protocols: ['openai-chat', 'openai-responses', 'anthropic-messages'],
  tool: 'droid',
  launch: ({ protocol, base, key, model, prompt }) => ({
    args: ['exec', '--auto', 'low', '--model', `custom:${model}`, prompt],
    env: {
      FACTORY_API_KEY: 'fk-none',
      FACTORY_AIRGAP_ENABLED: 'true',
      FACTORY_DROID_AUTO_UPDATE_ENABLED: 'false',
    },
    files: {
      '.factory/settings.json': {
        customModels: [
          {
            model,
            displayName: model,
            baseUrl: protocol === 'anthropic-messages' ? base : `${base}/v1`,
            apiKey: key,
            provider: PROVIDERS[protocol],
            maxOutputTokens: 16_384,
          },
        ],
        enableDroidShield: false,
      },
    },
  }),
};
