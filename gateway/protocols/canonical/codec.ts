/** What one protocol's codec does for the hub. Codecs are pure: they keep nothing between requests. */
import type { JsonObject } from '../json.ts';
import type { CanonicalAnswer, CanonicalEvent, ProviderError } from './answer.ts';
import type { Dropped } from './dropped.ts';
import type { CanonicalRequest } from './request.ts';
import type { Target } from './target.ts';

export interface Codec {
  /**
   * Reads a caller's body. Unknown fields are named in `unplaced`, none is fatal.
   * @throws GatewayError `invalid_request` or `invalid_messages` for what cannot be understood, and for what a
   *   stateless gateway cannot do, with what to set instead
   */
  decodeRequest(body: JsonObject): CanonicalRequest;

  /**
   * Makes a provider's body. `request` has been made ready: see `prepare.ts` for what holds then.
   * @param dropped is told what the target cannot take
   * @throws GatewayError `invalid_request` for what the target cannot take and the caller cannot do without
   */
  encodeRequest(request: CanonicalRequest, target: Target, dropped: Dropped): JsonObject;

  /**
   * Reads a provider's answer that came whole. Unknown parts are opaque, unknown fields ignored.
   * @returns undefined where it holds no answer
   */
  decodeAnswer(body: JsonObject, origin: Origin): CanonicalAnswer | undefined;

  /** Reads a provider's stream. */
  decodeStream(origin: Origin): StreamDecoder;

  /** Makes a caller's answer in one piece. */
  encodeAnswer(answer: CanonicalAnswer, context: AnswerContext): JsonObject;

  /** Makes a caller's stream. */
  encodeStream(context: AnswerContext): StreamEncoder;

  /** Reads an error body; undefined where it is not of the protocol. */
  decodeError(body: JsonObject): ProviderError | undefined;
}

/** Who made an answer, for its replays. */
export interface Origin {
  providerId: string;
}

export interface AnswerContext {
  /** UUID of the request; ids of the answer are made of it. */
  requestId: string;
  /** As the caller named it. */
  model: string;
  /** Wall-clock ms. */
  at: number;
  /** As the caller's own codec decoded it. */
  request: CanonicalRequest;
}

export interface StreamDecoder {
  /**
   * @param data of one server-sent event; JSON objects and the end mark `[DONE]` alone come here
   * @returns what follows from it; after `finish` or `error` nothing is asked any more
   */
  push(data: JsonObject | '[DONE]'): CanonicalEvent[];
  /** The provider has sent its last byte. @returns the end, where the protocol allows that; [] for a cut stream */
  end(): CanonicalEvent[];
}

export interface StreamEncoder {
  /**
   * Events come one part at a time: `start`, then parts in a row, then `finish` or `error`.
   * @returns server-sent events as text, each with its blank line; '' for none
   */
  push(event: CanonicalEvent): string;
}
