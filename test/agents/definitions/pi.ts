import type { Agent } from '../agent.ts';

const APIS = {
  'openai-chat': 'openai-completions',
  'openai-responses': 'openai-responses',
  'anthropic-messages': 'anthropic-messages',
} as const;

/** docs/models.md, docs/usage.md in its package */
export const pi: Agent = {
  name: 'pi',
  package: '@mariozechner/pi-coding-agent',
  version: '0.73.1',
  bin: 'pi',
  protocols: ['openai-chat', 'openai-responses', 'anthropic-messages'],
  tool: {
    'openai-chat': 'openai-sdk',
    'openai-responses': 'openai-sdk',
    'anthropic-messages': 'anthropic-sdk',
  },
  launch: ({ protocol, base, key, model, prompt }) => ({
    args: ['--print', '--provider', 'ntl', '--model', model, '--thinking', 'medium', prompt],
    env: { PI_OFFLINE: '1', PI_TELEMETRY: '0' },
    files: {
      '.pi/agent/models.json': {
        providers: {
          ntl: {
            baseUrl: protocol === 'anthropic-messages' ? base : `${base}/v1`,
            api: APIS[protocol],
            apiKey: key,
            models: [{ id: model, reasoning: true, input: ['text', 'image'], maxTokens: 32_000 }],
          },
        },
      },
    },
  }),
};
