import type { Agent } from '../agent.ts';

/** https://code.claude.com/docs: llm-gateway-connect, settings, cli-reference */
export const claudeCode: Agent = {
  name: 'Claude Code',
  package: '@anthropic-ai/claude-code',
  version: '2.1.329',
  bin: 'claude',
  protocols: ['anthropic-messages'],
  tool: 'claude-code',
  launch: ({ base, key, model, prompt }) => ({
    args: ['-p', prompt, '--permission-mode', 'acceptEdits', '--allowedTools', 'Write,Read'],
    env: {
      ANTHROPIC_BASE_URL: base,
      ANTHROPIC_AUTH_TOKEN: key,
      ANTHROPIC_MODEL: model,
      ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_MAX_RETRIES: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_TELEMETRY: '1',
    },
  }),
};
