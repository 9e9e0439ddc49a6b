import type { Provider, ProviderState } from '../../gateway/doors/admin/contract.ts';
import type { Tone } from './status.tsx';

export interface ProviderLook {
  tone: Tone;
  word: string;
}

/** How a provider stands, as a dot and a word. */
export const PROVIDER_LOOKS: Readonly<Record<ProviderState['kind'], ProviderLook>> = {
  answers: { tone: 'ok', word: 'Answers' },
  untested: { tone: 'off', word: 'Not tested yet' },
  off: { tone: 'off', word: 'Off' },
  no_credential: { tone: 'bad', word: 'No key' },
  credential_refused: { tone: 'bad', word: 'Credential refused' },
  cooling_down: { tone: 'warn', word: 'Cooling down' },
  failing: { tone: 'bad', word: 'Failing' },
};

/** Two letters for the tile of a kind of provider. */
export const KIND_LETTERS: Readonly<Record<Provider['kind'], string>> = {
  openai: 'OA',
  anthropic: 'An',
  google: 'Go',
  openrouter: 'OR',
  'azure-openai': 'Az',
  bedrock: 'Be',
  vertex: 'Ve',
  deepseek: 'DS',
  groq: 'Gq',
  mistral: 'Mi',
  xai: 'xA',
  together: 'To',
  fireworks: 'Fw',
  novita: 'No',
  notokenlimit: 'NT',
  ollama: 'OL',
  lmstudio: 'LM',
  llamacpp: 'lc',
  vllm: 'vL',
  'openai-compatible': '{}',
  'anthropic-compatible': '{}',
};
