import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../gateway/protocols/endpoint.ts';
import { ENDPOINTS } from '../../gateway/protocols/endpoint.ts';
import { checkBaseUrl, endpointUrl, modelsUrl } from '../../gateway/providers/base-url.ts';
import { PROVIDERS } from '../../gateway/providers/catalogue.ts';
import type { ProviderKind } from '../../gateway/providers/provider-kinds.ts';
import { PROVIDER_KINDS } from '../../gateway/providers/provider-kinds.ts';

const AZURE = 'https://example.openai.azure.com';

describe('documented addresses', () => {
  it.each<[ProviderKind, Endpoint, string]>([
    ['openai', 'chat', 'https://api.openai.com/v1/chat/completions'],
    ['openai', 'responses', 'https://api.openai.com/v1/responses'],
    ['anthropic', 'messages', 'https://api.anthropic.com/v1/messages'],
    ['anthropic', 'count_tokens', 'https://api.anthropic.com/v1/messages/count_tokens'],
    ['google', 'chat', 'https://generativelanguage.googleapis.com/v1beta/openai/chat/completions'],
    ['google', 'embeddings', 'https://generativelanguage.googleapis.com/v1beta/openai/embeddings'],
    ['openrouter', 'chat', 'https://openrouter.ai/api/v1/chat/completions'],
    ['openrouter', 'messages', 'https://openrouter.ai/api/v1/messages'],
    ['deepseek', 'chat', 'https://api.deepseek.com/chat/completions'],
    ['deepseek', 'responses', 'https://api.deepseek.com/responses'],
    ['deepseek', 'completions', 'https://api.deepseek.com/beta/completions'],
    ['deepseek', 'messages', 'https://api.deepseek.com/anthropic/v1/messages'],
    ['groq', 'chat', 'https://api.groq.com/openai/v1/chat/completions'],
    ['mistral', 'chat', 'https://api.mistral.ai/v1/chat/completions'],
    ['xai', 'responses', 'https://api.x.ai/v1/responses'],
    ['together', 'completions', 'https://api.together.ai/v1/completions'],
    ['fireworks', 'chat', 'https://api.fireworks.ai/inference/v1/chat/completions'],
    ['fireworks', 'messages', 'https://api.fireworks.ai/inference/v1/messages'],
    ['novita', 'chat', 'https://api.novita.ai/openai/v1/chat/completions'],
    ['novita', 'messages', 'https://api.novita.ai/anthropic/v1/messages'],
    ['ollama', 'chat', 'http://127.0.0.1:11434/v1/chat/completions'],
    ['lmstudio', 'messages', 'http://127.0.0.1:1234/v1/messages'],
    ['llamacpp', 'count_tokens', 'http://127.0.0.1:8080/v1/messages/count_tokens'],
    ['vllm', 'embeddings', 'http://127.0.0.1:8000/v1/embeddings'],
  ])('%s %s', (kind, endpoint, expected) => {
    expect(endpointUrl(kind, PROVIDERS[kind].baseUrl ?? '', endpoint, '')).toBe(expected);
  });

  it('lists models where the service does', () => {
    const listed = (kind: ProviderKind) => modelsUrl(kind, PROVIDERS[kind].baseUrl ?? AZURE);
    expect(listed('openai')).toBe('https://api.openai.com/v1/models');
    expect(listed('deepseek')).toBe('https://api.deepseek.com/models');
    expect(listed('google')).toBe('https://generativelanguage.googleapis.com/v1beta/openai/models');
    expect(listed('novita')).toBe('https://api.novita.ai/openai/v1/models');
    expect(listed('azure-openai')).toBe(`${AZURE}/openai/v1/models`);
  });
});

describe('base URLs as people type them', () => {
  it.each<[ProviderKind, string, Endpoint, string]>([
    ['azure-openai', AZURE, 'chat', `${AZURE}/openai/v1/chat/completions`],
    ['azure-openai', `${AZURE}/openai`, 'chat', `${AZURE}/openai/v1/chat/completions`],
    ['azure-openai', `${AZURE}/openai/v1/`, 'chat', `${AZURE}/openai/v1/chat/completions`],
    [
      'google',
      'https://generativelanguage.googleapis.com',
      'chat',
      'https://generativelanguage.googleapis.com/v1beta/openai/chat/completions',
    ],
    [
      'google',
      'https://generativelanguage.googleapis.com/v1beta',
      'chat',
      'https://generativelanguage.googleapis.com/v1beta/openai/chat/completions',
    ],
    ['openrouter', 'https://openrouter.ai/api', 'messages', 'https://openrouter.ai/api/v1/messages'],
    ['deepseek', 'https://api.deepseek.com/v1', 'messages', 'https://api.deepseek.com/anthropic/v1/messages'],
    ['deepseek', 'https://api.deepseek.com/anthropic', 'chat', 'https://api.deepseek.com/chat/completions'],
    ['groq', 'https://api.groq.com', 'chat', 'https://api.groq.com/openai/v1/chat/completions'],
    ['novita', 'https://api.novita.ai/anthropic', 'chat', 'https://api.novita.ai/openai/v1/chat/completions'],
    // A version of the owner's own stays.
    [
      'openai-compatible',
      'https://host.example/api/v3',
      'chat',
      'https://host.example/api/v3/chat/completions',
    ],
    [
      'openai-compatible',
      'https://host.example/v1beta/openai/',
      'chat',
      'https://host.example/v1beta/openai/chat/completions',
    ],
    [
      'openai-compatible',
      'https://gateway.example/v1/account/openai',
      'chat',
      'https://gateway.example/v1/account/openai/chat/completions',
    ],
    // Anthropic's convention: the version is never part of the base.
    [
      'anthropic-compatible',
      'https://gateway.example/v1/account/anthropic',
      'messages',
      'https://gateway.example/v1/account/anthropic/v1/messages',
    ],
    [
      'anthropic-compatible',
      'https://host.example/api/anthropic',
      'messages',
      'https://host.example/api/anthropic/v1/messages',
    ],
    // A pasted endpoint.
    [
      'openai',
      'https://api.openai.com/v1/chat/completions',
      'responses',
      'https://api.openai.com/v1/responses',
    ],
    [
      'openai-compatible',
      'https://models.example/inference/chat/completions',
      'embeddings',
      'https://models.example/inference/embeddings',
    ],
    [
      'anthropic',
      'https://api.anthropic.com/v1/messages',
      'count_tokens',
      'https://api.anthropic.com/v1/messages/count_tokens',
    ],
  ])('%s at %s: %s', (kind, baseUrl, endpoint, expected) => {
    expect(endpointUrl(kind, baseUrl, endpoint, '')).toBe(expected);
  });

  it('appends the query as it is', () => {
    expect(endpointUrl('anthropic', 'https://api.anthropic.com', 'messages', '?beta=true&x=%2f')).toBe(
      'https://api.anthropic.com/v1/messages?beta=true&x=%2f',
    );
  });

  it('refuses an endpoint the kind does not speak', () => {
    expect(() => endpointUrl('anthropic', 'https://api.anthropic.com', 'chat', '')).toThrow(/Anthropic/);
  });
});

const spokenEndpoint = fc
  .constantFrom(...PROVIDER_KINDS.filter((kind) => Object.keys(PROVIDERS[kind].protocols).length > 0))
  .chain((kind) =>
    fc
      .constantFrom(
        ...(Object.keys(ENDPOINTS) as Endpoint[]).filter(
          (name) => ENDPOINTS[name].protocol in PROVIDERS[kind].protocols,
        ),
      )
      .map((endpoint) => ({ kind, endpoint })),
  );
/** A path of a reverse proxy; a version or a word of the API itself in it would mean something. */
const plainPath = fc
  .array(fc.stringMatching(/^x[a-z0-9]{0,6}$/), { maxLength: 3 })
  .map((parts) => parts.map((part) => `/${part}`).join(''));
const origin = fc
  .tuple(fc.webAuthority({ withPort: true }), fc.constantFrom('http', 'https'))
  .map(([host, scheme]) => `${scheme}://${host}`);

it('means the same with and without /v1 and slashes, for every kind', () => {
  fc.assert(
    fc.property(
      spokenEndpoint,
      origin,
      plainPath,
      fc.constantFrom('', '/', '//'),
      ({ kind, endpoint }, host, path, slashes) => {
        const plain = endpointUrl(kind, host + path, endpoint, '');
        expect(endpointUrl(kind, `${host}${path}/v1${slashes}`, endpoint, '')).toBe(plain);
        expect(endpointUrl(kind, `${host}${path}${slashes}`, endpoint, '')).toBe(plain);
        expect(plain.endsWith(ENDPOINTS[endpoint].path)).toBe(true);
        expect(new URL(plain).pathname.startsWith(path)).toBe(true);
      },
    ),
  );
});

it('takes its own result for a base URL', () => {
  fc.assert(
    fc.property(spokenEndpoint, origin, plainPath, ({ kind, endpoint }, host, path) => {
      const url = endpointUrl(kind, host + path, endpoint, '');
      expect(endpointUrl(kind, url, endpoint, '')).toBe(url);
    }),
  );
});

describe('checkBaseUrl', () => {
  it('takes a good URL and drops what does not matter', () => {
    expect(checkBaseUrl(' https://api.openai.com/v1/ ')).toBe('https://api.openai.com/v1');
    expect(checkBaseUrl('http://127.0.0.1:11434')).toBe('http://127.0.0.1:11434');
  });

  it.each([
    ['api.openai.com', /complete URL/],
    ['', /complete URL/],
    ['ftp://host.example', /http/],
    ['file:///etc/passwd', /http/],
    ['https://user:hunter2@host.example/v1', /password/],
    ['https://host.example/v1?api-version=hunter2', /query/],
    ['https://host.example/v1?', /query/],
    ['https://host.example/v1#hunter2', /fragment/],
  ])('refuses %s', (text, message) => {
    expect(() => checkBaseUrl(text)).toThrow(message);
    expect(() => checkBaseUrl(text)).not.toThrow(/hunter2/);
  });

  it('is settled after one pass', () => {
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        const checked = checkBaseUrl(url);
        expect(checkBaseUrl(checked)).toBe(checked);
      }),
    );
  });
});
