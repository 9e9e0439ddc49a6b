import type { Agent } from '../agent.ts';
import { AI_SDK_PACKAGES } from './ai-sdk.ts';

/** https://kilo.ai/docs/cli */
export const kiloCode: Agent = {
  name: 'Kilo Code',
  package: '@kilocode/cli',
  version: '7.7.7',
  bin: 'kilo',
  protocols: ['openai-chat', 'openai-responses', 'anthropic-messages'],
  tool: 'kilo-code',
  launch: ({ protocol, base, key, model, prompt }) => ({
    args: ['run', '--auto', prompt],
    env: {
      KILO_DISABLE_AUTOUPDATE: '1',
      KILO_DISABLE_MODELS_FETCH: '1',
      KILO_DISABLE_LSP_DOWNLOAD: '1',
      KILO_TELEMETRY_LEVEL: 'off',
    },
    files: {
      '.config/kilo/kilo.json': {
        model: `ntl/${model}`,
        autoupdate: false,
        share: 'disabled',
        permission: { '*': 'allow' },
        provider: {
          ntl: {
            npm: AI_SDK_PACKAGES[protocol],
            options: { baseURL: `${base}/v1`, apiKey: key },
            models: { [model]: { reasoning: true, limit: { context: 200_000, output: 32_000 } } },
          },
        },
      },
    },
  }),
};
