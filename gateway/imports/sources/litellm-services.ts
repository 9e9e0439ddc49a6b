import type { ProviderKind } from '../../providers/provider-kinds.ts';

export interface LitellmService {
  kind: ProviderKind;
  /** Where it answers, for a kind without an address of its own. */
  baseUrl?: string;
  /** Variables that LiteLLM looks into where the file says nothing. */
  keys?: readonly string[];
  urls?: readonly string[];
  /** Why it is not taken over. */
  why?: string;
}

const VERTEX =
  'Vertex AI is asked with a login of Google Cloud. Add it with the key file of a service account.';

/** By the word before a model's slash: https://docs.litellm.ai/docs/providers and `LlmProviders` of BerriAI/litellm. */
export const LITELLM_SERVICES: Readonly<Record<string, LitellmService>> = {
  openai: { kind: 'openai', keys: ['OPENAI_API_KEY'], urls: ['OPENAI_BASE_URL', 'OPENAI_API_BASE'] },
  'text-completion-openai': { kind: 'openai', keys: ['OPENAI_API_KEY'], urls: ['OPENAI_BASE_URL'] },
  openai_like: { kind: 'openai-compatible', keys: ['OPENAI_LIKE_API_KEY'], urls: ['OPENAI_LIKE_API_BASE'] },
  custom_openai: { kind: 'openai-compatible' },
  litellm_proxy: {
    ...{ kind: 'openai-compatible', keys: ['LITELLM_PROXY_API_KEY'] },
    urls: ['LITELLM_PROXY_API_BASE'],
  },
  azure: { kind: 'azure-openai', keys: ['AZURE_API_KEY', 'AZURE_OPENAI_API_KEY'], urls: ['AZURE_API_BASE'] },
  azure_ai: { kind: 'openai-compatible', keys: ['AZURE_AI_API_KEY'], urls: ['AZURE_AI_API_BASE'] },
  anthropic: {
    kind: 'anthropic',
    keys: ['ANTHROPIC_API_KEY'],
    urls: ['ANTHROPIC_BASE_URL', 'ANTHROPIC_API_BASE'],
  },
  gemini: { kind: 'google', keys: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'] },
  openrouter: { kind: 'openrouter', keys: ['OPENROUTER_API_KEY'] },
  bedrock: { kind: 'bedrock' },
  vertex_ai: { kind: 'vertex', why: VERTEX },
  vertex_ai_beta: { kind: 'vertex', why: VERTEX },
  deepseek: { kind: 'deepseek', keys: ['DEEPSEEK_API_KEY'] },
  groq: { kind: 'groq', keys: ['GROQ_API_KEY'] },
  mistral: { kind: 'mistral', keys: ['MISTRAL_API_KEY'] },
  xai: { kind: 'xai', keys: ['XAI_API_KEY'] },
  together_ai: { kind: 'together', keys: ['TOGETHERAI_API_KEY', 'TOGETHER_AI_API_KEY', 'TOGETHER_API_KEY'] },
  fireworks_ai: { kind: 'fireworks', keys: ['FIREWORKS_API_KEY', 'FIREWORKS_AI_API_KEY'] },
  novita: { kind: 'novita', keys: ['NOVITA_API_KEY'] },
  ollama: { kind: 'ollama', urls: ['OLLAMA_API_BASE'] },
  ollama_chat: { kind: 'ollama', urls: ['OLLAMA_API_BASE'] },
  lm_studio: { kind: 'lmstudio', keys: ['LM_STUDIO_API_KEY'], urls: ['LM_STUDIO_API_BASE'] },
  vllm: { kind: 'vllm', urls: ['VLLM_API_BASE'] },
  hosted_vllm: { kind: 'vllm', keys: ['HOSTED_VLLM_API_KEY'], urls: ['HOSTED_VLLM_API_BASE'] },
  llamafile: { kind: 'llamacpp', urls: ['LLAMAFILE_API_BASE'] },
  cerebras: {
    ...{ kind: 'openai-compatible', baseUrl: 'https://api.cerebras.ai/v1' },
    keys: ['CEREBRAS_API_KEY'],
  },
  nvidia_nim: {
    ...{ kind: 'openai-compatible', baseUrl: 'https://integrate.api.nvidia.com/v1' },
    keys: ['NVIDIA_NIM_API_KEY'],
  },
  deepinfra: {
    ...{ kind: 'openai-compatible', baseUrl: 'https://api.deepinfra.com/v1/openai' },
    keys: ['DEEPINFRA_API_KEY'],
  },
  sambanova: {
    ...{ kind: 'openai-compatible', baseUrl: 'https://api.sambanova.ai/v1' },
    keys: ['SAMBANOVA_API_KEY'],
  },
};
