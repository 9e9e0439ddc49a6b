import type { Agent } from '../agent.ts';

/** `copilot help providers`, `copilot help environment` */
export const copilot: Agent = {
  name: 'Copilot CLI',
  package: '@github/copilot',
  version: '1.0.102',
  bin: 'copilot',
  protocols: ['openai-chat', 'openai-responses', 'anthropic-messages'],
  tool: {
    'openai-chat': 'openai-sdk',
    'openai-responses': 'openai-sdk',
    'anthropic-messages': 'anthropic-sdk',
  },
  launch: ({ protocol, base, key, model, prompt }) => ({
    args: ['--prompt', prompt, '--allow-all-tools', '--allow-all-paths', '--disable-client-telemetry'],
    env: {
      COPILOT_OFFLINE: 'true',
      COPILOT_AUTO_UPDATE: 'false',
      COPILOT_PROVIDER_BASE_URL: protocol === 'anthropic-messages' ? base : `${base}/v1`,
      COPILOT_PROVIDER_TYPE: protocol === 'anthropic-messages' ? 'anthropic' : 'openai',
      COPILOT_PROVIDER_WIRE_API: protocol === 'openai-responses' ? 'responses' : 'completions',
      COPILOT_PROVIDER_API_KEY: key,
      COPILOT_MODEL: model,
    },
  }),
};
