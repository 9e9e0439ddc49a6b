import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestHome } from '../connect/setup/home.ts';
import { lookAt, told } from './look-at.ts';

let home: TestHome;
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home[Symbol.dispose]());

const KEY = 'sk-proj-0123456789abcdefghijklmnop';
const look = (env?: Record<string, string>) => told(lookAt(home, 'codex', env === undefined ? {} : { env }));

const CONFIG = `
model = "gpt-5.2-codex"
model_provider = "lab"

[model_providers.lab]
name = "The lab"
base_url = "https://llm.example.com/v1"
env_key = "LAB_KEY"
wire_api = "responses"
http_headers = { "X-Team" = "blue", "Authorization" = "Bearer not-for-headers" }
query_params = { "tier" = "fast" }

[model_providers.azure]
name = "Azure"
base_url = "https://mine.openai.azure.com/openai/v1"
env_key = "AZURE_OPENAI_API_KEY"
query_params = { api-version = "preview" }

[model_providers.router]
base_url = "https://openrouter.ai/api/v1"
experimental_bearer_token = "or-0123456789abcdefghijkl"

[model_providers.helper]
base_url = "https://helper.example.com/v1"
auth = { command = "/usr/local/bin/print-key" }

[model_providers.local]
name = "Mine"
base_url = "http://localhost:11434/v1"

[profiles.slow]
model = "deepseek/deepseek-v3.2"
model_provider = "router"
`;

it('its providers are read with their keys, headers and models', () => {
  home.write('.codex/config.toml', CONFIG);
  home.write('.codex/.env', 'LAB_KEY=lab-of-the-file-0123456789\n');
  const { findings, left, problems } = look({
    ...{ LAB_KEY: 'lab-of-the-environment-0123', AZURE_OPENAI_API_KEY: 'azure-0123456789abcdefghij' },
  });
  expect(problems).toEqual([]);
  expect(findings).toEqual([
    {
      ...{ id: 'model_providers.lab', name: 'The lab', kind: 'openai-compatible' },
      ...{ baseUrl: 'https://llm.example.com/v1', credential: 'lab-of-the-file-0123456789' },
      ...{ headers: { 'x-team': 'blue' }, places: ['~/.codex/config.toml, model_providers.lab'] },
      models: [{ id: 'gpt-5.2-codex', upstream: 'gpt-5.2-codex' }],
      notes: [
        'Its query_params are not taken over.',
        'The header authorization is left out: it seems to carry a credential.',
      ],
    },
    expect.objectContaining({
      ...{ name: 'Azure', kind: 'azure-openai', baseUrl: 'https://mine.openai.azure.com' },
      credential: 'azure-0123456789abcdefghij',
    }),
    expect.objectContaining({
      ...{ name: 'router', kind: 'openrouter', credential: 'or-0123456789abcdefghijkl' },
      models: [{ id: 'deepseek/deepseek-v3.2', upstream: 'deepseek/deepseek-v3.2' }],
    }),
    expect.objectContaining({ name: 'Mine', kind: 'ollama', credential: null }),
  ]);
  expect(left).toEqual([
    expect.stringMatching(
      /^helper \(.*model_providers\.helper\): A command prints its key, and no command is run/,
    ),
  ]);
});

it('a key that is not set is named', () => {
  home.write('.codex/config.toml', CONFIG);
  expect(look().left).toContain(
    'The lab (~/.codex/config.toml, model_providers.lab): Its key is in the variable LAB_KEY, which is not set here.',
  );
});

it('auth.json has an API key, or a login that is left', () => {
  home.write('.codex/auth.json', JSON.stringify({ OPENAI_API_KEY: KEY, tokens: null }));
  home.write('.codex/config.toml', 'model = "gpt-5.2"\n');
  expect(look().findings).toMatchObject([
    { id: 'auth.json', kind: 'openai', credential: KEY, models: [{ id: 'gpt-5.2' }] },
  ]);
  const tokens = { id_token: 'eyJ', access_token: 'eyJhbGciOiJI.eyJzdWIi.x', refresh_token: 'rt-secret' };
  home.write('.codex/auth.json', JSON.stringify({ auth_mode: 'chatgpt', OPENAI_API_KEY: null, tokens }));
  expect(look()).toEqual({
    ...{ findings: [], problems: [] },
    left: ['ChatGPT login (~/.codex/auth.json, tokens): It is a ChatGPT login, which is no API key.'],
  });
});

it('a key in the keychain is said to be there', () => {
  home.write('.codex/config.toml', 'cli_auth_credentials_store = "keyring"\n');
  expect(look()).toMatchObject({ findings: [], left: [expect.stringContaining('the system’s keychain')] });
});

it('what ntl connect wrote leads back here, CODEX_HOME is where it is, and broken TOML is told with its line', () => {
  home.write(
    'c/config.toml',
    'model_provider = "ntl"\n[model_providers.ntl]\nbase_url = "http://127.0.0.1:7411/api/v1"\nenv_key = "NTL_KEY"\n',
  );
  home.write('c/.env', `NTL_KEY=ntl_live_${'k'.repeat(40)}\n`);
  const env = { CODEX_HOME: `${home.path}/c` };
  expect(look(env)).toMatchObject({ findings: [], left: [expect.stringContaining('this gateway itself')] });
  home.write('c/config.toml', `a = 1\nkey = "sk-broken-0123456789abcdefg\n`);
  const { problems } = look(env);
  expect(problems).toEqual(['~/c/config.toml, line 2, is no valid TOML. It is left as it is.']);
});
