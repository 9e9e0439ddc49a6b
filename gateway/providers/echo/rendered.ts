/** What the renderers have in common: an answer in one protocol, whole or as a stream of events. */
import { createHash } from 'node:crypto';
import { asPositiveInteger } from './json.ts';

/** One server-sent event: its name, if the protocol names its events, and its data before serialising. */
export interface EchoEvent {
  event?: string;
  data: object | '[DONE]';
}

/** An answer that is not made until it is read. */
export interface Rendered {
  whole(): object;
  events(): Iterable<EchoEvent>;
}

/** Facts of one call that are not in its plan. */
export interface CallFacts {
  /** The `model` of the request. */
  model: string;
  /** Seconds since 1970, as OpenAI's `created` fields have it. */
  createdAt: number;
  /** Makes ids: the same request and parts always give the same id. */
  id(prefix: string, ...parts: (string | number)[]): string;
}

/** Ids are hashes of the request's bytes, so that equal requests get equal answers. */
export function createCallFacts(model: string, body: Buffer): CallFacts {
  const seed = createHash('sha256').update(body).digest();
  return {
    model,
    createdAt: Math.floor(Date.now() / 1000),
    id: (prefix, ...parts) =>
      prefix + createHash('sha256').update(seed).update(parts.join('/')).digest('hex').slice(0, 24),
  };
}

/** The API's own bound on `n`. */
const MAX_COPIES = 128;
/** Copies of a long text stop here, in characters: an answer must fit into one string. */
const MAX_COPIED_LENGTH = 32 * 1024 * 1024;

/** How often `n` asks for the same answer: at least once, and no more than fits. */
export function countCopies(n: unknown, textLength: number): number {
  const fitting = Math.floor(MAX_COPIED_LENGTH / Math.max(textLength, 1));
  return Math.max(1, Math.min(asPositiveInteger(n) ?? 1, MAX_COPIES, fitting));
}

/** Splits a text into the deltas of a stream: a word each, with the white space before it; long words in parts. */
export function* splitIntoDeltas(text: string): Generator<string> {
  for (const [delta] of text.matchAll(/\s*\S{1,40}|\s+/gu)) yield delta;
}
