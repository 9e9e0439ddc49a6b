/** Reads a stream (https://platform.claude.com/docs/en/build-with-claude/streaming). */
import type { CanonicalEvent, OpenedPart } from '../canonical/answer.ts';
import type { Origin, StreamDecoder } from '../canonical/codec.ts';
import { asText, isObject, type JsonObject, objectsIn, parseObject } from '../json.ts';
import { readUsage, type TokenUsage } from '../usage.ts';
import { calledTool, reasoning } from './decode-answer.ts';
import { decodeError, UNKNOWN_ERROR } from './decode-error.ts';
import { decodeFinish } from './finish.ts';
import { citationOf, inputText, PROTOCOL } from './words.ts';

/** A block that has begun and not ended. */
interface OpenBlock {
  /** Of the part; the service's own may come again. */
  index: number;
  type: 'text' | 'reasoning' | 'tool_call' | 'opaque';
  /** As it began. */
  raw: JsonObject;
  /** Signature of thinking, or data of hidden thinking. */
  carrier: unknown;
  /** Pieces of a tool's input, which take the place of one that came at the beginning. */
  input: string;
}

export class MessagesStreamDecoder implements StreamDecoder {
  readonly #origin: Origin;
  readonly #open = new Map<unknown, OpenBlock>();
  #parts = 0;
  #started = false;
  #calls = false;
  #usage: TokenUsage | null = null;
  /** What `message_delta` said of the end. */
  #said: JsonObject = {};

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  push(data: JsonObject | '[DONE]'): CanonicalEvent[] {
    if (data === '[DONE]') return this.#said.stop_reason === undefined ? [] : this.#finish();
    switch (data.type) {
      case 'message_start':
        return [...this.#start(), ...this.#takeUsage(isObject(data.message) ? data.message.usage : null)];
      case 'content_block_start':
        return isObject(data.content_block) ? this.#openBlock(data.index, data.content_block) : [];
      case 'content_block_delta':
        return isObject(data.delta) ? this.#delta(data.index, data.delta) : [];
      case 'content_block_stop':
        return this.#close(data.index);
      case 'message_delta':
        if (isObject(data.delta)) this.#said = { ...this.#said, ...told(data.delta) };
        return [...this.#start(), ...this.#takeUsage(data.usage)];
      case 'message_stop':
        return this.#finish();
      case 'error':
        return [{ type: 'error', error: decodeError(data) ?? UNKNOWN_ERROR }];
      default:
        return [];
    }
  }

  /** Without `message_stop` the answer is not whole. */
  end(): CanonicalEvent[] {
    return [];
  }

  #start(): CanonicalEvent[] {
    if (this.#started) return [];
    this.#started = true;
    return [{ type: 'start' }];
  }

  /** Figures are of the whole answer so far: later ones take the place of earlier ones. */
  #takeUsage(usage: unknown): CanonicalEvent[] {
    this.#usage = readUsage(PROTOCOL, usage, this.#usage);
    return isObject(usage) && this.#usage !== null ? [{ type: 'usage', usage: this.#usage }] : [];
  }

  #openBlock(key: unknown, raw: JsonObject): CanonicalEvent[] {
    const events = [...this.#start(), ...this.#close(key)];
    const index = this.#parts;
    const type = partType(raw.type);
    if (type === undefined) return events;
    this.#parts += 1;
    this.#open.set(key, { index, type, raw, carrier: raw.signature ?? raw.data, input: '' });
    // What only this protocol knows goes on as a whole, once it is.
    if (type === 'opaque') return events;
    if (type === 'tool_call') this.#calls = true;
    const part: OpenedPart = type === 'tool_call' ? { type, ...calledTool(raw, index) } : { type };
    const text = type === 'text' ? raw.text : type === 'reasoning' ? raw.thinking : '';
    return [
      ...events,
      { type: 'part_start', index, part },
      ...delta(index, text),
      ...objectsIn(raw.citations).map((citation) => ({
        type: 'citation' as const,
        index,
        citation: citationOf(citation),
      })),
    ];
  }

  #delta(key: unknown, said: JsonObject): CanonicalEvent[] {
    const before = this.#open.has(key) ? [] : this.#openUnannounced(key, said);
    const block = this.#open.get(key);
    return block === undefined ? before : [...before, ...this.#deltaOf(block, said)];
  }

  /** Some services that copy the protocol begin no block. */
  #openUnannounced(key: unknown, said: JsonObject): CanonicalEvent[] {
    if (said.type === 'text_delta') return this.#openBlock(key, { type: 'text' });
    return said.type === 'thinking_delta' ? this.#openBlock(key, { type: 'thinking' }) : [];
  }

  #deltaOf(block: OpenBlock, said: JsonObject): CanonicalEvent[] {
    const { index, type } = block;
    switch (said.type) {
      case 'text_delta':
        return type === 'text' ? delta(index, said.text) : [];
      case 'thinking_delta':
        return type === 'reasoning' ? delta(index, said.thinking) : [];
      case 'signature_delta':
        block.carrier = said.signature;
        return [];
      case 'input_json_delta':
        block.input += asText(said.partial_json) ?? '';
        return type === 'tool_call' ? delta(index, said.partial_json) : [];
      case 'citations_delta':
        return type === 'text' && isObject(said.citation)
          ? [{ type: 'citation', index, citation: citationOf(said.citation) }]
          : [];
      default:
        return [];
    }
  }

  #close(key: unknown): CanonicalEvent[] {
    const block = this.#open.get(key);
    if (block === undefined) return [];
    this.#open.delete(key);
    const { index, type, raw } = block;
    switch (type) {
      case 'opaque':
        return [
          { type: 'part_start', index, part: opaquePart(block) },
          { type: 'part_end', index },
        ];
      case 'reasoning': {
        const { replay } = reasoning('', block.carrier, raw.type === 'redacted_thinking', this.#origin);
        return [{ type: 'part_end', index, replay }];
      }
      case 'tool_call': {
        // Some services send the whole input at the beginning, and no pieces.
        const whole = block.input === '' ? delta(index, inputText(raw.input)) : [];
        return [...whole, { type: 'part_end', index }];
      }
      default:
        return [{ type: 'part_end', index }];
    }
  }

  #finish(): CanonicalEvent[] {
    const closed = [...this.#open.keys()].flatMap((key) => this.#close(key));
    const finish = decodeFinish(this.#said, this.#calls);
    return [...this.#start(), ...closed, { type: 'finish', finish, usage: this.#usage }];
  }
}

function partType(type: unknown): OpenBlock['type'] | undefined {
  switch (type) {
    case 'text':
      return 'text';
    case 'thinking':
    case 'redacted_thinking':
      return 'reasoning';
    case 'tool_use':
      return 'tool_call';
    default:
      return typeof type === 'string' ? 'opaque' : undefined;
  }
}

function opaquePart({ raw, input }: OpenBlock): OpenedPart {
  const whole = input === '' ? raw : { ...raw, input: parseObject(input) ?? {} };
  return { type: 'opaque', protocol: PROTOCOL, name: asText(raw.type) ?? '', raw: whole };
}

function delta(index: number, text: unknown): CanonicalEvent[] {
  return typeof text === 'string' && text !== '' ? [{ type: 'delta', index, text }] : [];
}

/** Fields that hold something: a later event may repeat them as `null`. */
function told(said: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(said).filter(([, value]) => value !== null && value !== undefined),
  );
}
