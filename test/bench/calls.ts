/** What is asked in a round, in the terms of the benchmark; each contender puts it in its own. */

/** Chat Completions of OpenAI, Messages of Anthropic. */
export type Protocol = 'chat' | 'messages';

/**
 * How the provider answers: `json` in one piece, `fast` as a stream sent all at once, `paced` as a stream of one
 * event at a time, as models write.
 */
export type Script = 'json' | 'fast' | 'paced';

export interface Call {
  script: Script;
  /** What the client speaks. */
  protocol: Protocol;
  /** What the provider speaks; where it is another, the contender has to translate. */
  provider: Protocol;
}

/** Where a call is sent, by whoever sends it, and how the provider is reached behind it. */
export interface Address {
  path: string;
  headers: Readonly<Record<string, string>>;
  model: string;
  /** What is really spoken on it: claude-code-router has no Chat Completions in front. */
  protocol: Protocol;
}

/** The provider's paths: its first part is the script, so that it need not read bodies. */
export function providerPath(script: Script, protocol: Protocol): string {
  return `/${script}/v1/${protocol === 'chat' ? 'chat/completions' : 'messages'}`;
}
