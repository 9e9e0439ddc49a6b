/** The wire protocols the gateway speaks. */
export type Protocol =
  | 'openai-chat'
  | 'openai-responses'
  | 'openai-embeddings'
  | 'openai-completions'
  | 'anthropic-messages';

/** The inference routes, named as they stand on the audit row. */
export type Endpoint = 'chat' | 'responses' | 'embeddings' | 'completions' | 'messages' | 'count_tokens';

/** Which of the two error envelopes and header families a caller expects. */
export type Family = 'openai' | 'anthropic';

interface EndpointFacts {
  protocol: Protocol;
  family: Family;
  /** Path below the version segment, as both specifications name it. */
  path: string;
}

export const ENDPOINTS: Readonly<Record<Endpoint, EndpointFacts>> = {
  chat: { protocol: 'openai-chat', family: 'openai', path: '/chat/completions' },
  responses: { protocol: 'openai-responses', family: 'openai', path: '/responses' },
  embeddings: { protocol: 'openai-embeddings', family: 'openai', path: '/embeddings' },
  completions: { protocol: 'openai-completions', family: 'openai', path: '/completions' },
  messages: { protocol: 'anthropic-messages', family: 'anthropic', path: '/messages' },
  count_tokens: { protocol: 'anthropic-messages', family: 'anthropic', path: '/messages/count_tokens' },
};
