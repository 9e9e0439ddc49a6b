import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestHome } from '../connect/setup/home.ts';
import { lookAt, told } from './look-at.ts';

let home: TestHome;
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home[Symbol.dispose]());

const look = (text: string, given: { env?: Record<string, string>; variables?: string } = {}) =>
  told(lookAt(home, 'litellm', { text, ...given }));

const CONFIG = `
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
      api_key: os.environ/OPENAI_API_KEY
      rpm: 480
  - model_name: cheap
    litellm_params: { model: gpt-4o-mini, api_key: os.environ/OPENAI_API_KEY }
  - model_name: gpt-4o
    litellm_params:
      model: azure/my-gpt-4o
      api_base: https://mine.openai.azure.com/
      api_key: azure-0123456789abcdefghij
      api_version: 2024-10-21
  - model_name: sonnet
    litellm_params: { model: anthropic/claude-sonnet-4-5 }
  - model_name: "openrouter/*"
    litellm_params: { model: "openrouter/*", api_key: or-0123456789abcdefghij }
  - model_name: lab
    litellm_params:
      model: openai/Qwen/Qwen3-Coder
      api_base: os.environ/LAB_URL
      api_key: none
  - model_name: local
    litellm_params: { model: ollama_chat/llama3.1, api_base: "http://localhost:11434" }
  - model_name: titan
    litellm_params:
      model: bedrock/converse/anthropic.claude-3-5-sonnet-20240620-v1:0
      aws_access_key_id: AKIA0123456789
      aws_secret_access_key: os.environ/AWS_SECRET
      aws_region_name: eu-west-1
  - model_name: shared
    litellm_params: { model: mistral/mistral-large-latest, litellm_credential_name: ours }
  - model_name: vertex
    litellm_params: { model: vertex_ai/gemini-2.5-pro, vertex_project: mine }
  - model_name: odd
    litellm_params: { model: watsonx/granite }
  - model_name: unset
    litellm_params: { model: groq/llama-3.3-70b, api_key: os.environ/NOT_THERE }
credential_list:
  - credential_name: ours
    credential_values: { api_key: os.environ/MISTRAL_KEY }
environment_variables:
  MISTRAL_KEY: mistral-of-the-file-01234
router_settings:
  model_group_alias: { gpt-4: gpt-4o, quick: { model: cheap, hidden: true } }
general_settings:
  master_key: sk-master-0123456789
include: [more.yaml]
`;

it('its entries are one provider for each address and key, with the names clients use', () => {
  const env = {
    ...{ OPENAI_API_KEY: 'sk-0123456789abcdefghijkl', LAB_URL: 'http://10.0.0.5:8000/v1' },
    ...{ ANTHROPIC_API_KEY: 'sk-ant-api03-0123456789', AWS_SECRET: 'aws-secret-0123456789' },
  };
  const { findings, left, problems } = look(CONFIG, { env });
  expect(problems).toEqual([]);
  expect(
    findings.map(({ name, kind, baseUrl, credential, models }) => [
      ...[name, kind, baseUrl, credential],
      models.map(({ id, upstream }) => `${id}=${upstream}`).join(' '),
    ]),
  ).toEqual([
    [
      ...['OpenAI', 'openai', 'https://api.openai.com/v1', 'sk-0123456789abcdefghijkl'],
      'gpt-4o=gpt-4o gpt-4=gpt-4o cheap=gpt-4o-mini quick=gpt-4o-mini',
    ],
    [
      ...[
        'mine.openai.azure.com',
        'azure-openai',
        'https://mine.openai.azure.com',
        'azure-0123456789abcdefghij',
      ],
      'gpt-4o=my-gpt-4o gpt-4=my-gpt-4o',
    ],
    [
      'Anthropic',
      'anthropic',
      'https://api.anthropic.com',
      'sk-ant-api03-0123456789',
      'sonnet=claude-sonnet-4-5',
    ],
    ['OpenRouter', 'openrouter', 'https://openrouter.ai/api/v1', 'or-0123456789abcdefghij', ''],
    ['10.0.0.5', 'openai-compatible', 'http://10.0.0.5:8000/v1', null, 'lab=Qwen/Qwen3-Coder'],
    ['Ollama', 'ollama', 'http://localhost:11434', null, 'local=llama3.1'],
    [
      ...[
        'bedrock-runtime.eu-west-1.amazonaws.com',
        'bedrock',
        'https://bedrock-runtime.eu-west-1.amazonaws.com',
      ],
      ...['AKIA0123456789:aws-secret-0123456789', 'titan=anthropic.claude-3-5-sonnet-20240620-v1:0'],
    ],
    [
      'Mistral AI',
      'mistral',
      'https://api.mistral.ai/v1',
      'mistral-of-the-file-01234',
      'shared=mistral-large-latest',
    ],
  ]);
  expect(findings[0]?.places).toEqual(['chosen, model_list[0]', 'chosen, model_list[1]']);
  expect(left).toEqual([
    'Groq (chosen, model_list[11]): Its key is in the variable NOT_THERE, which is not set here.',
    expect.stringMatching(/^vertex \(chosen, model_list\[9\]\): Vertex AI is asked with a login/),
    expect.stringMatching(/^odd \(chosen, model_list\[10\]\): Its provider is none that the gateway knows/),
    'Included files (chosen, include): Other files are not followed: choose each of them.',
  ]);
});

it('variables that were chosen with it come first', () => {
  const text = 'model_list: [{model_name: a, litellm_params: {model: groq/a, api_key: os.environ/K}}]';
  const env = { K: 'of-the-environment-0123456' };
  expect(look(text, { env }).findings[0]?.credential).toBe('of-the-environment-0123456');
  const variables = 'K=of-the-chosen-file-0123456\n';
  expect(look(text, { env, variables }).findings[0]?.credential).toBe('of-the-chosen-file-0123456');
});

it('a file that is no such file says nothing, and one with a bomb in it is refused', () => {
  for (const text of ['', 'a: 1', '- 1', 'model_list: 5', 'model_list: [1, null, {litellm_params: 3}]'])
    expect(look(text)).toMatchObject({ findings: [], problems: [] });
  const levels = Array.from({ length: 12 }, (_, at) => `l${at}: &l${at} [${`*l${at - 1}, `.repeat(9)}]`);
  const bomb = ['l-1: &l-1 [x]', ...levels].join('\n');
  expect(look(bomb).problems).toEqual(['chosen is no valid YAML. It is left as it is.']);
  expect(look(`a: ${'['.repeat(100_000)}`).problems).toHaveLength(1);
});

it('a thousand entries take no longer than they are many', () => {
  const entry = (at: number) =>
    `  - {model_name: m${at}, litellm_params: {model: openai/m${at}, api_key: "sk-0123456789abcdefghijk"}}\n`;
  const text = `model_list:\n${Array.from({ length: 1_000 }, (_, at) => entry(at)).join('')}`;
  const begun = performance.now();
  const { findings } = look(text);
  expect(findings).toHaveLength(1);
  expect(findings[0]?.models).toHaveLength(1_000);
  expect(performance.now() - begun).toBeLessThan(10_000);
  const long = `OPENAI_API_KEY=sk-0123456789abcdefghijk\nOPENAI_BASE_URL=https://x.example/${'/'.repeat(400_000)}x\n`;
  expect(lookAt(home, 'env-file', { text: long }).left).toMatchObject([{ why: 'Its address is too long.' }]);
});
