/** What an answer says, in no protocol's words: read of a whole answer, or of a stream that keeps to its grammar. */
import type { Exchange, Protocol } from '../exchange.ts';
import { saidInChat, saidInChatStream } from './chat.ts';
import { saidInMessage, saidInMessageStream } from './messages.ts';
import { saidInResponse, saidInResponseStream } from './responses.ts';

export interface Said {
  text: string;
  reasoning: string;
  refusal: string;
  calls: SaidCall[];
  /** The protocol's own word for how it ended. */
  finish: string;
  usage: SaidUsage | null;
}

export interface SaidCall {
  id: string;
  name: string;
  namespace?: string;
  kind: 'function' | 'custom';
  /** JSON text, or free text. */
  input: string;
}

/** `input` includes what was cached and written to the cache, `output` includes reasoning. */
export interface SaidUsage {
  input: number;
  output: number;
  cached: number;
  written: number;
  reasoning: number;
}

/** @throws an assertion where a stream breaks the protocol's grammar */
export function said(protocol: Protocol, { json, events }: Pick<Exchange, 'json' | 'events'>): Said {
  switch (protocol) {
    case 'openai-chat':
      return json === undefined ? saidInChatStream(events) : saidInChat(json);
    case 'openai-responses':
      return json === undefined ? saidInResponseStream(events) : saidInResponse(json);
    case 'anthropic-messages':
      return json === undefined ? saidInMessageStream(events) : saidInMessage(json);
  }
}
