import type { ChatTraits, MessagesTraits, ResponsesTraits, Traits } from '../protocols/canonical/target.ts';
import type { HubProtocol } from '../protocols/codecs.ts';
import type { ModelFacts } from '../protocols/model-facts.ts';
import type { ProviderKind } from './provider-kinds.ts';

/** How the protocol's own maker takes it: https://platform.openai.com/docs/api-reference/chat */
const OPENAI_CHAT: ChatTraits = {
  maxTokens: 'max_completion_tokens',
  reasoning: 'reasoning_effort',
  reasoningBack: null,
  reasoningFrom: 'itself',
  customTools: true,
  format: 'json_schema',
  cacheMarks: false,
  files: true,
  strictTools: true,
  parallelToolCalls: true,
  streamOptions: true,
  takes: ['seed', 'user', 'prompt_cache_key', 'service_tier', 'verbosity'],
  toolCallId: null,
  lateSystem: true,
  strictOrder: false,
  requiredChoice: 'required',
};

/** What servers that follow OpenAI have in common; most of them refuse or ignore what is newer. */
const COMPATIBLE_CHAT: ChatTraits = {
  ...OPENAI_CHAT,
  maxTokens: 'max_tokens',
  // Agents send it back to any such server.
  reasoningBack: 'reasoning_content',
  customTools: false,
  files: false,
  strictTools: false,
  takes: ['seed'],
  lateSystem: false,
};

/** https://platform.claude.com/docs/en/api/messages */
const ANTHROPIC_MESSAGES: MessagesTraits = {
  outputConfig: true,
  thinking: true,
  cacheMarks: true,
  urls: true,
  strictTools: true,
  systemTurns: false,
};

const COMPATIBLE_MESSAGES: MessagesTraits = {
  ...ANTHROPIC_MESSAGES,
  outputConfig: false,
  cacheMarks: false,
  urls: false,
  strictTools: false,
};

/** https://platform.openai.com/docs/api-reference/responses */
const OPENAI_RESPONSES: ResponsesTraits = {
  encryptedReasoning: true,
  customTools: true,
  takes: ['prompt_cache_key', 'service_tier', 'safety_identifier', 'verbosity'],
};

const COMPATIBLE_RESPONSES: ResponsesTraits = { encryptedReasoning: false, customTools: false, takes: [] };

const OPENAI: Traits = {
  chat: OPENAI_CHAT,
  messages: ANTHROPIC_MESSAGES,
  responses: OPENAI_RESPONSES,
};

const COMPATIBLE: Traits = {
  chat: COMPATIBLE_CHAT,
  messages: COMPATIBLE_MESSAGES,
  responses: COMPATIBLE_RESPONSES,
};

function compatible(chat: Partial<ChatTraits>, responses: Partial<ResponsesTraits> = {}): Traits {
  return {
    ...COMPATIBLE,
    chat: { ...COMPATIBLE_CHAT, ...chat },
    responses: { ...COMPATIBLE_RESPONSES, ...responses },
  };
}

const TRAITS: Readonly<Partial<Record<ProviderKind, Traits>>> = {
  openai: OPENAI,
  'azure-openai': OPENAI,
  anthropic: OPENAI,
  // Another gateway translates by itself whatever its models' providers do not take.
  notokenlimit: OPENAI,
  // https://openrouter.ai/docs: use-cases/reasoning-tokens, features/prompt-caching, features/multimodal/pdfs
  openrouter: compatible({
    reasoning: 'reasoning',
    reasoningBack: 'reasoning',
    reasoningFrom: 'anyone',
    cacheMarks: true,
    files: true,
    strictTools: true,
    takes: ['seed', 'user', 'top_k', 'verbosity'],
  }),
  // https://api-docs.deepseek.com/guides/thinking_mode: tool calls are refused without the reasoning before them.
  deepseek: compatible({
    reasoning: 'thinking',
    reasoningBack: 'reasoning_content',
    reasoningFrom: 'anyone',
    format: 'json_object',
    takes: [],
  }),
  // https://console.groq.com/docs/api-reference
  groq: compatible({
    reasoningBack: null,
    maxTokens: 'max_completion_tokens',
    takes: ['seed', 'user', 'service_tier'],
  }),
  // https://docs.mistral.ai/api: unknown fields are refused, usage comes unasked, `seed` is named otherwise.
  mistral: compatible({
    reasoningBack: null,
    streamOptions: false,
    strictTools: true,
    takes: [],
    toolCallId: 'nine_letters',
    strictOrder: true,
    requiredChoice: 'any',
  }),
  // https://docs.x.ai/developers/model-capabilities/text/comparison
  xai: compatible(
    { maxTokens: 'max_completion_tokens', reasoningBack: null, takes: ['seed', 'user'] },
    { encryptedReasoning: true, takes: ['prompt_cache_key'] },
  ),
  // https://docs.fireworks.ai/guides/reasoning
  fireworks: compatible({ reasoningBack: 'reasoning_content', takes: ['seed', 'user', 'top_k'] }),
  // https://docs.together.ai/reference/chat-completions-1
  together: compatible({ takes: ['seed', 'top_k'] }),
};

/** Services that may be any model and any server: reasoning and PDF go only where they are known to be taken. */
const ANYTHING: ReadonlySet<ProviderKind> = new Set([
  'openai-compatible',
  'ollama',
  'lmstudio',
  'llamacpp',
  'vllm',
  'novita',
  'together',
  'mistral',
]);

/** How a kind of provider departs from the protocols it speaks. */
export function traitsOf(kind: ProviderKind, facts: ModelFacts): Traits {
  const traits = TRAITS[kind] ?? COMPATIBLE;
  if (!ANYTHING.has(kind)) return traits;
  const { reasoning, files } = traits.chat;
  const chat: ChatTraits = {
    ...traits.chat,
    reasoning: facts.efforts === null ? 'none' : reasoning,
    files: files || (kind !== 'mistral' && facts.inputModalities?.includes('pdf') === true),
  };
  return { ...traits, chat };
}

/**
 * The protocols a request is translated to, the best first: where a service speaks several, the one that
 * carries most (its own, or the one with reasoning that can be given back). A service that speaks the caller's own is not asked in
 * another.
 */
export function translatedTo(kind: ProviderKind): readonly (HubProtocol | 'native')[] {
  return TRANSLATED_TO[kind] ?? ['native', 'openai-chat', 'anthropic-messages', 'openai-responses'];
}

const RESPONSES_FIRST: readonly (HubProtocol | 'native')[] = [
  'openai-responses',
  'openai-chat',
  'anthropic-messages',
];

const TRANSLATED_TO: Readonly<Partial<Record<ProviderKind, readonly (HubProtocol | 'native')[]>>> = {
  openai: RESPONSES_FIRST,
  'azure-openai': RESPONSES_FIRST,
  xai: RESPONSES_FIRST,
};
