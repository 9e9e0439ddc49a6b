import type { CanonicalEvent, Finish, OpenedPart, ProviderError } from '../canonical/answer.ts';
import type { AnswerContext, StreamEncoder } from '../canonical/codec.ts';
import type { Replay } from '../canonical/replay.ts';
import type { Citation } from '../canonical/request.ts';
import type { JsonObject } from '../json.ts';
import type { TokenUsage } from '../usage.ts';
import {
  answerHead,
  BETWEEN_THOUGHTS,
  callOf,
  finishMembers,
  NO_ARGUMENTS,
  usageMembers,
} from './answer-words.ts';
import { annotationOf } from './citations.ts';
import { detailForCaller } from './reasoning-details.ts';

const DONE = 'data: [DONE]\n\n';

/** Makes the chunks of a chat stream. */
export class ChatStreamEncoder implements StreamEncoder {
  readonly #head: JsonObject;
  readonly #wantsUsage: boolean;
  #part: OpenedPart | null = null;
  /** Calls begun so far. */
  #calls = 0;
  /** The open call has none of its input yet. */
  #lacksInput = false;
  /** Reasoning parts begun so far. */
  #thoughts = 0;
  /** Reasoning of the open part; given again with its replay, since clients keep the two together. */
  #thought = '';
  #hasThought = false;
  #hasRefusal = false;
  /** Length of the content, and where in it the open text began: UTF-16 units. */
  #length = 0;
  #from = 0;

  constructor(context: AnswerContext) {
    this.#head = answerHead(context, 'chat.completion.chunk');
    this.#wantsUsage = context.request.usageChunk;
  }

  push(event: CanonicalEvent): string {
    switch (event.type) {
      case 'start':
        return this.#delta({ role: 'assistant', content: '' });
      case 'part_start':
        return this.#begin(event.part);
      case 'delta':
        return this.#goOn(event.text);
      case 'citation':
        return this.#cite(event.citation);
      case 'part_end':
        return this.#end(event.replay ?? null);
      case 'usage':
        return '';
      case 'finish':
        return this.#finish(event.finish, event.usage);
      case 'error':
        return failure(event.error);
    }
  }

  #begin(part: OpenedPart): string {
    this.#part = part;
    this.#thought = '';
    this.#from = this.#length;
    if (part.type === 'reasoning') this.#thoughts++;
    if (part.type === 'refusal') this.#hasRefusal = true;
    if (part.type !== 'tool_call') return '';
    this.#lacksInput = part.kind === 'function';
    const index = this.#calls++;
    return this.#delta({ tool_calls: [{ index, ...callOf({ ...part, input: '' }) }] });
  }

  #goOn(text: string): string {
    switch (this.#part?.type) {
      case 'text':
        this.#length += text.length;
        return this.#delta({ content: text });
      case 'refusal':
        return this.#delta({ refusal: text });
      case 'reasoning':
        return this.#think(text);
      case 'tool_call': {
        const index = this.#calls - 1;
        this.#lacksInput = false;
        const isCustom = this.#part.kind === 'custom';
        const piece = isCustom ? { custom: { input: text } } : { function: { arguments: text } };
        return this.#delta({ tool_calls: [{ index, ...piece }] });
      }
      default:
        return '';
    }
  }

  #think(text: string): string {
    const isNextPart = this.#thought === '' && this.#hasThought;
    this.#thought += text;
    this.#hasThought = true;
    return this.#delta({ reasoning_content: isNextPart ? BETWEEN_THOUGHTS + text : text });
  }

  #cite(citation: Citation): string {
    const annotation = annotationOf(citation, this.#from, this.#length);
    return annotation === undefined ? '' : this.#delta({ annotations: [annotation] });
  }

  #end(replay: Replay | null): string {
    const type = this.#part?.type;
    const rest = type === 'tool_call' && this.#lacksInput ? this.#goOn(NO_ARGUMENTS) : '';
    this.#part = null;
    if (type !== 'reasoning') return rest;
    const detail = detailForCaller({ text: this.#thought, replay }, this.#thoughts - 1);
    return detail === undefined ? '' : this.#delta({ reasoning_details: [detail] });
  }

  /** The usage chunk has no choices, and is left out where the provider told no usage. */
  #finish(finish: Finish, usage: TokenUsage | null): string {
    const last = this.#chunk([{ index: 0, delta: {}, ...finishMembers(finish, this.#hasRefusal) }]);
    const told = this.#wantsUsage && usage !== null;
    return last + (told ? this.#chunk([], { usage: usageMembers(usage) }) : '') + DONE;
  }

  #delta(delta: JsonObject): string {
    return this.#chunk([{ index: 0, delta, finish_reason: null }]);
  }

  #chunk(choices: JsonObject[], more: JsonObject = {}): string {
    return dataEvent({ ...this.#head, choices, ...more });
  }
}

/** No end mark follows: clients take it for a good end. */
function failure({ message, type, code }: ProviderError): string {
  return dataEvent({ error: { message, type: type ?? 'upstream_error', code, param: null } });
}

function dataEvent(data: JsonObject): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
