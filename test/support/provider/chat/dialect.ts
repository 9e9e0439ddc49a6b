/**
 * How servers that speak Chat Completions differ from OpenAI in what they take. All of it is data: spread one of
 * DIALECTS to make another.
 */

export interface Dialect {
  /** How refusals read. */
  words: 'openai' | 'serde' | 'pydantic' | 'groq';
  /** What becomes of fields that nobody knows. */
  unknownFields: 'refused' | 'ignored';
  /** Fields beside OpenAI's, at the top. */
  takes: readonly string[];
  /** Fields of OpenAI's that count as unknown, at the top; so they are refused or ignored as all unknown ones are. */
  refuses: readonly string[];
  /** Fields that must be there, at the top. */
  needs: readonly string[];
  /** Fields of assistant messages beside OpenAI's. */
  assistantTakes: readonly string[];
  roles: readonly string[];
  /** Content parts of user messages. */
  userParts: readonly string[];
  toolTypes: readonly string[];
  responseFormats: readonly string[];
  /** What ids of tool calls must match. */
  callId: RegExp | undefined;
  longestCallId: number;
  /** Assistant messages with tool calls must give back their `reasoning_content`, unless thinking is turned off. */
  reasoningBack: boolean;
  /** Roles that may stand behind a tool message. */
  afterTool: readonly string[] | undefined;
  /** Roles that the last message may have. */
  lastRoles: readonly string[] | undefined;
  /** OpenAI's rules of single models hold. */
  modelRules: boolean;
}

const ROLES = ['system', 'assistant', 'user', 'function', 'tool', 'developer'];

const OPENAI: Dialect = {
  words: 'openai',
  unknownFields: 'refused',
  takes: [],
  refuses: [],
  needs: [],
  assistantTakes: [],
  roles: ROLES,
  userParts: ['text', 'image_url', 'input_audio', 'file'],
  toolTypes: ['function', 'custom'],
  responseFormats: ['json_object', 'json_schema', 'text'],
  callId: undefined,
  // camel-ai/camel#2215, anomalyco/opencode#12653.
  longestCallId: 40,
  reasoningBack: false,
  afterTool: undefined,
  lastRoles: undefined,
  modelRules: true,
};

/** Takes whatever is shaped like Chat Completions, as llama.cpp, Ollama and vLLM do. */
const LENIENT: Dialect = {
  ...OPENAI,
  unknownFields: 'ignored',
  longestCallId: Number.POSITIVE_INFINITY,
  modelRules: false,
};

export const DIALECTS = {
  openai: OPENAI,
  lenient: LENIENT,
  /**
   * https://api-docs.deepseek.com/api/create-chat-completion and /guides/thinking_mode; qwersyk/Newelle#404,
   * earendil-works/pi#3636. Thinking is on unless `thinking` turns it off.
   */
  deepseek: {
    ...LENIENT,
    words: 'serde',
    takes: ['thinking'],
    refuses: ['max_completion_tokens'],
    assistantTakes: ['reasoning_content', 'prefix'],
    roles: ['system', 'user', 'assistant', 'tool'],
    userParts: ['text'],
    toolTypes: ['function'],
    responseFormats: ['text', 'json_object'],
    reasoningBack: true,
  },
  /** https://docs.mistral.ai/api/#tag/chat; sst/opencode#1680. Orders messages strictly and knows no field of others. */
  mistral: {
    ...OPENAI,
    words: 'pydantic',
    takes: ['random_seed', 'safe_prompt', 'prompt_mode'],
    refuses: [
      'max_completion_tokens',
      'stream_options',
      'user',
      'seed',
      'store',
      'logprobs',
      'service_tier',
      'verbosity',
    ],
    assistantTakes: ['prefix'],
    roles: ['system', 'user', 'assistant', 'tool'],
    userParts: ['text', 'image_url', 'document_url', 'input_audio', 'file'],
    toolTypes: ['function'],
    callId: /^[a-zA-Z0-9]{9}$/,
    afterTool: ['tool', 'assistant'],
    lastRoles: ['user', 'tool'],
    modelRules: false,
  },
  /** https://console.groq.com/docs/openai; NousResearch/hermes-agent#11089. */
  groq: {
    ...OPENAI,
    words: 'groq',
    takes: ['reasoning_format', 'include_reasoning'],
    refuses: ['logprobs', 'logit_bias', 'top_logprobs'],
    toolTypes: ['function'],
    longestCallId: Number.POSITIVE_INFINITY,
    modelRules: false,
  },
} as const satisfies Record<string, Dialect>;
