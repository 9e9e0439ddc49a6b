import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestHome } from '../connect/setup/home.ts';
import { lookAt, told } from './look-at.ts';

let home: TestHome;
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home[Symbol.dispose]());

const KEY = 'sk-ant-api03-0123456789abcdefghijklmnop';
const look = (env?: Record<string, string>) =>
  told(lookAt(home, 'claude-code', env === undefined ? {} : { env }));

it('its settings’ variables are a provider with the models they name', () => {
  const settings = {
    $schema: 'https://json.schemastore.org/claude-code-settings.json',
    permissions: { allow: ['Bash(npm test)'] },
    env: {
      ANTHROPIC_BASE_URL: 'https://api.z.ai/api/anthropic',
      ANTHROPIC_AUTH_TOKEN: 'zai-0123456789abcdefghij',
      ANTHROPIC_MODEL: 'glm-4.7[1m]',
      ANTHROPIC_DEFAULT_SONNET_MODEL: 'glm-4.7',
      ANTHROPIC_DEFAULT_HAIKU_MODEL: 'glm-4.5-air',
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'opus',
      API_TIMEOUT_MS: '3000000',
    },
  };
  home.write('.claude/settings.json', `// mine\n${JSON.stringify(settings, null, 2)}`);
  expect(look()).toEqual({
    findings: [
      {
        ...{ id: 'ANTHROPIC_AUTH_TOKEN', name: 'api.z.ai', kind: 'anthropic-compatible' },
        ...{ baseUrl: 'https://api.z.ai/api/anthropic', credential: 'zai-0123456789abcdefghij', headers: {} },
        places: ['~/.claude/settings.json, env.ANTHROPIC_AUTH_TOKEN'],
        models: [
          { id: 'glm-4.7', upstream: 'glm-4.7' },
          { id: 'glm-4.5-air', upstream: 'glm-4.5-air' },
        ],
        notes: [],
      },
    ],
    left: [],
    problems: [],
  });
});

it('the key of a login at the Console is taken, that of a subscription is not', () => {
  home.write('.claude.json', JSON.stringify({ numStartups: 3, primaryApiKey: KEY, projects: { '/x': {} } }));
  home.write(
    '.claude/.credentials.json',
    JSON.stringify({ claudeAiOauth: { accessToken: 'sk-ant-oat01-x' } }),
  );
  const { findings, left } = look();
  expect(findings).toMatchObject([
    {
      ...{ id: 'primaryApiKey', kind: 'anthropic', baseUrl: 'https://api.anthropic.com', credential: KEY },
      places: ['~/.claude.json, primaryApiKey'],
    },
  ]);
  expect(left).toEqual([
    'Claude subscription (~/.claude/.credentials.json): It is the login of a Claude subscription, which is no API key.',
  ]);
});

it('variables of its VS Code extension count too, and a login that is elsewhere is left', () => {
  const list = [
    { name: 'ANTHROPIC_BASE_URL', value: 'https://llm.example.com' },
    { name: 'ANTHROPIC_AUTH_TOKEN', value: 'lab-0123456789abcdefghij' },
    'nonsense',
  ];
  const editor = { 'editor.fontSize': 13, 'claudeCode.environmentVariables': list };
  home.write('.config/Code/User/settings.json', `// mine\n${JSON.stringify(editor)}`);
  home.write('.claude/settings.json', JSON.stringify({ env: { ANTHROPIC_AUTH_TOKEN: KEY } }));
  home.write('.claude.json', JSON.stringify({ oauthAccount: { emailAddress: 'me@example.com' } }));
  const { findings, left } = look();
  expect(findings).toMatchObject([
    { id: 'ANTHROPIC_AUTH_TOKEN', kind: 'anthropic', credential: KEY },
    {
      ...{ id: 'VS Code: ANTHROPIC_AUTH_TOKEN', baseUrl: 'https://llm.example.com' },
      places: ['~/.config/Code/User/settings.json, claudeCode.environmentVariables, ANTHROPIC_AUTH_TOKEN'],
    },
  ]);
  expect(left).toEqual([
    'Claude login (~/.claude.json, oauthAccount): It is the login of an account, which is no API key.',
  ]);
});

it('no command is run for a key, and logins of clouds are left', () => {
  const mark = `${home.path}/ran`;
  home.write(
    '.claude/settings.json',
    JSON.stringify({ apiKeyHelper: `touch ${mark}`, env: { CLAUDE_CODE_USE_BEDROCK: '1' } }),
  );
  const before = home.state();
  const { findings, left } = look();
  expect(findings).toEqual([]);
  expect(left).toEqual([
    expect.stringMatching(
      /^Anthropic \(~\/\.claude\/settings\.json, apiKeyHelper\): A command prints the key/,
    ),
    expect.stringMatching(/^Amazon Bedrock \(.*env\.CLAUDE_CODE_USE_BEDROCK\)/),
  ]);
  expect(home.state()).toEqual(before);
});

it('what ntl connect wrote leads back here', () => {
  const env = {
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:7411/api',
    ANTHROPIC_AUTH_TOKEN: `ntl_live_${'k'.repeat(40)}`,
  };
  home.write('.claude/settings.json', JSON.stringify({ env }));
  expect(look()).toMatchObject({ findings: [], left: [expect.stringContaining('this gateway itself')] });
});

it('CLAUDE_CONFIG_DIR moves all of it, and a broken file does not hide the other', () => {
  home.write(
    '.claude/settings.json',
    JSON.stringify({ env: { ANTHROPIC_API_KEY: 'not-this-one-0123456789' } }),
  );
  home.write('elsewhere/settings.json', '{\n  "env": {\n    "A": [,]\n  }\n}\n');
  home.write('elsewhere/.claude.json', JSON.stringify({ primaryApiKey: KEY }));
  const found = look({ CLAUDE_CONFIG_DIR: `${home.path}/elsewhere` });
  expect(found.findings).toMatchObject([{ credential: KEY }]);
  expect(found.problems).toEqual([
    '~/elsewhere/settings.json, line 3, is no valid JSON. It is left as it is.',
  ]);
});

it('a file that cannot be read, is none, or is no text is said to be so', () => {
  home.write('.claude/settings.json/x', '');
  home.write('.claude.json', Buffer.from([0xff, 0xfe, 0x00]));
  expect(look().problems).toEqual([
    '~/.claude/settings.json is no file. It is left as it is.',
    '~/.claude.json is not UTF-8. It is left as it is.',
  ]);
});
