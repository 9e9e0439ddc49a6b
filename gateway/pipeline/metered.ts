import type { TokenUsage } from '../protocols/usage.ts';

/** What is known of an answer while it is delivered; the settlement reads it, however the request ends. */
export interface Metered {
  /** As the provider told it; null until it did. */
  usage: TokenUsage | null;
  /** UTF-8 bytes of text that came, for an estimate. */
  outputBytes: number;
  /** Status of the answer, 0 before there is one. */
  status: number;
  /** Steady time of the answer's first byte. */
  firstByteAt: number | null;
  /** The request was on its way to a provider. */
  sent: boolean;
}

export function unmetered(): Metered {
  return { usage: null, outputBytes: 0, status: 0, firstByteAt: null, sent: false };
}
