import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestHome } from '../connect/setup/home.ts';
import { lookAt, told } from './look-at.ts';

let home: TestHome;
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home[Symbol.dispose]());

const KEY = 'sk-0123456789abcdefghijklmnopqrstuv';

/** Kind and address of each finding, by the variable that holds the key. */
function kindsIn(env: Record<string, string>): Record<string, [string, string]> {
  const { findings } = lookAt(home, 'environment', { env });
  return Object.fromEntries(findings.map(({ id, kind, baseUrl }) => [id, [kind, baseUrl]]));
}

describe('variables of the environment', () => {
  it('are known by the services’ own names, and lead to their own addresses', () => {
    const names = [
      ...['OPENAI', 'ANTHROPIC', 'GEMINI', 'OPENROUTER', 'DEEPSEEK', 'GROQ', 'MISTRAL', 'XAI'],
      ...['TOGETHER', 'FIREWORKS', 'NOVITA'],
    ].map((name) => `${name}_API_KEY`);
    const env = Object.fromEntries(names.map((name) => [name, `${name}-${KEY}`]));
    const { findings, left } = lookAt(home, 'environment', { env });
    expect(left).toEqual([]);
    expect(
      findings.map(({ id, kind, name, credential, places }) => [id, kind, name, credential, places]),
    ).toEqual(
      [
        ['OPENAI_API_KEY', 'openai', 'OpenAI'],
        ['ANTHROPIC_API_KEY', 'anthropic', 'Anthropic'],
        ['GEMINI_API_KEY', 'google', 'Google Gemini'],
        ['OPENROUTER_API_KEY', 'openrouter', 'OpenRouter'],
        ['DEEPSEEK_API_KEY', 'deepseek', 'DeepSeek'],
        ['GROQ_API_KEY', 'groq', 'Groq'],
        ['MISTRAL_API_KEY', 'mistral', 'Mistral AI'],
        ['XAI_API_KEY', 'xai', 'xAI'],
        ['TOGETHER_API_KEY', 'together', 'Together AI'],
        ['FIREWORKS_API_KEY', 'fireworks', 'Fireworks AI'],
        ['NOVITA_API_KEY', 'novita', 'Novita AI'],
      ].map(([id, kind, name]) => [id, kind, name, `${id}-${KEY}`, [id]]),
    );
    expect(findings[0]?.baseUrl).toBe('https://api.openai.com/v1');
  });

  it('an address that is known says more than the variable it stands in', () => {
    const openai = (url: string) => kindsIn({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: url }).OPENAI_API_KEY;
    expect(openai('https://openrouter.ai/api/v1/')).toEqual(['openrouter', 'https://openrouter.ai/api/v1']);
    expect(openai('https://api.deepseek.com/v1')).toEqual(['deepseek', 'https://api.deepseek.com']);
    expect(openai('http://localhost:11434/v1')).toEqual(['ollama', 'http://localhost:11434/v1']);
    expect(openai('https://eu.api.openai.com/v1')).toEqual(['openai', 'https://eu.api.openai.com/v1']);
    expect(openai('https://my.openai.azure.com/openai/deployments/x?api-version=2024-10-21')).toEqual([
      ...['azure-openai', 'https://my.openai.azure.com'],
    ]);
    // Lookalikes are strangers.
    expect(openai('https://api.openai.com.evil.example/v1')?.[0]).toBe('openai-compatible');
    expect(openai('https://notapi.openai.com/v1')?.[0]).toBe('openai-compatible');
    const anthropic = (url: string) =>
      kindsIn({ ANTHROPIC_AUTH_TOKEN: KEY, ANTHROPIC_BASE_URL: url }).ANTHROPIC_AUTH_TOKEN;
    expect(anthropic('https://api.z.ai/api/anthropic')).toEqual([
      ...['anthropic-compatible', 'https://api.z.ai/api/anthropic'],
    ]);
    expect(anthropic('https://api.deepseek.com/anthropic')).toEqual(['deepseek', 'https://api.deepseek.com']);
  });

  it('Azure and Bedrock need to be told where, and a server without a key needs an address alone', () => {
    expect(
      kindsIn({
        ...{ AZURE_OPENAI_API_KEY: KEY, AZURE_OPENAI_ENDPOINT: 'https://my-resource.openai.azure.com/' },
        ...{ AWS_BEARER_TOKEN_BEDROCK: `bedrock-${KEY}`, AWS_REGION: 'eu-central-1' },
        OPENAI_BASE_URL: 'http://10.0.0.5:8000/v1',
      }),
    ).toEqual({
      OPENAI_BASE_URL: ['openai-compatible', 'http://10.0.0.5:8000/v1'],
      AZURE_OPENAI_API_KEY: ['azure-openai', 'https://my-resource.openai.azure.com'],
      AWS_BEARER_TOKEN_BEDROCK: ['bedrock', 'https://bedrock-runtime.eu-central-1.amazonaws.com'],
    });
    expect(kindsIn({ AZURE_API_KEY: KEY, AZURE_RESOURCE_NAME: 'mine' }).AZURE_API_KEY?.[1]).toBe(
      'https://mine.openai.azure.com',
    );
    expect(told(lookAt(home, 'environment', { env: { AZURE_API_KEY: KEY } })).left).toEqual([
      'Azure OpenAI (AZURE_API_KEY): Nothing says where Azure OpenAI answers.',
    ]);
  });

  it('one key under two names is one provider, and two keys are two', () => {
    const same = lookAt(home, 'environment', { env: { GEMINI_API_KEY: KEY, GOOGLE_API_KEY: KEY } });
    expect(same.findings).toMatchObject([{ places: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'] }]);
    const two = lookAt(home, 'environment', { env: { GEMINI_API_KEY: KEY, GOOGLE_API_KEY: `${KEY}2` } });
    expect(two.findings).toHaveLength(2);
  });

  it.each([
    ['OPENAI_API_KEY', `ntl_live_${'a'.repeat(40)}`, 'one of a NoTokenLimit gateway'],
    ['ANTHROPIC_API_KEY', 'sk-ant-oat01-abcdefghijklmnop', 'login of a Claude subscription'],
    ['ANTHROPIC_AUTH_TOKEN', 'abcdefghijklmnopqrstuvwxyz', 'token of a login'],
    ['OPENAI_API_KEY', 'eyJhbGciOiJI.eyJzdWIiOiIx.sig', 'token of a login'],
    ['OPENAI_API_KEY', 'sk-xxxxxxxxxxxx', 'placeholder'],
    ['OPENAI_API_KEY', '<your key>', 'placeholder'],
    ['OPENAI_API_KEY', 'your-openai-api-key-here', 'placeholder'],
    ['OPENAI_API_KEY', 'sk-...', 'placeholder'],
    ['OPENAI_API_KEY', 'two words and more of them', 'no API key has'],
  ])('%s=%s is left, and said why', (name, value, why) => {
    const { findings, left } = lookAt(home, 'environment', { env: { [name]: value } });
    expect(findings).toEqual([]);
    expect(left).toMatchObject([{ place: name, why: expect.stringContaining(why) }]);
    expect(JSON.stringify(left)).not.toContain(value);
  });

  it.each([
    ['http://127.0.0.1:7411/api/v1', 'this gateway itself'],
    ['http://user:pass-word@10.0.0.5/v1', 'user name or password'],
    ['https://10.0.0.5/v1?key=abc', 'query'],
    ['ftp://10.0.0.5', 'http:// or https://'],
    ['localhost', 'not a complete URL'],
    ['https://chatgpt.com/backend-api/codex', 'ChatGPT login'],
  ])('%s is no address to be taken over', (url, why) => {
    const env = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: url };
    const { findings, left } = lookAt(home, 'environment', { env });
    expect(findings).toEqual([]);
    expect(left).toMatchObject([{ why: expect.stringContaining(why) }]);
    expect(JSON.stringify(left)).not.toContain('pass-word');
  });

  it('what is empty, or is nobody’s, is nothing', () => {
    expect(lookAt(home, 'environment', { env: { OPENAI_API_KEY: ' ', PATH: '/bin' } })).toEqual({
      ...{ findings: [], left: [], problems: [] },
    });
  });
});

describe('a .env file', () => {
  it('is read with its quotes and comments', () => {
    const text = `# mine\nexport OPENAI_API_KEY="${KEY}"\nANTHROPIC_BASE_URL='https://llm.example.com' # ours\nANTHROPIC_AUTH_TOKEN=${KEY}\n`;
    expect(told(lookAt(home, 'env-file', { text }))).toEqual({
      findings: [
        {
          ...{ id: 'OPENAI_API_KEY', name: 'OpenAI', kind: 'openai', baseUrl: 'https://api.openai.com/v1' },
          ...{ credential: KEY, headers: {}, models: [], notes: [], places: ['chosen, OPENAI_API_KEY'] },
        },
        {
          ...{ id: 'ANTHROPIC_AUTH_TOKEN', name: 'llm.example.com', kind: 'anthropic-compatible' },
          ...{ baseUrl: 'https://llm.example.com', credential: KEY, headers: {}, models: [], notes: [] },
          places: ['chosen, ANTHROPIC_AUTH_TOKEN'],
        },
      ],
      left: [],
      problems: [],
    });
  });

  it('that is none is said to be none', () => {
    expect(lookAt(home, 'env-file', { text: 'OPENAI_API_KEY=\0\x01' }).problems).toEqual([
      'chosen is no text. It is left as it is.',
    ]);
  });

  it('leaves the environment alone', () => {
    const { findings } = lookAt(home, 'env-file', { text: 'A=b\n', env: { OPENAI_API_KEY: KEY } });
    expect(findings).toEqual([]);
  });
});
