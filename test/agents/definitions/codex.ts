import type { Agent } from '../agent.ts';

/** https://developers.openai.com/codex: config-reference, noninteractive */
export const codex: Agent = {
  name: 'Codex',
  package: '@openai/codex',
  version: '0.169.0',
  bin: 'codex',
  protocols: ['openai-responses'],
  tool: 'codex',
  launch: ({ base, key, model, prompt }) => ({
    args: ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt],
    env: { NTL_KEY: key },
    files: {
      '.codex/config.toml': `
        model = ${JSON.stringify(model)}
        model_provider = "ntl"
        check_for_update_on_startup = false

        [analytics]
        enabled = false

        [model_providers.ntl]
        name = "NoTokenLimit Desktop"
        base_url = "${base}/v1"
        env_key = "NTL_KEY"
        wire_api = "responses"
        request_max_retries = 1
        stream_max_retries = 1
      `,
    },
  }),
};

/** Which tools it offers depends on what it knows of the model by heart: here its own `apply_patch`. */
export const codexPatching: Agent = { ...codex, name: 'Codex, gpt-5.5', model: 'gpt-5.5' };

/** Here a program that calls all others, brought along by an item of the input. */
export const codexProgramming: Agent = { ...codex, name: 'Codex, gpt-5.6-sol', model: 'gpt-5.6-sol' };
