import type { Agent } from '../agent.ts';

const TYPES = {
  'openai-chat': 'openai',
  'openai-responses': 'openai_responses',
  'anthropic-messages': 'anthropic',
} as const;

/** https://moonshotai.github.io/kimi-code: configuration/config-files, configuration/providers */
export const kimiCode: Agent = {
  name: 'Kimi Code',
  package: '@moonshot-ai/kimi-code',
  version: '2.1.0',
  bin: 'kimi',
  protocols: ['openai-chat', 'openai-responses', 'anthropic-messages'],
  tool: 'kimi',
  launch: ({ protocol, base, key, model, prompt }) => ({
    args: ['--prompt', prompt],
    env: { KIMI_DISABLE_TELEMETRY: '1', KIMI_CODE_NO_AUTO_UPDATE: '1' },
    files: {
      '.kimi-code/config.toml': `
        default_model = "ntl"
        default_permission_mode = "auto"
        telemetry = false

        [providers.ntl]
        type = "${TYPES[protocol]}"
        base_url = "${protocol === 'anthropic-messages' ? base : `${base}/v1`}"
        api_key = "${key}"

        [models.ntl]
        provider = "ntl"
        model = "${model}"
        max_context_size = 200000
        capabilities = ["thinking", "image_in", "tool_use"]
      `,
    },
  }),
};
