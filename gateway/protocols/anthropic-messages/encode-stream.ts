/** Makes a stream (https://platform.claude.com/docs/en/build-with-claude/streaming). */
import type { CanonicalEvent, Finish, OpenedPart, ProviderError } from '../canonical/answer.ts';
import type { AnswerContext, StreamEncoder } from '../canonical/codec.ts';
import type { Replay } from '../canonical/replay.ts';
import type { JsonObject } from '../json.ts';
import type { TokenUsage } from '../usage.ts';
import { brokenCall, callInput, hiddenThinking, messageHead, signatureOf } from './encode-answer.ts';
import { encodeUsage } from './encode-usage.ts';
import { encodeFinish, isCutShort } from './finish.ts';
import { PROTOCOL } from './words.ts';

export class MessagesStreamEncoder implements StreamEncoder {
  readonly #context: AnswerContext;
  #usage: TokenUsage | null = null;
  #part: OpenedPart | undefined;
  /** Whether the part has a block yet: a block without text would be refused when it came back. */
  #hasBlock = false;
  /** Of the block that is open, or else of the next. */
  #index = 0;
  #input = '';
  #calls = false;
  /** Name of a tool that was called with something else than a JSON object. */
  #broken: string | undefined;
  #over = false;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  push(event: CanonicalEvent): string {
    if (this.#over) return '';
    switch (event.type) {
      case 'start':
        return sse({ type: 'message_start', message: messageHead(this.#context, this.#usage) });
      case 'part_start':
        return this.#begin(event.part);
      case 'delta':
        return this.#delta(event.text);
      case 'part_end':
        return this.#end(event.replay ?? null);
      case 'usage':
        this.#usage = event.usage;
        return '';
      case 'finish':
        return this.#finish(event.finish, event.usage);
      case 'error':
        return this.#fail(errorType(event.error), event.error.message);
      default:
        // Citations point into search results by marks that only Anthropic's own can have.
        return '';
    }
  }

  #begin(part: OpenedPart): string {
    this.#part = part;
    this.#hasBlock = false;
    this.#input = '';
    if (part.type === 'opaque') return part.protocol === PROTOCOL ? this.#open(part.raw) : '';
    if (part.type !== 'tool_call') return '';
    this.#calls = true;
    return this.#open({ type: 'tool_use', id: part.id, name: part.name, input: {} });
  }

  #delta(text: string): string {
    switch (this.#part?.type) {
      case 'text':
      case 'refusal':
        return (
          this.#openOnce({ type: 'text', text: '', citations: null }) +
          this.#say({ type: 'text_delta', text })
        );
      case 'reasoning':
        return (
          this.#openOnce({ type: 'thinking', thinking: '', signature: '' }) +
          this.#say({ type: 'thinking_delta', thinking: text })
        );
      case 'tool_call':
        this.#input += text;
        return this.#say({ type: 'input_json_delta', partial_json: text });
      default:
        return '';
    }
  }

  #end(replay: Replay | null): string {
    const part = this.#part;
    this.#part = undefined;
    if (part?.type === 'reasoning') {
      if (!this.#hasBlock) return this.#hidden(replay);
      return this.#say({ type: 'signature_delta', signature: signatureOf(replay) }) + this.#stop();
    }
    if (part?.type === 'tool_call' && callInput(this.#input) === undefined) this.#broken = part.name;
    return this.#hasBlock ? this.#stop() : '';
  }

  #hidden(replay: Replay | null): string {
    const blocks = hiddenThinking(replay);
    return blocks.map((block) => this.#open(block) + this.#stop()).join('');
  }

  /**
   * Clients take what they can from half a JSON object and run the tool, so a broken call must end in an error,
   * unless the answer is known to be cut short.
   */
  #finish(finish: Finish, usage: TokenUsage | null): string {
    if (this.#broken !== undefined && !isCutShort(finish)) {
      const error = brokenCall(this.#broken);
      return this.#fail(error.anthropicType, error.message);
    }
    this.#over = true;
    const delta = { ...encodeFinish(finish, this.#calls), container: null };
    return (
      sse({ type: 'message_delta', delta, usage: encodeUsage(usage ?? this.#usage) }) +
      sse({ type: 'message_stop' })
    );
  }

  #fail(type: string, message: string): string {
    this.#over = true;
    const error = { type, message, code: UPSTREAM_ERROR };
    return sse({ type: 'error', error, request_id: this.#context.requestId });
  }

  #openOnce(block: JsonObject): string {
    return this.#hasBlock ? '' : this.#open(block);
  }

  #open(block: JsonObject): string {
    this.#hasBlock = true;
    return sse({ type: 'content_block_start', index: this.#index, content_block: block });
  }

  #say(delta: JsonObject): string {
    return sse({ type: 'content_block_delta', index: this.#index, delta });
  }

  #stop(): string {
    this.#hasBlock = false;
    this.#index += 1;
    return sse({ type: 'content_block_stop', index: this.#index - 1 });
  }
}

/** As `errors.ts` names it, and the audit row. */
const UPSTREAM_ERROR = 'upstream_error';

function sse(data: { type: string; [field: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Anthropic's word for a kind of error (https://platform.claude.com/docs/en/api/errors), from a provider's own. */
function errorType({ type, code }: ProviderError): string {
  const words = `${type ?? ''} ${code ?? ''}`;
  if (/overloaded|unavailable|capacity|\b5(?:03|29)\b/i.test(words)) return 'overloaded_error';
  if (/rate_?limit|too_many_requests|\b429\b/i.test(words)) return 'rate_limit_error';
  if (/invalid_(?:request|prompt)|context_length|\b4(?:00|13|22)\b/i.test(words)) {
    return 'invalid_request_error';
  }
  return 'api_error';
}
