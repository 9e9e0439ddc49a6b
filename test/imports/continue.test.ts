import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestHome } from '../connect/setup/home.ts';
import { lookAt, told } from './look-at.ts';

let home: TestHome;
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home[Symbol.dispose]());

const look = (env?: Record<string, string>) =>
  told(lookAt(home, 'continue', env === undefined ? {} : { env }));

const CONFIG = `
name: My settings
version: 1.0.0
schema: v1
models:
  - name: GPT-4o
    provider: openai
    model: gpt-4o
    apiKey: \${{ secrets.OPENAI_API_KEY }}
    roles: [chat, edit]
  - name: Small
    provider: openai
    model: gpt-4o-mini
    apiKey: \${{ secrets.org/pkg/OPENAI_API_KEY }}
  - name: Lab
    provider: openai
    model: qwen3-coder
    apiBase: https://llm.example.com/v1/
    requestOptions:
      verifySsl: false
      proxy: http://proxy:3128
      headers:
        X-Team: blue
        Authorization: Bearer \${{ secrets.LAB }}
        X-Api-Key: \${{ secrets.LAB }}
  - name: Local
    provider: ollama
    model: AUTODETECT
  - name: Deployed
    provider: azure
    model: gpt-5
    apiKey: azure-0123456789abcdefghij
    apiBase: https://mine.openai.azure.com
    env: { deployment: my-gpt-5, apiVersion: 2024-10-21 }
  - uses: anthropic/claude-4-sonnet
    with:
      ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
  - name: Odd
    provider: watsonx
    model: granite
  - name: Missing
    provider: mistral
    model: codestral-latest
    apiKey: \${{ secrets.NOT_THERE }}
`;

it('its models are one provider for each address and key', () => {
  home.write('.continue/config.yaml', CONFIG);
  home.write('.continue/.env', 'OPENAI_API_KEY=sk-0123456789abcdefghijkl\n');
  const { findings, left, problems } = look({ LAB: 'lab-0123456789abcdefghijkl' });
  expect(problems).toEqual([]);
  expect(findings).toEqual([
    {
      ...{ id: 'models[0]', name: 'OpenAI', kind: 'openai', baseUrl: 'https://api.openai.com/v1' },
      ...{ credential: 'sk-0123456789abcdefghijkl', headers: {}, notes: [] },
      places: ['~/.continue/config.yaml, models[0]', '~/.continue/config.yaml, models[1]'],
      models: [
        { id: 'gpt-4o', upstream: 'gpt-4o' },
        { id: 'gpt-4o-mini', upstream: 'gpt-4o-mini' },
      ],
    },
    {
      ...{ id: 'models[2]', name: 'llm.example.com', kind: 'openai-compatible' },
      ...{ baseUrl: 'https://llm.example.com/v1', credential: 'lab-0123456789abcdefghijkl' },
      ...{ headers: { 'x-team': 'blue' }, places: ['~/.continue/config.yaml, models[2]'] },
      models: [{ id: 'qwen3-coder', upstream: 'qwen3-coder' }],
      notes: [
        'Its proxy is not taken over.',
        'Continue does not check its certificate; the gateway does.',
        'The header x-api-key is left out: it seems to carry a credential.',
      ],
    },
    expect.objectContaining({
      kind: 'ollama',
      baseUrl: 'http://127.0.0.1:11434',
      credential: null,
      models: [],
    }),
    expect.objectContaining({
      ...{ kind: 'azure-openai', baseUrl: 'https://mine.openai.azure.com' },
      models: [{ id: 'gpt-5', upstream: 'my-gpt-5' }],
    }),
  ]);
  expect(left.map((text) => text.replace(/\(.*?\)/, ''))).toEqual([
    'Mistral AI : Its key is in the secret NOT_THERE, which is not set here.',
    'anthropic/claude-4-sonnet : It is a block of Continue’s hub, which holds its settings.',
    expect.stringMatching(/^Odd : Its provider is none that the gateway knows/),
  ]);
});

it('the older config.json is read where there is no newer one', () => {
  const config = {
    models: [
      {
        title: 'Claude',
        provider: 'anthropic',
        model: 'claude-sonnet-4-5',
        apiKey: 'sk-ant-api03-0123456789abc',
      },
    ],
    tabAutocompleteModel: {
      title: 'Tab',
      provider: 'mistral',
      model: 'codestral-latest',
      apiKey: 'mi-0123456789abcdefghij',
    },
    embeddingsProvider: { provider: 'transformers.js' },
  };
  home.write('.continue/config.json', `${JSON.stringify(config, null, 2).replace(/\n}$/, ',\n}')}`);
  const { findings, left } = look();
  expect(findings.map(({ id, kind, models }) => [id, kind, models[0]?.id])).toEqual([
    ['models[0]', 'anthropic', 'claude-sonnet-4-5'],
    ['tabAutocompleteModel', 'mistral', 'codestral-latest'],
  ]);
  expect(left).toHaveLength(1);
  home.write('.continue/config.yaml', 'models: []\n');
  expect(look().findings).toEqual([]);
});

it('broken YAML is told with its line and none of its words', () => {
  home.write('.continue/config.yaml', 'models:\n  - name: a\n    apiKey: *sk-secret-0123456789\n');
  const { problems } = look();
  expect(problems).toEqual([
    expect.stringMatching(/^~\/\.continue\/config\.yaml(, line 3,)? is no valid YAML\. /),
  ]);
  expect(JSON.stringify(problems)).not.toContain('secret');
});
