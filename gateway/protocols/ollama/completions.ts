/** Reads OpenAI's older completions, whose answers the hub does not translate. */
import { type CanonicalAnswer, type CanonicalEvent, finishedBy } from '../canonical/answer.ts';
import type { StreamDecoder } from '../canonical/codec.ts';
import { asText, isObject, type JsonObject, objectsIn } from '../json.ts';
import { readUsage, type TokenUsage } from '../usage.ts';

/** Chunks hold `text` where those of chat hold a delta. */
export class CompletionsDecoder implements StreamDecoder {
  #hasBegun = false;
  #word: string | null = null;
  #usage: TokenUsage | null = null;
  #ended = false;

  push(data: JsonObject | '[DONE]'): CanonicalEvent[] {
    if (this.#ended) return [];
    if (data === '[DONE]') return this.#finish();
    if (isObject(data.error)) {
      this.#ended = true;
      const message = asText(data.error.message) ?? 'The provider broke the answer off.';
      return [
        { type: 'error', error: { message, type: asText(data.error.type), code: asText(data.error.code) } },
      ];
    }
    this.#usage = readUsage('openai-completions', data.usage, this.#usage);
    const [choice] = objectsIn(data.choices);
    this.#word = asText(choice?.finish_reason) ?? this.#word;
    const text = asText(choice?.text) ?? '';
    if (text === '') return [];
    const begin: CanonicalEvent[] = this.#hasBegun
      ? []
      : [{ type: 'part_start', index: 0, part: { type: 'text' } }];
    this.#hasBegun = true;
    return [...begin, { type: 'delta', index: 0, text }];
  }

  /** Without its mark, a reason to finish is as good an end. */
  end(): CanonicalEvent[] {
    return this.#ended || this.#word === null ? [] : this.#finish();
  }

  #finish(): CanonicalEvent[] {
    this.#ended = true;
    const finish = finishedBy(this.#word === 'length' ? 'length' : 'stop');
    return [{ type: 'finish', finish, usage: this.#usage }];
  }
}

/** @returns undefined where the body holds no answer */
export function decodeCompletion(body: JsonObject): CanonicalAnswer | undefined {
  const [choice] = objectsIn(body.choices);
  const text = asText(choice?.text);
  if (text === null) return undefined;
  const finish = finishedBy(choice?.finish_reason === 'length' ? 'length' : 'stop');
  return {
    parts: [{ type: 'text', text }],
    finish,
    usage: readUsage('openai-completions', body.usage, null),
  };
}
