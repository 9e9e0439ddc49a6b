import type { Agent } from '../agent.ts';

/** https://docs.continue.dev: cli, reference */
export const continueCli: Agent = {
  name: 'Continue',
  package: '@continuedev/cli',
  version: '1.5.47',
  bin: 'cn',
  protocols: ['openai-chat', 'anthropic-messages'],
  tool: 'other',
  launch: ({ protocol, base, key, model, prompt, home }) => ({
    args: ['--print', '--auto', '--config', `${home}/.continue/config.yaml`, prompt],
    env: { CONTINUE_CLI_ENABLE_TELEMETRY: '0', CONTINUE_CLI_AUTO_UPDATED: 'true' },
    files: {
      // JSON is YAML.
      '.continue/config.yaml': {
        name: 'NoTokenLimit Desktop',
        version: '1.0.0',
        schema: 'v1',
        models: [
          {
            name: 'ntl',
            provider: protocol === 'anthropic-messages' ? 'anthropic' : 'openai',
            model,
            apiBase: `${base}/v1/`,
            apiKey: key,
            roles: ['chat', 'edit', 'apply'],
            capabilities: ['tool_use'],
          },
        ],
      },
    },
  }),
};
