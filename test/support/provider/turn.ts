/** What a scripted model says, in no protocol's words. The renderers put it into the one a request came in. */

export interface ScriptedUsage {
  /** All input tokens, cached ones included. */
  input: number;
  output: number;
  /** Input tokens read from the cache. */
  cached?: number;
  /** Input tokens written to the cache. */
  cacheWrite?: number;
  /** Output tokens spent on thinking, included in `output`. */
  reasoning?: number;
}

export interface ScriptedCall {
  name: string;
  /** An object, or the exact text of the arguments (broken JSON too). A custom tool takes a text. */
  input?: object | string;
  /** Default: `call_0`, … in OpenAI's protocols and `toolu_0`, … in Anthropic's. */
  id?: string;
  /** A custom (free text) tool of OpenAI's protocols. */
  custom?: boolean;
  /** The group of a Responses namespace tool. */
  namespace?: string;
}

export type Finish = 'stop' | 'tool_calls' | 'length' | 'content_filter' | 'stop_sequence' | 'pause_turn';

export interface Turn {
  /** Comes first, with the provider's signature or encrypted form. Chat sends it as `reasoning_content`. */
  thinking?: string;
  /** A string is streamed by words; an array gives the deltas exactly. */
  text?: string | string[];
  toolCalls?: ScriptedCall[];
  /** Default: 10 in, 5 out. `null` reports none. */
  usage?: ScriptedUsage | null;
  /** Default: `tool_calls` when there are any, else `stop`. */
  finish?: Finish;
  /** Which sequence ended it, with `finish: 'stop_sequence'`. */
  stopSequence?: string;
}

export const DEFAULT_USAGE: ScriptedUsage = { input: 10, output: 5 };

export function usageOf(turn: Turn): ScriptedUsage | null {
  return turn.usage === undefined ? DEFAULT_USAGE : turn.usage;
}

export function finishOf(turn: Turn): Finish {
  return turn.finish ?? (turn.toolCalls?.length ? 'tool_calls' : 'stop');
}

export function textOf(turn: Turn): string {
  return [turn.text ?? ''].flat().join('');
}

/** The deltas of the text; none when there is no text. */
export function textDeltas(turn: Turn): string[] {
  return typeof turn.text === 'string' ? words(turn.text) : (turn.text ?? []);
}

export function inputOf(call: ScriptedCall): string {
  return typeof call.input === 'string' ? call.input : JSON.stringify(call.input ?? {});
}

/** Splits before each run of white space, so that the parts joined are the text again. */
export function words(text: string): string[] {
  return text.match(/\s*\S+|\s+/g) ?? [];
}

/** One server-sent event before framing. */
export interface ProtocolEvent {
  name?: string;
  data: object | '[DONE]';
}

/** A turn in one protocol. */
export interface RenderedTurn {
  whole: object;
  events: ProtocolEvent[];
  /** Index of the first event that tells the end; a stream cut before it is incomplete. */
  endsAt: number;
}
