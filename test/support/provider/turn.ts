/** What a scripted model says, in no protocol's words. The renderers put it into the one a request came in. */
import type { Wire } from './wire.ts';

export interface ScriptedUsage {
  /** All input tokens, cached ones included. */
  input: number;
  output: number;
  /** Input tokens read from the cache. */
  cached?: number;
  /** Input tokens written to the cache, for 5 minutes and for an hour together. */
  cacheWrite?: number;
  /** Of `cacheWrite`, those kept for an hour; Anthropic alone tells them apart. */
  cacheWrite1h?: number;
  /** Output tokens spent on thinking, included in `output`. */
  reasoning?: number;
}

export interface ScriptedCall {
  name: string;
  /** An object, or the exact text of the arguments (broken JSON too). A custom tool takes a text. */
  input?: object | string;
  /** Default: `call_0`, … in OpenAI's protocols and `toolu_0`, …; numbers go on where the request's history ends. */
  id?: string;
  /** A custom (free text) tool of OpenAI's protocols. */
  custom?: boolean;
  /** The group of a Responses namespace tool. */
  namespace?: string;
  /** Further members of the call in Chat Completions, such as Google's `extra_content`. */
  extra?: object;
}

export interface ScriptedThinking {
  /** What is shown of it. '' shows nothing: Anthropic's display `omitted`, a Responses item without summary. */
  text: string;
  /** Several summaries in Responses, in place of `text`; elsewhere they are paragraphs. */
  paragraphs?: string[];
  /** What only the proof holds. */
  hidden?: string;
  /** In Responses `reasoning_text`, as open-weight models send it, in place of summary and proof. */
  raw?: boolean;
}

export interface ScriptedCitation {
  url: string;
  title: string;
  quote: string;
}

export interface ScriptedText {
  /** A string is streamed by words; an array gives the deltas exactly. */
  text: string | string[];
  citations?: ScriptedCitation[];
  /** Of a Responses message. */
  phase?: 'commentary' | 'final_answer';
}

/** A search that the provider runs itself; Chat Completions shows nothing of it. */
export interface ScriptedSearch {
  query: string;
  results: { url: string; title: string }[];
}

/**
 * A part in a protocol's own form; protocols without one show nothing. `chat`: deltas; `messages` and
 * `responses`: a block or an item; `gemini`: a part; `bedrock`: a content block.
 */
export interface RawPart {
  chat?: object[];
  messages?: object;
  responses?: object;
  gemini?: object;
  bedrock?: object;
}

export type Part =
  | ({ type: 'thinking' } & ScriptedThinking)
  /** Anthropic's `redacted_thinking`; a Responses item without summary; Chat shows it in `reasoning_details` alone. */
  | { type: 'redacted_thinking'; hidden: string }
  | ({ type: 'text' } & ScriptedText)
  | ({ type: 'tool_call' } & ScriptedCall)
  /** Anthropic tells it in `stop_details` alone. */
  | { type: 'refusal'; text: string | string[] }
  | ({ type: 'web_search' } & ScriptedSearch)
  | ({ type: 'raw' } & RawPart);

export type Finish =
  | 'stop'
  | 'tool_calls'
  | 'length'
  /** Anthropic's `model_context_window_exceeded`; elsewhere as `length`. */
  | 'context_window'
  | 'content_filter'
  /** Anthropic's `refusal`; elsewhere as `stop`. */
  | 'refusal'
  | 'stop_sequence'
  | 'pause_turn';

export interface Turn {
  /** Comes first, with the provider's signature or encrypted form. Chat sends it as `reasoning_content`. */
  thinking?: string;
  /** A string is streamed by words; an array gives the deltas exactly. */
  text?: string | string[];
  toolCalls?: ScriptedCall[];
  /** Everything in this order, in place of `thinking`, `text` and `toolCalls`. */
  parts?: Part[];
  /** Default: 10 in, 5 out. `null` reports none. */
  usage?: ScriptedUsage | null;
  /** Default: `tool_calls` when there are any, `refusal` when there is one, else `stop`. */
  finish?: Finish;
  /** The finish or stop reason in exactly these words. */
  finishAs?: string;
  /** Which sequence ended it, with `finish: 'stop_sequence'`. */
  stopSequence?: string;
  /** How the answer departs from the service's usual form. */
  wire?: Wire;
  /** Sent in place of everything above when a stream is asked for. */
  events?: ProtocolEvent[];
  /** Sent in place of everything above when no stream is asked for. */
  whole?: object;
  /** Has the last word on what is sent. */
  edit?: (rendered: RenderedTurn) => RenderedTurn;
}

export const DEFAULT_USAGE: ScriptedUsage = { input: 10, output: 5 };

export function usageOf(turn: Turn): ScriptedUsage | null {
  return turn.usage === undefined ? DEFAULT_USAGE : turn.usage;
}

/** The content in order, whichever way it was scripted. */
export function partsOf(turn: Turn): Part[] {
  if (turn.parts !== undefined) return turn.parts;
  return [
    ...(turn.thinking === undefined ? [] : [{ type: 'thinking' as const, text: turn.thinking }]),
    ...(turn.text === undefined ? [] : [{ type: 'text' as const, text: turn.text }]),
    ...(turn.toolCalls ?? []).map((call) => ({ type: 'tool_call' as const, ...call })),
  ];
}

/** All parts of one type, in order. */
export function partsOfType<T extends Part['type']>(turn: Turn, type: T): Extract<Part, { type: T }>[] {
  return partsOf(turn).filter((part): part is Extract<Part, { type: T }> => part.type === type);
}

export function finishOf(turn: Turn): Finish {
  if (turn.finish !== undefined) return turn.finish;
  const types = partsOf(turn).map((part) => part.type);
  if (types.includes('tool_call')) return 'tool_calls';
  return types.includes('refusal') ? 'refusal' : 'stop';
}

export function textOf(turn: Turn): string {
  return partsOfType(turn, 'text')
    .map((part) => joined(part.text))
    .join('');
}

/** The deltas of all text; none when there is no text. */
export function textDeltas(turn: Turn): string[] {
  return partsOfType(turn, 'text').flatMap((part) => pieces(part.text));
}

export function joined(text: string | string[]): string {
  return [text].flat().join('');
}

/** The deltas a text is streamed in. */
export function pieces(text: string | string[]): string[] {
  return typeof text === 'string' ? words(text) : text;
}

/** Everything shown of a thought. */
export function shownThinking({ text, paragraphs }: ScriptedThinking): string {
  return paragraphs?.join('\n\n') ?? text;
}

export function inputOf(call: ScriptedCall): string {
  return typeof call.input === 'string' ? call.input : JSON.stringify(call.input ?? {});
}

/** Splits before each run of white space, so that the parts joined are the text again. */
export function words(text: string): string[] {
  return text.match(/\s*\S+|\s+/g) ?? [];
}

/** One server-sent event before framing. A text stands for itself, JSON or not. */
export interface ProtocolEvent {
  name?: string;
  data: object | string;
  /** Of Bedrock: an exception of that name, and no event. */
  exception?: boolean;
}

/** A turn in one protocol. */
export interface RenderedTurn {
  whole: object;
  events: ProtocolEvent[];
  /** Index of the first event that tells the end; a stream cut before it is incomplete. */
  endsAt: number;
}
