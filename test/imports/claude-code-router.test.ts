import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestHome } from '../connect/setup/home.ts';
import { lookAt, told } from './look-at.ts';

let home: TestHome;
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home[Symbol.dispose]());

const PATH = '.claude-code-router/config.json';
const look = (env?: Record<string, string>) =>
  told(lookAt(home, 'claude-code-router', env === undefined ? {} : { env }));

// As its README has it: comments, single quotes and commas too many.
const CONFIG = `{
  // the router's own key is nobody's credential
  "APIKEY": "router-0123456789abcdefgh",
  PROXY_URL: 'http://127.0.0.1:7890',
  "Providers": [
    {
      "name": "openrouter",
      "api_base_url": "https://openrouter.ai/api/v1/chat/completions",
      "api_key": "$OPENROUTER_KEY",
      "models": ["anthropic/claude-sonnet-4", "google/gemini-2.5-pro-preview",],
      "transformer": { "use": [["openrouter", { "providerOrder": [] }]] },
    },
    {
      "name": "deepseek",
      "api_base_url": "https://api.deepseek.com/chat/completions",
      "api_key": "\${DEEPSEEK_KEY}",
      "models": ["deepseek-chat", "deepseek-reasoner"]
    },
    { "name": "ollama", "api_base_url": "http://localhost:11434/v1/chat/completions", "api_key": "ollama",
      "models": ["qwen2.5-coder:latest"] },
    { "name": "gemini", "api_base_url": "https://generativelanguage.googleapis.com/v1beta/models/",
      "api_key": "AIza0123456789abcdefghij", "models": ["gemini-2.5-pro"], "transformer": { "use": ["gemini"] } },
    { "name": "volcengine", "api_base_url": "https://ark.cn-beijing.volces.com/api/v3/chat/completions",
      "api_key": "volc-0123456789abcdefghij", "models": ["deepseek-v3-250324"] },
    { "name": "relay", "api_base_url": "https://relay.example.com/api/v1/messages",
      "api_key": "relay-0123456789abcdefghi", "models": ["claude-x"], "transformer": { "use": ["Anthropic"] } },
    { "name": "modelscope", "api_base_url": "https://api-inference.modelscope.cn/v1/chat/completions",
      "api_key": "sk-xxx", "models": ["Qwen/Qwen3-Coder"] },
    { "name": "unset", "api_base_url": "https://unset.example.com/v1", "api_key": "$NOT_THERE", "models": [] },
  ],
  "Router": { "default": "deepseek,deepseek-chat", "background": "ollama,qwen2.5-coder:latest",
    "think": "deepseek,deepseek-reasoner", "longContextThreshold": 60000 },
}`;

it('its providers are read as JSON5, by their whole endpoints', () => {
  home.write(PATH, CONFIG);
  const env = { OPENROUTER_KEY: 'or-0123456789abcdefghijkl', DEEPSEEK_KEY: 'ds-0123456789abcdefghijkl' };
  const { findings, left, problems } = look(env);
  expect(problems).toEqual([]);
  expect(findings.map(({ name, kind, baseUrl, credential }) => [name, kind, baseUrl, credential])).toEqual([
    ['openrouter', 'openrouter', 'https://openrouter.ai/api/v1', 'or-0123456789abcdefghijkl'],
    ['deepseek', 'deepseek', 'https://api.deepseek.com', 'ds-0123456789abcdefghijkl'],
    ['ollama', 'ollama', 'http://localhost:11434/v1', null],
    [
      ...['gemini', 'google', 'https://generativelanguage.googleapis.com/v1beta/openai'],
      'AIza0123456789abcdefghij',
    ],
    [
      ...['volcengine', 'openai-compatible', 'https://ark.cn-beijing.volces.com/api/v3'],
      'volc-0123456789abcdefghij',
    ],
    ['relay', 'anthropic-compatible', 'https://relay.example.com/api/v1', 'relay-0123456789abcdefghi'],
    // Where a key is optional, a placeholder is none.
    ['modelscope', 'openai-compatible', 'https://api-inference.modelscope.cn/v1', null],
  ]);
  expect(findings[1]).toMatchObject({
    models: [{ id: 'deepseek-chat' }, { id: 'deepseek-reasoner' }],
    notes: [
      'claude-code-router uses it for: default deepseek-chat, think deepseek-reasoner.',
      'Its proxy is not taken over.',
    ],
    places: [`~/${PATH}, Providers[1]`],
  });
  expect(findings[6]?.notes).toContain(
    'What stands where the key belongs is a placeholder. It comes without a key.',
  );
  expect(left).toEqual([
    `unset (~/${PATH}, Providers[7]): Its key is in the variable NOT_THERE, which is not set here.`,
  ]);
});

it('a broken file is told with its line, and a large one is not parsed', () => {
  home.write(PATH, '{\n  "Providers": [\n    { "api_key": sk-secret }\n  ]\n}\n');
  expect(look().problems).toEqual([`~/${PATH}, line 3, is no valid JSON5. It is left as it is.`]);
  home.write(PATH, `{ "x": "${'a'.repeat(200_000)}" }`);
  expect(look().problems).toEqual([`~/${PATH} is too large for settings. It is left as it is.`]);
  home.write(PATH, `${'['.repeat(200_000)}`);
  expect(look().problems).toHaveLength(1);
});

it('anything that is no table of providers is nothing', () => {
  for (const text of [
    '',
    '[]',
    'null',
    '{"Providers": 5}',
    '{"Providers": [null, 7, "x"]}',
    '{"__proto__": {"Providers": []}}',
  ]) {
    home.write(PATH, text);
    expect(look()).toMatchObject({ findings: [], problems: [] });
  }
});
