/** One request on its way through the hub: put into the provider's words, and the answer back into the caller's. */
import type { CanonicalAnswer, CanonicalEvent, ProviderError } from './canonical/answer.ts';
import type { AnswerContext, StreamDecoder, StreamEncoder } from './canonical/codec.ts';
import { Dropped } from './canonical/dropped.ts';
import { eventsOf } from './canonical/events-of.ts';
import type { ToolOrigin } from './canonical/fit-tools.ts';
import { OneAtATime } from './canonical/one-at-a-time.ts';
import { prepare } from './canonical/prepare.ts';
import { restoreTools, StreamToolRestorer } from './canonical/restore-tools.ts';
import type { Target } from './canonical/target.ts';
import { WholeCharacters } from './canonical/whole-characters.ts';
import { CODECS, HUB_ENDPOINTS, type HubProtocol } from './codecs.ts';
import type { Endpoint } from './endpoint.ts';
import type { JsonObject } from './json.ts';

/** For a provider that is spoken to over HTTP in one of the hub's protocols. */
export interface HttpTranslation {
  /** Of the provider. */
  endpoint: Endpoint;
  body: Buffer;
  /** What the target cannot take, for people; null for nothing. */
  dropped: string | null;
  /** @returns undefined where the body holds no answer */
  decodeAnswer(body: JsonObject): CanonicalAnswer | undefined;
  decodeStream(): StreamDecoder;
  decodeError(body: JsonObject): ProviderError | undefined;
  answer: AnswerTranslation;
}

/** The caller's side alone. */
export interface AnswerTranslation {
  /** @throws GatewayError where the caller's protocol cannot hold the answer */
  encodeAnswer(answer: CanonicalAnswer): JsonObject;
  /** The whole answer as one text of server-sent events. */
  encodeAsStream(answer: CanonicalAnswer): string;
  encodeStream(): EventTranslator;
}

/**
 * @param caller protocol in which the answer goes back
 * @throws GatewayError `invalid_request`, `invalid_messages` for what this target cannot be asked
 */
export function translate(
  caller: HubProtocol,
  protocol: HubProtocol,
  target: Target,
  context: AnswerContext,
): HttpTranslation {
  const dropped = new Dropped();
  const { request, origins } = prepare(context.request, protocol, target, dropped);
  const codec = CODECS[protocol];
  const body = Buffer.from(JSON.stringify(codec.encodeRequest(request, target, dropped)));
  const origin = { providerId: target.providerId };
  return {
    endpoint: HUB_ENDPOINTS[protocol],
    body,
    dropped: dropped.text,
    decodeAnswer: (answer) => codec.decodeAnswer(answer, origin),
    decodeStream: () => codec.decodeStream(origin),
    decodeError: (error) => codec.decodeError(error),
    answer: answerTranslation(caller, context, origins),
  };
}

export function answerTranslation(
  caller: HubProtocol,
  context: AnswerContext,
  origins: ReadonlyMap<string, ToolOrigin>,
): AnswerTranslation {
  const codec = CODECS[caller];
  const encodeStream = () => new EventTranslator(codec.encodeStream(context), origins);
  return {
    encodeAnswer: (answer) => codec.encodeAnswer(restoreTools(answer, origins), context),
    encodeAsStream: (answer) => {
      const stream = encodeStream();
      return eventsOf(answer)
        .map((event) => stream.push(event))
        .join('');
    },
    encodeStream,
  };
}

/** Puts a provider's events into the caller's words: one part at a time, the caller's own tools, its protocol. */
export class EventTranslator {
  readonly #row = new OneAtATime();
  readonly #characters = new WholeCharacters();
  readonly #tools: StreamToolRestorer;
  readonly #encoder: StreamEncoder;

  constructor(encoder: StreamEncoder, origins: ReadonlyMap<string, ToolOrigin>) {
    this.#encoder = encoder;
    this.#tools = new StreamToolRestorer(origins);
  }

  /** @returns server-sent events; '' for none */
  push(event: CanonicalEvent): string {
    let text = '';
    for (const inRow of this.#row.push(event)) {
      for (const restored of this.#tools.push(inRow)) {
        for (const whole of this.#characters.push(restored)) text += this.#encoder.push(whole);
      }
    }
    return text;
  }
}
