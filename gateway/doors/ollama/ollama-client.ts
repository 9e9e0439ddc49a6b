import type { Clock } from '../../clock.ts';
import type { ClientConnection } from '../../pipeline/call.ts';
import type { CanonicalAnswer } from '../../protocols/canonical/answer.ts';
import type { StreamDecoder } from '../../protocols/canonical/codec.ts';
import { eventsOf } from '../../protocols/canonical/events-of.ts';
import { CODECS } from '../../protocols/codecs.ts';
import { asText, isObject, type JsonObject, parseObject } from '../../protocols/json.ts';
import type { OllamaAsked, OllamaRoute } from '../../protocols/ollama/asked.ts';
import { CompletionsDecoder, decodeCompletion } from '../../protocols/ollama/completions.ts';
import { encodeEmbed, encodeEmbeddings } from '../../protocols/ollama/embeddings.ts';
import { encodeAnswer } from '../../protocols/ollama/encode-answer.ts';
import { type OllamaContext, OllamaStreamEncoder } from '../../protocols/ollama/encode-stream.ts';
import { EventReader, SseSplitter } from '../../protocols/sse.ts';

/** The provider answers in chat's words, or the gateway itself does. */
const ORIGIN = { providerId: '' };
const BROKEN_OFF = 'The answer broke off before it was complete.';
const NO_ANSWER = 'The provider answered without an answer.';
const JSON_TYPE = 'application/json; charset=utf-8';

/** The pipeline's client in a tool's place: what it is told in OpenAI's words goes on in Ollama's. */
export class OllamaClient implements ClientConnection {
  readonly #client: ClientConnection;
  readonly #route: OllamaRoute;
  readonly #clock: Clock;
  readonly #begun: number;
  #asked: OllamaAsked | undefined;
  #model = '';
  #passesOn = false;
  /** What `start` was told: nothing goes out before the first line, so that an error can still have a status. */
  #head: { status: number; headers: Record<string, string> } = { status: 200, headers: {} };
  #lines: Lines | undefined;

  constructor(client: ClientConnection, route: OllamaRoute, clock: Clock) {
    this.#client = client;
    this.#route = route;
    this.#clock = clock;
    this.#begun = clock.steady();
  }

  /** The request was read. @param model as the caller named it */
  expect(asked: OllamaAsked, model: string): void {
    this.#asked = asked;
    this.#model = model;
  }

  /** The request is OpenAI's after all, and so is the answer. */
  passOn(): void {
    this.#passesOn = true;
  }

  get passesOn(): boolean {
    return this.#passesOn;
  }

  get gone(): boolean {
    return this.#client.gone;
  }

  whenGone(listener: () => void): void {
    this.#client.whenGone(listener);
  }

  get started(): boolean {
    return this.#client.started;
  }

  start(status: number, headers: Record<string, string>): void {
    this.#head = { status, headers };
    if (status < 300 && headers['content-type']?.startsWith('text/event-stream'))
      this.#lines ??= this.#newLines();
  }

  write(chunk: Buffer): Promise<void> | undefined {
    const text = this.#lines?.push(chunk) ?? '';
    return text === '' ? undefined : this.#send(text);
  }

  end(chunk?: Buffer): void {
    if (this.#lines === undefined) {
      this.#endWhole(chunk ?? Buffer.alloc(0));
      return;
    }
    const text = (chunk === undefined ? '' : this.#lines.push(chunk)) + this.#lines.end();
    this.#open();
    this.#client.end(Buffer.from(text));
  }

  #send(text: string): Promise<void> | undefined {
    this.#open();
    return this.#client.write(Buffer.from(text));
  }

  #open(): void {
    if (this.#client.started) return;
    const { status, headers } = this.#head;
    this.#client.start(status, { ...headers, 'content-type': 'application/x-ndjson' });
  }

  #endWhole(body: Buffer): void {
    const { status, headers } = this.#head;
    if (this.#passesOn) {
      this.#client.start(status, headers);
      this.#client.end(body);
      return;
    }
    const json = parseObject(body.toString('utf8'));
    const told = status >= 300 || json === undefined ? { error: wordsIn(json) } : this.#inOllamasWords(json);
    if (typeof told === 'string') this.#sendJson(502, { error: told });
    else if (Buffer.isBuffer(told)) {
      this.#open();
      this.#client.end(told);
    } else this.#sendJson(status, told);
  }

  /** @returns lines where a stream was asked for; a text for what cannot be told */
  #inOllamasWords(json: JsonObject): JsonObject | Buffer | string {
    const asked = this.#asked;
    // An answer of the gateway's own is in Ollama's words already.
    if (asked === undefined || asked.idle !== null) return json;
    if (asked.endpoint === 'embeddings') {
      if (!Array.isArray(json.data)) return NO_ANSWER;
      const tookMs = this.#clock.steady() - this.#begun;
      return this.#route === 'embed'
        ? encodeEmbed(json, { model: this.#model, tookMs })
        : encodeEmbeddings(json);
    }
    const answer = decodeWhole(asked, json);
    if (answer === undefined) return NO_ANSWER;
    if (!asked.stream) {
      const told = encodeAnswer(answer, this.#context());
      return typeof told === 'string' ? told : { ...told, ...chargeIn(json) };
    }
    const lines = new OllamaStreamEncoder(this.#context());
    return Buffer.from(
      eventsOf(answer)
        .map((event) => lines.push(event))
        .join(''),
    );
  }

  #sendJson(status: number, json: JsonObject): void {
    const body = Buffer.from(JSON.stringify(json));
    const length = { 'content-length': String(body.length) };
    this.#client.start(status, { ...this.#head.headers, 'content-type': JSON_TYPE, ...length });
    this.#client.end(body);
  }

  #newLines(): Lines {
    const isChat = this.#asked?.endpoint !== 'completions';
    return new Lines(
      isChat ? CODECS['openai-chat'].decodeStream(ORIGIN) : new CompletionsDecoder(),
      this.#context(),
    );
  }

  #context(): OllamaContext {
    const clock = this.#clock;
    return {
      ...{ form: this.#route === 'generate' ? ('generate' as const) : ('chat' as const), model: this.#model },
      ...{ wall: () => clock.wall(), steady: () => clock.steady(), begun: this.#begun },
    };
  }
}

/** Reads events of OpenAI's streams, and writes Ollama's lines. */
class Lines {
  readonly #decoder: StreamDecoder;
  readonly #encoder: OllamaStreamEncoder;
  readonly #splitter = new SseSplitter();
  readonly #reader = new EventReader();
  /** What a balance paid, told with the usage. */
  #charge: JsonObject = {};

  constructor(decoder: StreamDecoder, context: OllamaContext) {
    this.#decoder = decoder;
    this.#encoder = new OllamaStreamEncoder(context);
  }

  push(chunk: Buffer): string {
    const { bytes, ends } = this.#splitter.push(chunk);
    let text = '';
    let start = 0;
    for (const end of ends) {
      text += this.#event(this.#reader.data(bytes.subarray(start, end)));
      start = end;
    }
    return text;
  }

  /** A stream that has not come to its end broke off. */
  end(): string {
    const rest = this.#decoder.end().map((event) => this.#encoder.push(event, this.#charge));
    return rest.join('') + this.#encoder.fail(BROKEN_OFF);
  }

  /** A comment has no data. */
  #event(data: string): string {
    if (data === '') return '';
    const parsed = data.trim() === '[DONE]' ? '[DONE]' : parseObject(data);
    if (parsed === undefined) return '';
    if (parsed !== '[DONE]') this.#charge = { ...this.#charge, ...chargeIn(parsed) };
    return this.#decoder
      .push(parsed)
      .map((event) => this.#encoder.push(event, this.#charge))
      .join('');
  }
}

function decodeWhole({ endpoint }: OllamaAsked, json: JsonObject): CanonicalAnswer | undefined {
  return endpoint === 'completions'
    ? decodeCompletion(json)
    : CODECS['openai-chat'].decodeAnswer(json, ORIGIN);
}

/** What `tell-charge.ts` puts into the usage of an answer that a balance pays for. */
function chargeIn({ usage }: JsonObject): JsonObject {
  if (!isObject(usage) || usage.route_multiplier === undefined) return {};
  const { route_multiplier, charged_quota_tokens } = usage;
  return { route_multiplier, charged_quota_tokens };
}

/** The message of OpenAI's envelope. */
function wordsIn(json: JsonObject | undefined): string {
  const told = isObject(json?.error) ? asText(json.error.message) : asText(json?.error);
  return told ?? asText(json?.message) ?? 'The provider refused the request without saying why.';
}
