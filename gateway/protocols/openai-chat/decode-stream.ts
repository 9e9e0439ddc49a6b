import { type CanonicalEvent, finishedBy, type ProviderError } from '../canonical/answer.ts';
import type { Origin, StreamDecoder } from '../canonical/codec.ts';
import { asText, isObject, type JsonObject, objectsIn } from '../json.ts';
import { readUsage, type TokenUsage } from '../usage.ts';
import { decodeError } from './decode-error.ts';
import { isAbsent } from './fields.ts';
import { isFailure, reasonOf } from './finish-reason.ts';
import { mistralThinking } from './mistral-thinking.ts';
import { signatureOf } from './signed-calls.ts';
import { StreamCalls } from './stream-calls.ts';
import { StreamParts, unknownPart } from './stream-parts.ts';

/** Reads the chunks of a chat stream, of OpenAI's form and of servers that come near to it. */
export class ChatStreamDecoder implements StreamDecoder {
  readonly #providerId: string;
  readonly #parts: StreamParts;
  readonly #calls: StreamCalls;
  #started = false;
  /** `finish` or `error` is out. */
  #ended = false;
  /** As the provider says it; what comes after it is usage alone. */
  #word: string | null = null;
  #usage: TokenUsage | null = null;

  constructor({ providerId }: Origin) {
    this.#providerId = providerId;
    this.#parts = new StreamParts(providerId);
    this.#calls = new StreamCalls(() => this.#parts.nextIndex());
  }

  push(data: JsonObject | '[DONE]'): CanonicalEvent[] {
    if (this.#ended) return [];
    if (data === '[DONE]') return this.#done();
    const choice = choiceIn(data);
    const error = errorIn(data, choice);
    if (error !== undefined) return this.#fail(error);
    const told = this.#readUsage(data, choice);
    if (choice === undefined && told.length === 0) return [];
    const isOpen = choice !== undefined && this.#word === null;
    return [...this.#start(), ...(isOpen ? this.#readChoice(choice) : []), ...told];
  }

  /** Some servers send no `[DONE]`: a reason to finish is as good an end. Without one the stream was cut. */
  end(): CanonicalEvent[] {
    return this.#ended || this.#word === null ? [] : this.#finish();
  }

  /** Some servers send no `finish_reason` either; the mark says that all has come, if anything has. */
  #done(): CanonicalEvent[] {
    return this.#word === null && this.#parts.isEmpty ? [] : this.#finish();
  }

  #start(): CanonicalEvent[] {
    if (this.#started) return [];
    this.#started = true;
    return [{ type: 'start' }];
  }

  /** In the last chunk, with `choices` or without; Groq and Moonshot have places of their own for it. */
  #readUsage(data: JsonObject, choice: JsonObject | undefined): CanonicalEvent[] {
    const groq = isObject(data.x_groq) ? data.x_groq.usage : undefined;
    const told = [data.usage, groq, choice?.usage].find(isObject);
    if (told === undefined) return [];
    this.#usage = readUsage('openai-chat', told, this.#usage);
    return this.#usage === null ? [] : [{ type: 'usage', usage: this.#usage }];
  }

  #readChoice(choice: JsonObject): CanonicalEvent[] {
    const events = this.#readDelta(saidIn(choice, this.#parts.isEmpty));
    const word = asText(choice.finish_reason);
    if (word === null || word === '') return events;
    this.#word = word;
    return [...events, ...this.#parts.close(), ...this.#calls.close()];
  }

  #readDelta(delta: JsonObject): CanonicalEvent[] {
    const parts = this.#parts;
    const plain = asText(delta.reasoning_content) || asText(delta.reasoning) || '';
    return [
      ...parts.think(plain, objectsIn(delta.reasoning_details)),
      ...this.#readContent(delta.content),
      ...parts.say('refusal', asText(delta.refusal) ?? ''),
      ...parts.cite(delta.annotations),
      ...fragmentsIn(delta).flatMap((fragment) => this.#readCall(fragment)),
    ];
  }

  /** A string, or parts of it (Mistral's models that think). */
  #readContent(content: unknown): CanonicalEvent[] {
    if (typeof content === 'string') return this.#parts.say('text', content);
    return objectsIn(content).flatMap((part) => {
      const thinking = mistralThinking(part);
      if (thinking !== undefined) return this.#parts.say('reasoning', thinking);
      if (part.type === 'text') return this.#parts.say('text', asText(part.text) ?? '');
      return this.#parts.whole(unknownPart(part));
    });
  }

  #readCall(fragment: JsonObject): CanonicalEvent[] {
    if (!this.#calls.isNew(fragment)) return this.#calls.push(fragment);
    const signature = signatureOf(fragment, this.#providerId);
    return [
      ...this.#parts.close(),
      ...(signature === undefined ? [] : this.#parts.whole(signature)),
      ...this.#calls.push(fragment),
    ];
  }

  #finish(): CanonicalEvent[] {
    this.#ended = true;
    const reason = reasonOf(this.#word, {
      calls: !this.#calls.isEmpty,
      refusal: this.#parts.has('refusal'),
    });
    return [
      ...this.#start(),
      ...this.#parts.close(),
      ...this.#calls.close(),
      { type: 'finish', finish: finishedBy(reason), usage: this.#usage },
    ];
  }

  #fail(error: ProviderError): CanonicalEvent[] {
    this.#ended = true;
    return [...this.#start(), { type: 'error', error }];
  }
}

/** One answer is asked for, so others are not looked at. */
function choiceIn({ choices }: JsonObject): JsonObject | undefined {
  return objectsIn(choices).find(({ index }) => isAbsent(index) || index === 0);
}

/** OpenRouter tells errors in a chunk, beside a choice or within it; a reason alone may tell one too. */
function errorIn(data: JsonObject, choice: JsonObject | undefined): ProviderError | undefined {
  const isError = data.object === 'error' || data.type === 'error';
  const told =
    hasError(data) || isError ? data : choice !== undefined && hasError(choice) ? choice : undefined;
  if (told !== undefined) return decodeError(told);
  const word = asText(choice?.finish_reason);
  if (word === null || !isFailure(word)) return undefined;
  return { message: `The provider broke the answer off: ${word}.`, type: null, code: word };
}

function hasError({ error }: JsonObject): boolean {
  return isObject(error) || (typeof error === 'string' && error !== '');
}

/** A server that sends a whole `message` in its one chunk is understood too. */
function saidIn({ delta, message }: JsonObject, isFirst: boolean): JsonObject {
  if (isObject(delta)) return delta;
  return isFirst && isObject(message) ? message : {};
}

/** The old `function_call` is a call without an id. */
function fragmentsIn({ tool_calls: calls, function_call: legacy }: JsonObject): JsonObject[] {
  const fragments = objectsIn(calls);
  return isObject(legacy) ? [...fragments, { function: legacy }] : fragments;
}
