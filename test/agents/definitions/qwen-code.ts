import type { Agent } from '../agent.ts';

const AUTH_TYPES = {
  'openai-chat': 'openai',
  'openai-responses': 'openai-responses',
  'anthropic-messages': 'anthropic',
} as const;

/** https://qwenlm.github.io/qwen-code-docs: configuration/auth, settings, headless */
export const qwenCode: Agent = {
  name: 'Qwen Code',
  package: '@qwen-code/qwen-code',
  version: '0.24.4',
  bin: 'qwen',
  protocols: ['openai-chat', 'openai-responses', 'anthropic-messages'],
  tool: {
    'openai-chat': 'qwen-code',
    'openai-responses': 'qwen-code',
    // It names itself so there.
    'anthropic-messages': 'claude-code',
  },
  launch: ({ protocol, base, key, model, prompt }) => ({
    args: [prompt, '--auth-type', AUTH_TYPES[protocol], '--model', model, '--approval-mode', 'yolo'],
    env:
      protocol === 'anthropic-messages'
        ? { ANTHROPIC_BASE_URL: base, ANTHROPIC_API_KEY: key, ANTHROPIC_MODEL: model }
        : { OPENAI_BASE_URL: `${base}/v1`, OPENAI_API_KEY: key, OPENAI_MODEL: model },
    files: {
      '.qwen/settings.json': {
        general: { enableAutoUpdate: false, disableAutoUpdate: true },
        privacy: { usageStatisticsEnabled: false },
        telemetry: { enabled: false },
      },
    },
  }),
};
