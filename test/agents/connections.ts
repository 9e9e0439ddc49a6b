/** How agents are started once `ntl connect` has set them up: nothing says where the gateway is. */
import type { HubProtocol } from '../../gateway/protocols/codecs.ts';
import type { Agent, Launch } from './agent.ts';
import { claudeCode } from './definitions/claude-code.ts';
import { cline } from './definitions/cline.ts';
import { codex } from './definitions/codex.ts';
import { continueCli } from './definitions/continue.ts';
import { copilot } from './definitions/copilot.ts';
import { droid } from './definitions/droid.ts';
import { kiloCode } from './definitions/kilo-code.ts';
import { kimiCode } from './definitions/kimi-code.ts';
import { opencode } from './definitions/opencode.ts';
import { pi } from './definitions/pi.ts';
import { qwenCode } from './definitions/qwen-code.ts';

export type How = 'connect' | 'run';

export interface Connection {
  agent: Agent;
  /** As `ntl connect` knows it. */
  tool: string;
  protocol: HubProtocol;
  /** What was written into the shell's profile is read first, as a terminal does. */
  profile?: true;
  /** `files` are what the person has there already. */
  launch(prompt: string, model: string, home: string, how: How): Launch;
}

/** Of the variables that an agent is given otherwise, those that keep it quiet. */
function quiet(agent: Agent, protocol: HubProtocol): Record<string, string> {
  const { env = {} } = agent.launch({ ...NOWHERE, protocol, prompt: '', model: MODEL, home: '/' });
  return Object.fromEntries(
    Object.entries(env).filter(
      ([, value]) => !Object.values({ ...NOWHERE, MODEL }).some((word) => value.startsWith(word)),
    ),
  );
}

const NOWHERE = { base: 'http://nowhere', key: 'no-key' };
const MODEL = 'no-model';

export const CONNECTIONS: readonly Connection[] = [
  {
    ...{ agent: claudeCode, tool: 'claude-code', protocol: 'anthropic-messages' },
    launch: (prompt) => ({
      args: ['-p', prompt, '--permission-mode', 'acceptEdits', '--allowedTools', 'Write,Read'],
      env: quiet(claudeCode, 'anthropic-messages'),
      files: {
        '.claude/settings.json': '{\n\t"cleanupPeriodDays": 30,\n\t"env": { "OTHER": "1" }\n}',
      },
    }),
  },
  {
    ...{ agent: codex, tool: 'codex', protocol: 'openai-responses' },
    launch: (prompt) => ({
      args: ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt],
      files: {
        '.codex/config.toml':
          '# mine\r\nmodel = "gpt-5.1" # the usual\r\ncheck_for_update_on_startup = false\r\n\r\n[analytics]\r\nenabled = false',
      },
    }),
  },
  {
    ...{ agent: opencode, tool: 'opencode', protocol: 'openai-chat' },
    launch: (prompt) => ({
      args: ['run', prompt],
      env: quiet(opencode, 'openai-chat'),
      files: {
        '.config/opencode/opencode.jsonc':
          '{\n  // mine\n  "autoupdate": false, "share": "disabled",\n  "permission": { "*": "allow" },\n}\n',
      },
    }),
  },
  {
    ...{ agent: kiloCode, tool: 'kilo-code', protocol: 'openai-chat' },
    launch: (prompt) => ({
      args: ['run', '--auto', prompt],
      env: quiet(kiloCode, 'openai-chat'),
      files: {
        '.config/kilo/kilo.json': '{"autoupdate": false, "share": "disabled", "permission": {"*": "allow"}}',
      },
    }),
  },
  {
    ...{ agent: qwenCode, tool: 'qwen-code', protocol: 'openai-chat' },
    launch: (prompt) => ({
      args: [prompt, '--approval-mode', 'yolo'],
      files: {
        '.qwen/settings.json':
          '{\n  "general": { "enableAutoUpdate": false, "disableAutoUpdate": true },\n  "privacy": { "usageStatisticsEnabled": false },\n  // mine\n  "telemetry": { "enabled": false }\n}\n',
      },
    }),
  },
  {
    ...{ agent: pi, tool: 'pi', protocol: 'openai-chat' },
    launch: (prompt) => ({
      args: ['--print', prompt],
      env: quiet(pi, 'openai-chat'),
      files: { '.pi/agent/settings.json': '{\n  "theme": "dark"\n}\n' },
    }),
  },
  {
    ...{ agent: cline, tool: 'cline', protocol: 'openai-chat' },
    launch: (prompt) => ({
      args: [prompt],
      env: quiet(cline, 'openai-chat'),
      files: {
        '.cline/data/settings/global-settings.json': { telemetryOptOut: true, autoUpdateEnabled: false },
      },
    }),
  },
  {
    ...{ agent: copilot, tool: 'copilot', protocol: 'openai-chat', profile: true },
    launch: (prompt) => ({
      args: ['--prompt', prompt, '--allow-all-tools', '--allow-all-paths', '--disable-client-telemetry'],
      env: { COPILOT_OFFLINE: 'true', COPILOT_AUTO_UPDATE: 'false' },
    }),
  },
  {
    ...{ agent: continueCli, tool: 'continue', protocol: 'openai-chat' },
    launch: (prompt, _, home, how) => ({
      args: [
        ...['--print', '--auto'],
        ...(how === 'connect' ? ['--config', `${home}/.continue/config.yaml`] : []),
        prompt,
      ],
      env: quiet(continueCli, 'openai-chat'),
      files: { '.continue/config.yaml': '# mine\nname: Mine\nversion: 1.0.0\nschema: v1\n' },
    }),
  },
  {
    ...{ agent: droid, tool: 'droid', protocol: 'openai-chat' },
    launch: (prompt, model) => ({
      args: ['exec', '--auto', 'low', '--model', `custom:${model}`, prompt],
      env: quiet(droid, 'openai-chat'),
      files: { '.factory/settings.json': '{\n  // mine\n  "enableDroidShield": false\n}' },
    }),
  },
  {
    ...{ agent: kimiCode, tool: 'kimi', protocol: 'openai-chat' },
    launch: (prompt) => ({
      args: ['--prompt', prompt],
      env: quiet(kimiCode, 'openai-chat'),
      files: { '.kimi-code/config.toml': 'default_permission_mode = "auto" # mine\ntelemetry = false\n' },
    }),
  },
];
