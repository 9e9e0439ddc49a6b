import type { Agent } from '../agent.ts';
import { AI_SDK_PACKAGES } from './ai-sdk.ts';

/** https://opencode.ai/docs: config, providers, permissions, cli */
export const opencode: Agent = {
  name: 'opencode',
  package: 'opencode-ai',
  version: '1.18.33',
  bin: 'opencode',
  protocols: ['openai-chat', 'openai-responses', 'anthropic-messages'],
  tool: 'opencode',
  launch: ({ protocol, base, key, model, prompt }) => ({
    args: ['run', prompt],
    env: {
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
      OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    },
    files: {
      '.config/opencode/opencode.json': {
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
