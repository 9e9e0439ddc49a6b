import type { Family, Protocol } from '../protocols/endpoint.ts';
import type { NativeKind } from './native/kinds.ts';

export const PROVIDER_KINDS = [
  'openai',
  'anthropic',
  'google',
  'openrouter',
  'azure-openai',
  'bedrock',
  'vertex',
  'deepseek',
  'groq',
  'mistral',
  'xai',
  'together',
  'fireworks',
  'novita',
  'notokenlimit',
  'ollama',
  'lmstudio',
  'llamacpp',
  'vllm',
  'openai-compatible',
  'anthropic-compatible',
] as const;

export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** Which request header carries the credential; `bearer` is `Authorization: Bearer`. */
export type AuthScheme = 'bearer' | 'x-api-key' | 'api-key' | 'x-goog-api-key';

/** What the gateway knows of one kind of provider. */
export interface ProviderFacts {
  /** Name for people. */
  label: string;
  /** Where the service answers, or null where only the owner knows. */
  baseUrl: string | null;
  /** What such an address looks like, where it is the owner's own. */
  exampleUrl?: string;
  /** Runs on the owner's own machine or network as a rule. */
  local: boolean;
  credential: 'required' | 'optional';
  /** Each scheme named here carries the credential. */
  auth: readonly AuthScheme[];
  /**
   * The protocols the service speaks itself, each with the path between the root and the endpoint:
   * `/v1` makes `<root>/v1/chat/completions`. Whatever is missing here must be translated.
   */
  protocols: Readonly<Partial<Record<Protocol, string>>>;
  /** A protocol of the service's own that the gateway speaks through the AI SDK; for callers of other protocols. */
  native?: NativeKind;
  /** Loops of tools are asked natively of the service's own address, also for callers of a protocol it speaks. */
  nativeTools?: boolean;
  /** Answers POST `/messages/count_tokens`. */
  countTokens: boolean;
  /** Null for a service that is asked natively. */
  models: {
    /** Path of the model listing below the root. */
    path: string;
    /** `anthropic` pages with `after_id`; `openai` lists all at once. */
    family: Family;
    /** Path below the root that tells whether the credential is right, where anybody may see the listing. */
    keyPath?: string;
  } | null;
  /** Page where an owner gets a credential or reads how to start the service. */
  helpUrl: string | null;
  /** Provider id in @pydantic/genai-prices, or null where it knows none. */
  prices: string | null;
}

export function isProviderKind(text: string): text is ProviderKind {
  return (PROVIDER_KINDS as readonly string[]).includes(text);
}
