/**
 * Puts calls together from their fragments. By the protocol, fragments of a call have one `index`, and the first
 * has its id and name. Servers depart from it: `index` missing, or 0 for all (Ollama), ids missing or new in every
 * fragment (older vLLM), names told again, whole calls in one piece.
 */
import { randomUUID } from 'node:crypto';
import type { CanonicalEvent } from '../canonical/answer.ts';
import { type JsonObject, parseObject } from '../json.ts';
import { type CallFragment, readFragment } from './call-fragment.ts';

interface Call {
  /** As the provider sent it. */
  id: string | null;
  name: string | null;
  place: number | null;
  input: string;
  /** Index of its part; null while its name has not come. */
  index: number | null;
  ended: boolean;
}

export class StreamCalls {
  readonly #nextIndex: () => number;
  readonly #calls: Call[] = [];
  /** The latest call of each id and of each place: an answer may have tens of thousands. */
  readonly #byId = new Map<string, Call>();
  readonly #byPlace = new Map<number, Call>();
  /** Those that a fragment came for since the last call began. */
  readonly #touched = new Set<Call>();
  readonly #usedIds = new Set<string>();

  /** @param nextIndex gives the index of a new part */
  constructor(nextIndex: () => number) {
    this.#nextIndex = nextIndex;
  }

  get isEmpty(): boolean {
    return this.#usedIds.size === 0;
  }

  /** Whether a fragment opens a call. */
  isNew(raw: JsonObject): boolean {
    return this.#continued(readFragment(raw)) === undefined;
  }

  push(raw: JsonObject): CanonicalEvent[] {
    const fragment = readFragment(raw);
    const continued = this.#continued(fragment);
    if (continued !== undefined) return this.#take(continued, fragment);
    const ended = this.#endWhole();
    return [...ended, ...this.#take(this.#begin(fragment), fragment)];
  }

  #take(call: Call, fragment: CallFragment): CanonicalEvent[] {
    if (call.id === null && fragment.id !== null) this.#byId.set(fragment.id, call);
    call.id ??= fragment.id;
    call.name ??= fragment.name;
    this.#touched.add(call);
    const text = newInput(call, fragment);
    call.input += text;
    if (call.index !== null) return call.ended ? [] : delta(call.index, text);
    if (call.name === null) return [];
    return this.#start(call, call.name, fragment.kind);
  }

  /** Where another call begins, those whose arguments are whole are over: the next need not wait for the end. */
  #endWhole(): CanonicalEvent[] {
    const ended = [...this.#touched].flatMap((call) => (isComplete(call.input) ? end(call) : []));
    this.#touched.clear();
    return ended;
  }

  /** Ends all calls. One whose name never came was never begun. */
  close(): CanonicalEvent[] {
    const ended = this.#calls.flatMap(end);
    this.#calls.length = 0;
    this.#byId.clear();
    this.#byPlace.clear();
    this.#touched.clear();
    return ended;
  }

  #begin({ id, name, place }: CallFragment): Call {
    const call: Call = { id, name, place, input: '', index: null, ended: false };
    this.#calls.push(call);
    if (id !== null) this.#byId.set(id, call);
    if (place !== null) this.#byPlace.set(place, call);
    return call;
  }

  #start(call: Call, name: string, kind: CallFragment['kind']): CanonicalEvent[] {
    const index = this.#nextIndex();
    call.index = index;
    const id = this.#ownId(call.id);
    return [
      { type: 'part_start', index, part: { type: 'tool_call', id, name, kind } },
      ...delta(index, call.input),
    ];
  }

  /** Results are matched by id, so each call needs one of its own. */
  #ownId(sent: string | null): string {
    const isFree = sent !== null && !this.#usedIds.has(sent);
    const id = isFree ? sent : `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
    this.#usedIds.add(id);
    return id;
  }

  /** @returns the call that a fragment goes on with; undefined for a new one */
  #continued(fragment: CallFragment): Call | undefined {
    const candidate = this.#candidate(fragment);
    return candidate === undefined || isAnother(fragment, candidate) ? undefined : candidate;
  }

  #candidate({ place, id }: CallFragment): Call | undefined {
    const byId = id === null ? undefined : this.#byId.get(id);
    if (place === null) return byId ?? (id === null ? this.#calls.at(-1) : undefined);
    if (byId?.place === place) return byId;
    return this.#byPlace.get(place);
  }
}

/** Whether a fragment that stands in a call's place is of another call: a call begins with its name. */
function isAnother({ id, name, input }: CallFragment, call: Call): boolean {
  if (name === null || call.name === null) return false;
  if (id !== null && call.id !== null && id !== call.id) return true;
  if (name !== call.name) return true;
  // The same tool again, without an id to tell: what is whole cannot go on.
  return id === null && input.startsWith('{') && isComplete(call.input) && input !== call.input;
}

/** What a fragment adds: nothing where it tells again what has come. */
function newInput(call: Call, { input, isWhole, name }: CallFragment): string {
  if (isWhole && call.input !== '') return '';
  if (name !== null && input === call.input && isComplete(input)) return '';
  return input;
}

function isComplete(input: string): boolean {
  return input.endsWith('}') && parseObject(input) !== undefined;
}

function end(call: Call): CanonicalEvent[] {
  if (call.index === null || call.ended) return [];
  call.ended = true;
  return [{ type: 'part_end', index: call.index }];
}

function delta(index: number, text: string): CanonicalEvent[] {
  return text === '' ? [] : [{ type: 'delta', index, text }];
}
