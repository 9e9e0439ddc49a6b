/** Reads answers of the Responses API (openai-node `resources/responses/responses.ts`). */
import { expect } from 'vitest';
import type { ReadEvent } from '../../support/provider/read-events.ts';
import type { Said, SaidCall, SaidUsage } from './said.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field
type Json = any;

export function saidInResponse({ object, status, output, incomplete_details, usage }: Json): Said {
  expect(object).toBe('response');
  const contents: Json[] = output.flatMap(({ type, content }: Json) => (type === 'message' ? content : []));
  const reasoning: Json[] = output.flatMap(({ type, summary }: Json) =>
    type === 'reasoning' ? summary : [],
  );
  return {
    text: contents.map(({ type, text }) => (type === 'output_text' ? text : '')).join(''),
    reasoning: reasoning.map(({ text }) => text).join('\n\n'),
    refusal: contents.map(({ refusal }) => refusal ?? '').join(''),
    calls: output.flatMap(callsIn),
    finish: incomplete_details?.reason ?? status,
    usage: usageOf(usage),
  };
}

function callsIn({ type, call_id: id, name, namespace, input, arguments: args }: Json): SaidCall[] {
  const head = { id, name, ...(namespace === undefined ? {} : { namespace }) };
  if (type === 'function_call') return [{ ...head, kind: 'function', input: args }];
  return type === 'custom_tool_call' ? [{ ...head, kind: 'custom', input }] : [];
}

function usageOf(usage: Json): SaidUsage | null {
  if (usage === null) return null;
  expect(usage.total_tokens).toBe(usage.input_tokens + usage.output_tokens);
  return {
    input: usage.input_tokens,
    output: usage.output_tokens,
    cached: usage.input_tokens_details.cached_tokens,
    written: usage.input_tokens_details.cache_write_tokens,
    reasoning: usage.output_tokens_details.reasoning_tokens,
  };
}

/**
 * The grammar: events counted from 0 and named as their data says; `created` and `in_progress`; items one after the
 * other, each added, filled and done; a last event whose response holds the items as they were done.
 */
export function saidInResponseStream(events: readonly ReadEvent[]): Said {
  const told: Json[] = events.map(({ name, data }) => {
    expect(name).toBe(data.type);
    return data;
  });
  expect(told.map(({ sequence_number }) => sequence_number)).toEqual(told.map((_, index) => index));
  const [created, progress, ...rest] = told;
  expect([created.type, progress.type]).toEqual(['response.created', 'response.in_progress']);
  expect(created.response).toMatchObject({ status: 'in_progress', output: [] });
  const last = rest.pop();
  expect(['response.completed', 'response.incomplete']).toContain(last.type);
  expect(last.type).toBe(`response.${last.response.status}`);
  expect(last.response.id).toBe(created.response.id);
  expect(last.response.output).toEqual(itemsOf(rest));
  return saidInResponse(last.response);
}

function itemsOf(events: readonly Json[]): Json[] {
  const items: Json[] = [];
  let filling: Json[] | undefined;
  let id: string | undefined;
  for (const event of events) {
    expect(event.output_index, event.type).toBe(items.length);
    if (event.type === 'response.output_item.added') {
      expect(filling).toBeUndefined();
      filling = [];
      id = event.item.id;
    } else if (event.type === 'response.output_item.done') {
      expect(event.item.id).toBe(id);
      checkFilling(event.item, filling ?? []);
      items.push(event.item);
      filling = undefined;
    } else {
      expect([event.item_id, filling === undefined]).toEqual([id, false]);
      filling?.push(event);
    }
  }
  expect(filling).toBeUndefined();
  return items;
}

/** What an item's events brought is what the item is. */
function checkFilling(item: Json, events: readonly Json[]): void {
  const deltas = (type: string) =>
    events
      .filter((event) => event.type === `response.${type}.delta`)
      .map(({ delta }) => delta)
      .join('');
  const dones = (type: string) => events.filter((event) => event.type === `response.${type}.done`);
  switch (item.type) {
    case 'function_call':
      expect(deltas('function_call_arguments')).toBe(item.arguments);
      expect(dones('function_call_arguments').map((done) => done.arguments)).toEqual([item.arguments]);
      break;
    case 'custom_tool_call':
      expect(deltas('custom_tool_call_input')).toBe(item.input);
      expect(dones('custom_tool_call_input').map(({ input }) => input)).toEqual([item.input]);
      break;
    case 'reasoning':
      expect(dones('reasoning_summary_part').map(({ part }) => part)).toEqual(item.summary);
      expect(deltas('reasoning_summary_text')).toBe(item.summary.map(({ text }: Json) => text).join(''));
      break;
    case 'message': {
      expect(dones('content_part').map(({ part }) => part)).toEqual(item.content);
      const written = item.content.map(({ text, refusal }: Json) => text ?? refusal).join('');
      expect(deltas('output_text') + deltas('refusal')).toBe(written);
    }
  }
}
