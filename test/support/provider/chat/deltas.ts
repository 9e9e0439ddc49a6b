/** The deltas of a chat answer, before they are put into chunks. */
import type { Ids } from '../ids.ts';
import { redactedFor, signatureFor } from '../proof.ts';
import { takingTurns } from '../taking-turns.ts';
import {
  inputOf,
  type Part,
  partsOf,
  pieces,
  type ScriptedCall,
  type ScriptedCitation,
  shownThinking,
  type Turn,
  words,
} from '../turn.ts';
import type { ChatWire, ReasoningField } from '../wire.ts';

export type Delta = Record<string, unknown>;

/** The role first; then each part as it is streamed. */
export function chatDeltas(turn: Turn, ids: Ids, realm: string): Delta[] {
  const wire = turn.wire?.chat ?? {};
  const parts = partsOf(turn);
  const speaks = parts.some((part) => part.type === 'text');
  const deltas: Delta[] = [{ role: 'assistant', content: speaks ? '' : null, refusal: null }];
  let calls = 0;
  for (const group of groupCalls(parts)) {
    if (Array.isArray(group)) {
      deltas.push(...callDeltas(group, calls, ids, wire));
      calls += group.length;
    } else {
      deltas.push(...partDeltas(group, wire, realm));
    }
  }
  if (turn.wire?.strangers) deltas.splice(1, 0, { hologram: { depth: 3 } });
  return wire.roleEverywhere ? deltas.map((delta) => ({ role: 'assistant', ...delta })) : deltas;
}

type CallPart = Extract<Part, { type: 'tool_call' }>;

/** Calls that stand together are parallel. */
function groupCalls(parts: readonly Part[]): (Exclude<Part, CallPart> | CallPart[])[] {
  const groups: (Exclude<Part, CallPart> | CallPart[])[] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    if (part.type !== 'tool_call') groups.push(part);
    else if (Array.isArray(last)) last.push(part);
    else groups.push([part]);
  }
  return groups;
}

function partDeltas(part: Exclude<Part, CallPart>, wire: ChatWire, realm: string): Delta[] {
  switch (part.type) {
    case 'thinking':
      return thinkingDeltas(shownThinking(part), part.hidden ?? '', wire, realm);
    case 'redacted_thinking':
      return fieldsOf(wire).includes('reasoning_details')
        ? [{ reasoning_details: [encryptedDetail(part.hidden, realm)] }]
        : [];
    case 'text': {
      const said: Delta[] = pieces(part.text).map((content) => ({ content }));
      if (part.citations === undefined) return said;
      return [...said, { annotations: urlAnnotations(part.citations, 0) }];
    }
    case 'refusal':
      return pieces(part.text).map((refusal) => ({ refusal }));
    case 'raw':
      return (part.chat ?? []) as Delta[];
    case 'web_search':
      return [];
  }
}

export function fieldsOf(wire: ChatWire): readonly ReasoningField[] {
  return wire.reasoning ?? ['reasoning_content'];
}

function thinkingDeltas(text: string, hidden: string, wire: ChatWire, realm: string): Delta[] {
  const fields = fieldsOf(wire);
  if (fields.length === 0) return [];
  const deltas = words(text).map((piece) =>
    Object.assign({}, ...fields.map((field) => thinkingField(field, piece))),
  );
  if (fields.includes('reasoning_details')) {
    const signature = signatureFor(text, hidden, realm);
    deltas.push({ reasoning_details: [{ ...TEXT_DETAIL, signature }] });
  }
  return deltas;
}

const TEXT_DETAIL = { type: 'reasoning.text', format: 'anthropic-claude-v1', index: 0 };

/** One piece of thinking, or all of it, in one field. */
export function thinkingField(field: ReasoningField, text: string): Delta {
  switch (field) {
    case 'reasoning_content':
    case 'reasoning':
      return { [field]: text };
    case 'reasoning_details':
      return { reasoning_details: [{ ...TEXT_DETAIL, text }] };
    case 'content_parts':
      return { content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] };
  }
}

export function wholeDetail(text: string, hidden: string, realm: string): object {
  return { ...TEXT_DETAIL, text, signature: signatureFor(text, hidden, realm) };
}

export function encryptedDetail(hidden: string, realm: string): object {
  return {
    type: 'reasoning.encrypted',
    data: redactedFor(hidden, realm),
    format: 'anthropic-claude-v1',
    index: 0,
  };
}

/** @param from place of the cited text within the whole content */
export function urlAnnotations(citations: readonly ScriptedCitation[], from: number): object[] {
  return citations.map(({ url, title, quote }) => ({
    type: 'url_citation',
    url_citation: { url, title, start_index: from, end_index: from + quote.length },
  }));
}

/** A call as it stands in a whole message. */
export function wholeCall(call: ScriptedCall, index: number, ids: Ids, wire: ChatWire): Delta {
  const id = callId(call, index, ids, wire);
  const body = call.custom
    ? { type: 'custom', custom: { name: call.name, input: inputOf(call) } }
    : { type: 'function', function: { name: call.name, arguments: inputOf(call) } };
  return { ...id, ...body, ...call.extra };
}

function callId(call: ScriptedCall, index: number, ids: Ids, wire: ChatWire): { id?: string } {
  if (wire.ids === 'missing') return {};
  return { id: wire.ids === 'empty' ? '' : (call.id ?? ids.numbered('call', index)) };
}

/** Id and name of a call stand in its first fragment alone. */
function callDeltas(calls: readonly ScriptedCall[], from: number, ids: Ids, wire: ChatWire): Delta[] {
  const lists = calls.map((call, place) => {
    const number = from + place;
    const at = wire.indices === 'missing' ? {} : { index: wire.indices === 'zero' ? 0 : number };
    if (wire.calls === 'whole') return [{ ...at, ...wholeCall(call, number, ids, wire) }];
    const opened = { ...at, ...wholeCall({ ...call, input: '' }, number, ids, wire) };
    const fragments = words(inputOf(call)).map((piece) => ({
      ...at,
      ...(call.custom ? { custom: { input: piece } } : { function: { arguments: piece } }),
    }));
    return [opened, ...fragments];
  });
  const fragments = wire.calls === 'interleaved' ? takingTurns(lists) : lists.flat();
  return fragments.map((fragment) => ({ tool_calls: [fragment] }));
}
