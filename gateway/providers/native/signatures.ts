/**
 * Signatures of Gemini's thoughts, which belong to calls of tools. Gemini 3 refuses a conversation without them
 * (https://ai.google.dev/gemini-api/docs/thought-signatures), and clients of other protocols have no field for
 * them on a call: they are kept here until the call comes back with its result.
 */
import type { Target } from '../../protocols/canonical/target.ts';

/** Who made an answer. */
export type Maker = Pick<Target, 'providerId' | 'upstreamModel'>;

const MOST = 10_000;
/** A signature may be many kilobytes long. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

/**
 * The signatures last made or used; those beyond that are forgotten, as all are when the gateway ends. A call
 * whose signature is gone goes out with Google's documented stand-in, which costs some quality.
 */
export class Signatures {
  readonly #most: number;
  readonly #mostCharacters: number;
  /** The least recently used first. */
  readonly #kept = new Map<string, string>();
  #characters = 0;

  constructor(most = MOST, mostCharacters = MOST_CHARACTERS) {
    this.#most = most;
    this.#mostCharacters = mostCharacters;
  }

  keep(maker: Maker, callId: string, signature: string): void {
    const key = keyOf(maker, callId);
    this.#forget(key);
    this.#kept.set(key, signature);
    this.#characters += signature.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#most && this.#characters <= this.#mostCharacters) return;
      this.#forget(oldest);
    }
  }

  /** Only the model that made a signature takes it back. */
  of(maker: Maker, callId: string): string | undefined {
    const key = keyOf(maker, callId);
    const signature = this.#kept.get(key);
    if (signature === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, signature);
    return signature;
  }

  #forget(key: string): void {
    this.#characters -= this.#kept.get(key)?.length ?? 0;
    this.#kept.delete(key);
  }
}

function keyOf({ providerId, upstreamModel }: Maker, callId: string): string {
  return JSON.stringify([providerId, upstreamModel, callId]);
}

/** Those of this process: requests are put into words before it is known which connection carries them. */
export const SIGNATURES = new Signatures();
