import type { Endpoint, Family } from '../protocols/endpoint.ts';
import { ENDPOINTS } from '../protocols/endpoint.ts';
import type { ProviderFacts, ProviderKind } from './provider-kinds.ts';

/** The oldest and still current version of the Anthropic API (https://docs.claude.com/en/api/versioning). */
const ANTHROPIC_VERSION = '2023-06-01';

const OPENAI_V1 = {
  'openai-chat': '/v1',
  'openai-completions': '/v1',
  'openai-embeddings': '/v1',
} as const;

const OPENAI_MODELS = { path: '/v1/models', family: 'openai' } as const;
const ANTHROPIC_MODELS = { path: '/v1/models', family: 'anthropic' } as const;

/** Facts that nearly every hosted service shares. */
const HOSTED = { local: false, credential: 'required', auth: ['bearer'], countTokens: false } as const;
/** Facts that nearly every local runtime shares. */
const LOCAL = {
  local: true,
  credential: 'optional',
  auth: ['bearer'],
  models: OPENAI_MODELS,
  prices: null,
} as const;

export const PROVIDERS: Readonly<Record<ProviderKind, ProviderFacts>> = {
  // https://platform.openai.com/docs/api-reference
  openai: {
    ...HOSTED,
    label: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    protocols: { ...OPENAI_V1, 'openai-responses': '/v1' },
    models: OPENAI_MODELS,
    helpUrl: 'https://platform.openai.com/api-keys',
    prices: 'openai',
  },
  // Its OpenAI-style endpoint is left out: Anthropic's documentation calls it unfit for production.
  anthropic: {
    ...HOSTED,
    label: 'Anthropic',
    baseUrl: 'https://api.anthropic.com',
    auth: ['x-api-key'],
    protocols: { 'anthropic-messages': '/v1' },
    countTokens: true,
    models: ANTHROPIC_MODELS,
    helpUrl: 'https://platform.claude.com/settings/keys',
    prices: 'anthropic',
  },
  // Gemini's OpenAI-style endpoint: https://ai.google.dev/gemini-api/docs/openai. Gemini 3 refuses calls that come
  // back without their signature, and that endpoint gives it in a field that hardly any client sends back
  // (https://ai.google.dev/gemini-api/docs/thought-signatures); natively the gateway keeps it.
  google: {
    ...HOSTED,
    label: 'Google Gemini',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
    protocols: { 'openai-chat': '/v1beta/openai', 'openai-embeddings': '/v1beta/openai' },
    native: 'google',
    nativeTools: true,
    models: { path: '/v1beta/openai/models', family: 'openai' },
    helpUrl: 'https://aistudio.google.com/apikey',
    prices: 'google',
  },
  // Messages: base https://openrouter.ai/api for Anthropic clients, Bearer (OpenRouter's Claude Code guide).
  // Embeddings were not proven from its documentation here.
  openrouter: {
    ...HOSTED,
    label: 'OpenRouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    protocols: {
      'openai-chat': '/api/v1',
      'openai-responses': '/api/v1',
      'openai-completions': '/api/v1',
      'openai-embeddings': '/api/v1',
      'anthropic-messages': '/api/v1',
    },
    // https://openrouter.ai/docs/api/api-reference/api-keys/get-current-key: 401 for a wrong one.
    models: { path: '/api/v1/models', family: 'openai', keyPath: '/api/v1/key' },
    helpUrl: 'https://openrouter.ai/settings/keys',
    prices: 'openrouter',
  },
  // The v1 API, which needs no `api-version`; the model is the deployment's name:
  // https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle
  'azure-openai': {
    ...HOSTED,
    label: 'Azure OpenAI',
    baseUrl: null,
    exampleUrl: 'https://my-resource.openai.azure.com',
    auth: ['api-key'],
    protocols: {
      'openai-chat': '/openai/v1',
      'openai-responses': '/openai/v1',
      'openai-completions': '/openai/v1',
      'openai-embeddings': '/openai/v1',
    },
    models: { path: '/openai/v1/models', family: 'openai' },
    helpUrl: 'https://portal.azure.com/',
    prices: 'azure',
  },
  // The runtime of one region: https://bedrock-runtime.REGION.amazonaws.com. The credential is a Bedrock API key,
  // or ACCESS_KEY_ID:SECRET_ACCESS_KEY with :SESSION_TOKEN where there is one.
  bedrock: {
    ...HOSTED,
    label: 'Amazon Bedrock',
    baseUrl: null,
    exampleUrl: 'https://bedrock-runtime.us-east-1.amazonaws.com',
    protocols: {},
    native: 'bedrock',
    models: null,
    helpUrl: 'https://console.aws.amazon.com/bedrock/home#/api-keys',
    prices: 'aws',
  },
  // https://LOCATION-aiplatform.googleapis.com/v1/projects/PROJECT/locations/LOCATION, with the key file of a
  // service account as credential; https://aiplatform.googleapis.com/v1 with an API key of express mode.
  vertex: {
    ...HOSTED,
    label: 'Google Vertex AI',
    baseUrl: null,
    exampleUrl: 'https://us-central1-aiplatform.googleapis.com/v1/projects/my-project/locations/us-central1',
    auth: ['x-goog-api-key'],
    protocols: {},
    native: 'vertex',
    models: null,
    helpUrl: 'https://console.cloud.google.com/iam-admin/serviceaccounts',
    prices: 'google',
  },
  // https://api-docs.deepseek.com: guides/responses_api, guides/anthropic_api, guides/fim_completion (beta).
  // Whether it counts tokens is not documented.
  deepseek: {
    ...HOSTED,
    label: 'DeepSeek',
    baseUrl: 'https://api.deepseek.com',
    protocols: {
      'openai-chat': '',
      'openai-responses': '',
      'openai-completions': '/beta',
      'anthropic-messages': '/anthropic/v1',
    },
    models: { path: '/models', family: 'openai' },
    helpUrl: 'https://platform.deepseek.com/api_keys',
    prices: 'deepseek',
  },
  // https://console.groq.com/docs/openai; text completions are named there as unsupported.
  groq: {
    ...HOSTED,
    label: 'Groq',
    baseUrl: 'https://api.groq.com/openai/v1',
    protocols: { 'openai-chat': '/openai/v1', 'openai-responses': '/openai/v1' },
    models: { path: '/openai/v1/models', family: 'openai' },
    helpUrl: 'https://console.groq.com/keys',
    prices: 'groq',
  },
  // Its fill-in-the-middle endpoint (/v1/fim/completions) answers in chat form, so it is no `completions`.
  mistral: {
    ...HOSTED,
    label: 'Mistral AI',
    baseUrl: 'https://api.mistral.ai/v1',
    protocols: { 'openai-chat': '/v1', 'openai-embeddings': '/v1' },
    models: OPENAI_MODELS,
    helpUrl: 'https://console.mistral.ai/api-keys',
    prices: 'mistral',
  },
  // Its Messages endpoint is left out: xAI's documentation lists it as deprecated.
  xai: {
    ...HOSTED,
    label: 'xAI',
    baseUrl: 'https://api.x.ai/v1',
    protocols: { 'openai-chat': '/v1', 'openai-responses': '/v1' },
    models: OPENAI_MODELS,
    helpUrl: 'https://console.x.ai/',
    prices: 'x-ai',
  },
  // https://docs.together.ai/docs/inference/openai-compatibility
  together: {
    ...HOSTED,
    label: 'Together AI',
    baseUrl: 'https://api.together.ai/v1',
    protocols: OPENAI_V1,
    models: OPENAI_MODELS,
    helpUrl: 'https://api.together.ai/settings/api-keys',
    prices: 'together',
  },
  // https://docs.fireworks.ai/tools-sdks/anthropic-compatibility (Messages with Bearer).
  // The path of its Responses API was not proven from its documentation here.
  fireworks: {
    ...HOSTED,
    label: 'Fireworks AI',
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    protocols: {
      'openai-chat': '/inference/v1',
      'openai-responses': '/inference/v1',
      'openai-completions': '/inference/v1',
      'openai-embeddings': '/inference/v1',
      'anthropic-messages': '/inference/v1',
    },
    models: { path: '/inference/v1/models', family: 'openai' },
    helpUrl: 'https://fireworks.ai/account/api-keys',
    prices: 'fireworks',
  },
  // https://novita.ai/docs/guides/llm-anthropic-compatibility (Messages with Bearer, for some models only).
  novita: {
    ...HOSTED,
    label: 'Novita AI',
    baseUrl: 'https://api.novita.ai/openai/v1',
    protocols: {
      'openai-chat': '/openai/v1',
      'openai-completions': '/openai/v1',
      'openai-embeddings': '/openai/v1',
      'anthropic-messages': '/anthropic/v1',
    },
    models: { path: '/openai/v1/models', family: 'openai' },
    helpUrl: 'https://novita.ai/settings/key-management',
    prices: 'novita',
  },
  // Another NoTokenLimit gateway: it answers the same routes as this one.
  notokenlimit: {
    ...HOSTED,
    label: 'NoTokenLimit',
    baseUrl: null,
    protocols: { ...OPENAI_V1, 'openai-responses': '/v1', 'anthropic-messages': '/v1' },
    countTokens: true,
    models: OPENAI_MODELS,
    helpUrl: null,
    prices: null,
  },
  // https://docs.ollama.com/api/openai-compatibility (Responses since 0.13.3, stateless) and
  // api/anthropic-compatibility (no token counting).
  ollama: {
    ...LOCAL,
    label: 'Ollama',
    baseUrl: 'http://127.0.0.1:11434',
    protocols: { ...OPENAI_V1, 'openai-responses': '/v1', 'anthropic-messages': '/v1' },
    countTokens: false,
    helpUrl: 'https://docs.ollama.com/',
  },
  // https://lmstudio.ai/docs/developer: openai-compat and anthropic-compat.
  lmstudio: {
    ...LOCAL,
    label: 'LM Studio',
    baseUrl: 'http://127.0.0.1:1234',
    protocols: { ...OPENAI_V1, 'openai-responses': '/v1', 'anthropic-messages': '/v1' },
    countTokens: false,
    helpUrl: 'https://lmstudio.ai/docs/developer',
  },
  // tools/server/README.md of ggml-org/llama.cpp; Messages and its token count since pull request 17570.
  // Responses came later and was not proven here, so it is translated to chat.
  llamacpp: {
    ...LOCAL,
    label: 'llama.cpp',
    baseUrl: 'http://127.0.0.1:8080',
    protocols: { ...OPENAI_V1, 'anthropic-messages': '/v1' },
    countTokens: true,
    helpUrl: 'https://github.com/ggml-org/llama.cpp/tree/master/tools/server',
  },
  // https://docs.vllm.ai/en/stable/serving/online_serving/
  vllm: {
    ...LOCAL,
    label: 'vLLM',
    baseUrl: 'http://127.0.0.1:8000',
    protocols: { ...OPENAI_V1, 'openai-responses': '/v1', 'anthropic-messages': '/v1' },
    countTokens: true,
    helpUrl: 'https://docs.vllm.ai/',
  },
  // Few compatible services have Responses, and all have chat: it is translated.
  'openai-compatible': {
    ...HOSTED,
    label: 'OpenAI-compatible',
    baseUrl: null,
    credential: 'optional',
    protocols: OPENAI_V1,
    models: OPENAI_MODELS,
    helpUrl: null,
    prices: null,
  },
  // Such services differ in which header they read. Claude Code sends both where it is given a key helper, so
  // they all meet both.
  'anthropic-compatible': {
    ...HOSTED,
    label: 'Anthropic-compatible',
    baseUrl: null,
    credential: 'optional',
    auth: ['x-api-key', 'bearer'],
    // One without a counter answers 404; the gateway estimates then.
    countTokens: true,
    protocols: { 'anthropic-messages': '/v1' },
    models: ANTHROPIC_MODELS,
    helpUrl: null,
    prices: null,
  },
};

/** True where the service takes this endpoint itself, with no translation. */
export function speaks(kind: ProviderKind, endpoint: Endpoint): boolean {
  const facts = PROVIDERS[kind];
  if (endpoint === 'count_tokens' && !facts.countTokens) return false;
  return facts.protocols[ENDPOINTS[endpoint].protocol] !== undefined;
}

/** Headers every request of a family must carry, for callers who sent none. */
export function familyHeaders(family: Family): Readonly<Record<string, string>> {
  return family === 'anthropic' ? { 'anthropic-version': ANTHROPIC_VERSION } : {};
}

/** The headers that carry `credential` for a kind of provider. Lower-case names. */
export function authHeaders(kind: ProviderKind, credential: string): Record<string, string> {
  const entries = PROVIDERS[kind].auth.map((scheme) =>
    scheme === 'bearer' ? ['authorization', `Bearer ${credential}`] : [scheme, credential],
  );
  return Object.fromEntries(entries);
}
