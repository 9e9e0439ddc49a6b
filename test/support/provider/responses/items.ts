/** The output items of a Responses answer: the events that build each one, and what it is when done. */
import type {
  ResponseOutputItem,
  ResponseOutputRefusal,
  ResponseOutputText,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import type { Ids } from '../ids.ts';
import { encryptedFor } from '../proof.ts';
import {
  inputOf,
  joined,
  type Part,
  pieces,
  type ScriptedCall,
  type ScriptedCitation,
  type ScriptedSearch,
  type ScriptedThinking,
  words,
} from '../turn.ts';

/** An event without its `sequence_number`, which is given last. */
type Unnumbered<E> = E extends unknown ? Omit<E, 'sequence_number'> : never;
export type Step = Unnumbered<ResponseStreamEvent>;

export interface ItemScript {
  /** As the item stands in `output_item.added`. */
  added: object;
  /** Between `output_item.added` and `output_item.done`. */
  steps(output_index: number): object[];
  done: object;
}

/** What an item has once it is done. */
type Known = { added: ResponseOutputItem; steps(output_index: number): Step[]; done: ResponseOutputItem };

/** The encrypted form comes unasked (`ResponseReasoningItem`), and is complete only in `output_item.done`. */
export function reasoningItem(part: ScriptedThinking, ids: Ids, realm: string): ItemScript {
  const id = ids.named('rs');
  return part.raw ? rawReasoning(part.text, id) : summarized(part, id, realm);
}

function summarized(part: ScriptedThinking, id: string, realm: string): Known {
  const texts = part.paragraphs ?? (part.text === '' ? [] : [part.text]);
  const summary = (text: string) => ({ type: 'summary_text' as const, text });
  const proof = encryptedFor(texts.join(''), part.hidden, realm);
  const item = (shown: string[], content: string): ResponseOutputItem => ({
    id,
    type: 'reasoning',
    summary: shown.map(summary),
    encrypted_content: content,
  });
  return {
    added: item([], ''),
    done: item(texts, proof),
    steps: (output_index) =>
      texts.flatMap((text, summary_index): Step[] => {
        const place = { item_id: id, output_index, summary_index };
        return [
          { type: 'response.reasoning_summary_part.added', ...place, part: summary('') },
          ...words(text).map(
            (delta): Step => ({ type: 'response.reasoning_summary_text.delta', ...place, delta }),
          ),
          { type: 'response.reasoning_summary_text.done', ...place, text },
          { type: 'response.reasoning_summary_part.done', ...place, part: summary(text) },
        ];
      }),
  };
}

function rawReasoning(text: string, id: string): Known {
  const item = (content: string[]): ResponseOutputItem => ({
    id,
    type: 'reasoning',
    summary: [],
    content: content.map((said) => ({ type: 'reasoning_text', text: said })),
  });
  return {
    added: item([]),
    done: item([text]),
    steps: (output_index) => {
      const place = { item_id: id, output_index, content_index: 0 };
      const part = (said: string) => ({ type: 'reasoning_text' as const, text: said });
      return [
        { type: 'response.content_part.added', ...place, part: part('') },
        ...words(text).map((delta): Step => ({ type: 'response.reasoning_text.delta', ...place, delta })),
        { type: 'response.reasoning_text.done', ...place, text },
        { type: 'response.content_part.done', ...place, part: part(text) },
      ];
    },
  };
}

export type Spoken = Extract<Part, { type: 'text' | 'refusal' }>;

/** One message; each text and refusal is a content part of it. */
export function messageItem(spoken: readonly Spoken[], ids: Ids, cutShort: boolean): ItemScript {
  const id = ids.named('msg');
  const phase = spoken.find((part) => part.type === 'text' && part.phase !== undefined);
  const head = {
    id,
    type: 'message' as const,
    role: 'assistant' as const,
    ...(phase?.type === 'text' && phase.phase !== undefined ? { phase: phase.phase } : {}),
  };
  const status = cutShort ? 'incomplete' : 'completed';
  const done: ResponseOutputItem = { ...head, status, content: spoken.map(donePart) };
  return {
    added: { ...head, status: 'in_progress', content: [] },
    done,
    steps: (output_index) =>
      spoken.flatMap((part, content_index) => partSteps(part, { item_id: id, output_index, content_index })),
  };
}

function donePart(part: Spoken): ResponseOutputText | ResponseOutputRefusal {
  if (part.type === 'refusal') return { type: 'refusal', refusal: joined(part.text) };
  const annotations = (part.citations ?? []).map(asAnnotation);
  return { type: 'output_text', text: joined(part.text), annotations, logprobs: [] };
}

function asAnnotation({ url, title, quote }: ScriptedCitation): ResponseOutputText.URLCitation {
  return { type: 'url_citation', url, title, start_index: 0, end_index: quote.length };
}

interface Place {
  item_id: string;
  output_index: number;
  content_index: number;
}

function partSteps(part: Spoken, place: Place): Step[] {
  const done = donePart(part);
  const closing: Step = { type: 'response.content_part.done', ...place, part: done };
  if (done.type === 'refusal') {
    return [
      { type: 'response.content_part.added', ...place, part: { type: 'refusal', refusal: '' } },
      ...pieces(part.text).map((delta): Step => ({ type: 'response.refusal.delta', ...place, delta })),
      { type: 'response.refusal.done', ...place, refusal: done.refusal },
      closing,
    ];
  }
  const cited = done.annotations as ResponseOutputText.URLCitation[];
  return [
    { type: 'response.content_part.added', ...place, part: { ...done, text: '', annotations: [] } },
    ...pieces(part.text).map(
      (delta): Step => ({ type: 'response.output_text.delta', ...place, delta, logprobs: [] }),
    ),
    ...cited.map(
      (annotation, annotation_index): Step => ({
        type: 'response.output_text.annotation.added',
        ...place,
        annotation_index,
        annotation,
      }),
    ),
    { type: 'response.output_text.done', ...place, text: done.text, logprobs: [] },
    closing,
  ];
}

export function callItem(call: ScriptedCall, index: number, ids: Ids): ItemScript {
  const input = inputOf(call);
  const id = ids.numbered(call.custom ? 'ctc' : 'fc', index);
  const head = {
    id,
    call_id: call.id ?? ids.numbered('call', index),
    name: call.name,
    ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
  };
  const item = (value: string, status: 'in_progress' | 'completed'): ResponseOutputItem =>
    call.custom
      ? { ...head, type: 'custom_tool_call', input: value }
      : { ...head, type: 'function_call', arguments: value, status };
  return {
    added: item('', 'in_progress'),
    done: item(input, 'completed'),
    steps: (output_index): Step[] => {
      const place = { item_id: id, output_index };
      return call.custom
        ? [
            ...words(input).map(
              (delta): Step => ({ type: 'response.custom_tool_call_input.delta', ...place, delta }),
            ),
            { type: 'response.custom_tool_call_input.done', ...place, input },
          ]
        : [
            ...words(input).map(
              (delta): Step => ({ type: 'response.function_call_arguments.delta', ...place, delta }),
            ),
            { type: 'response.function_call_arguments.done', ...place, arguments: input },
          ];
    },
  };
}

export function searchItem({ query, results }: ScriptedSearch, ids: Ids): ItemScript {
  const id = ids.named('ws');
  const sources = results.map(({ url }) => ({ type: 'url' as const, url }));
  const item = (status: 'in_progress' | 'completed'): ResponseOutputItem => ({
    id,
    type: 'web_search_call',
    status,
    action: { type: 'search', query, queries: [query], sources },
  });
  return {
    added: item('in_progress'),
    done: item('completed'),
    steps: (output_index): Step[] => {
      const place = { item_id: id, output_index };
      return [
        { type: 'response.web_search_call.in_progress', ...place },
        { type: 'response.web_search_call.searching', ...place },
        { type: 'response.web_search_call.completed', ...place },
      ];
    },
  };
}

/** An item that comes as it is, and at once. */
export function rawItem(item: object): ItemScript {
  return { added: item, done: item, steps: () => [] };
}
