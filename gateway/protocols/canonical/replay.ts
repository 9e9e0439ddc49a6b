/**
 * Reasoning that must be given back to the provider that made it: Anthropic's signatures, OpenAI's encrypted
 * content. A client of another protocol keeps it in the field its own protocol has for such things, wrapped so
 * that it can be told from a real one: real ones are verified by their makers, and a foreign one is refused.
 */
import type { Protocol } from '../endpoint.ts';
import { asText } from '../json.ts';

/** `native` stands for the AI SDK's providers, which have protocols of their own. */
export type ReplayProtocol = Protocol | 'native';

export interface Replay {
  protocol: ReplayProtocol;
  /** Who made it; null where it came from a client unwrapped, and so from an unknown provider of its protocol. */
  providerId: string | null;
  /** The provider's id of the item, where it has one. */
  id: string | null;
  /** Signature or encrypted content; '' where the provider gave none and takes the text itself back. */
  data: string;
  /** The text is hidden, and `data` holds all of it (Anthropic's `redacted_thinking`). */
  redacted: boolean;
}

/** No real signature begins so: Anthropic's and OpenAI's are base64, which has no underscore or dot. */
export const REPLAY_MARK = 'ntl_replay.';

export function wrapReplay(replay: Replay): string {
  const { protocol, providerId, id, data, redacted } = replay;
  const json = JSON.stringify([protocol, providerId, id, data, redacted]);
  return REPLAY_MARK + Buffer.from(json).toString('base64url');
}

/** @returns undefined for a text that no gateway wrapped; null for a wrapped one that is damaged */
export function unwrapReplay(text: string): Replay | null | undefined {
  if (!text.startsWith(REPLAY_MARK)) return undefined;
  try {
    const fields: unknown = JSON.parse(
      Buffer.from(text.slice(REPLAY_MARK.length), 'base64url').toString('utf8'),
    );
    if (!Array.isArray(fields) || typeof fields[0] !== 'string' || typeof fields[3] !== 'string') return null;
    return {
      protocol: fields[0] as ReplayProtocol,
      providerId: asText(fields[1]),
      id: asText(fields[2]),
      data: fields[3],
      redacted: fields[4] === true,
    };
  } catch {
    return null;
  }
}

/** Whether bytes hold a wrapped replay anywhere. */
export function holdsReplay(bytes: Buffer): boolean {
  return bytes.includes(REPLAY_MARK);
}

/** Whether a value is, or holds directly, a text that a gateway wrapped. */
export function isWrapped(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith(REPLAY_MARK);
}
