import { describe, expect, it } from 'vitest';
import {
  type CanonicalEvent,
  type FinishReason,
  finishedBy,
  type ProviderError,
} from '../../../gateway/protocols/canonical/answer.ts';
import { type Replay, wrapReplay } from '../../../gateway/protocols/canonical/replay.ts';
import type { CanonicalRequest } from '../../../gateway/protocols/canonical/request.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { NO_TOKENS } from '../../../gateway/protocols/usage.ts';
import { dataOf, encodedStream } from './support.ts';

const HEX = '01998ad07a1e7c3f8f4e3b1f5d2c9a00';
const REPLAY: Replay = {
  protocol: 'anthropic-messages',
  providerId: 'p',
  id: null,
  data: 'signature',
  redacted: false,
};
const START: CanonicalEvent = { type: 'start' };
const STOP = finish('stop');

function finish(reason: FinishReason): CanonicalEvent {
  return { type: 'finish', finish: finishedBy(reason), usage: null };
}

function part(
  index: number,
  opened: Extract<CanonicalEvent, { type: 'part_start' }>['part'],
  deltas: string[],
  replay?: Replay | null,
): CanonicalEvent[] {
  return [
    { type: 'part_start', index, part: opened },
    ...deltas.map((text): CanonicalEvent => ({ type: 'delta', index, text })),
    { type: 'part_end', index, replay },
  ];
}

function events(all: CanonicalEvent[], request?: Partial<CanonicalRequest>): JsonObject[] {
  return dataOf(encodedStream(all, request));
}

function typesOf(all: CanonicalEvent[]): string[] {
  return events(all).map(({ type }) => String(type).replace('response.', ''));
}

function lastResponse(all: CanonicalEvent[], request?: Partial<CanonicalRequest>): JsonObject {
  return events(all, request).at(-1)?.response as JsonObject;
}

const CALL = { type: 'tool_call' as const, id: 'call_1', name: 'f', kind: 'function' as const };

describe('a stream for a caller', () => {
  it('opens, fills and closes each item, and counts its events', () => {
    const all = events([START, ...part(0, { type: 'text' }, ['Hel', 'lo']), STOP]);
    const place = { item_id: `msg_${HEX}_1`, output_index: 0, content_index: 0 };
    const text = { type: 'output_text', text: 'Hello', annotations: [], logprobs: [] };
    const item = { id: place.item_id, type: 'message', role: 'assistant' };
    expect(all.map(({ sequence_number }) => sequence_number)).toEqual(all.map((_, index) => index));
    const [created, inProgress, ...rest] = all.map(({ sequence_number: _, ...event }) => event);
    expect(created).toMatchObject({
      type: 'response.created',
      response: { id: `resp_${HEX}`, status: 'in_progress', output: [], usage: null },
    });
    expect(inProgress).toEqual({ ...created, type: 'response.in_progress' });
    expect(rest).toEqual([
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { ...item, status: 'in_progress', content: [] },
      },
      { type: 'response.content_part.added', ...place, part: { ...text, text: '' } },
      { type: 'response.output_text.delta', ...place, delta: 'Hel', logprobs: [] },
      { type: 'response.output_text.delta', ...place, delta: 'lo', logprobs: [] },
      { type: 'response.output_text.done', ...place, text: 'Hello', logprobs: [] },
      { type: 'response.content_part.done', ...place, part: text },
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: { ...item, status: 'completed', content: [text] },
      },
      {
        type: 'response.completed',
        response: expect.objectContaining({
          status: 'completed',
          output: [{ ...item, status: 'completed', content: [text] }],
        }),
      },
    ]);
  });

  it('passes a delta on at once', () => {
    const delta: CanonicalEvent = { type: 'delta', index: 0, text: 'Hel' };
    const all = events([START, { type: 'part_start', index: 0, part: { type: 'text' } }, delta]);
    expect(all.at(-1)).toMatchObject({ type: 'response.output_text.delta', delta: 'Hel' });
  });

  it('has texts and refusals that follow each other in one message', () => {
    const all = [
      START,
      ...part(0, { type: 'text' }, ['A']),
      ...part(1, { type: 'text' }, ['B']),
      ...part(2, { type: 'refusal' }, ['No.']),
      STOP,
    ];
    expect(lastResponse(all).output).toMatchObject([
      {
        content: [
          { type: 'output_text', text: 'A' },
          { type: 'output_text', text: 'B' },
          { type: 'refusal', refusal: 'No.' },
        ],
      },
    ]);
    expect(typesOf(all).slice(-5)).toEqual([
      'refusal.delta',
      'refusal.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ]);
  });

  it('shows reasoning as a summary, with what the caller must give back', () => {
    const all = [START, ...part(0, { type: 'reasoning' }, ['think', 'ing'], REPLAY), STOP];
    expect(typesOf(all).slice(2)).toEqual([
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
      'completed',
    ]);
    expect(lastResponse(all).output).toEqual([
      {
        id: `rs_${HEX}_1`,
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: 'thinking' }],
        encrypted_content: wrapReplay(REPLAY),
      },
    ]);
  });

  it('has hidden reasoning, and none that says nothing', () => {
    const hidden = [START, ...part(0, { type: 'reasoning' }, [], REPLAY), STOP];
    expect(lastResponse(hidden).output).toMatchObject([
      { summary: [], encrypted_content: wrapReplay(REPLAY) },
    ]);
    expect(typesOf(hidden).slice(2)).toEqual(['output_item.added', 'output_item.done', 'completed']);
    expect(lastResponse([START, ...part(0, { type: 'reasoning' }, [], null), STOP]).output).toEqual([]);
    expect(lastResponse([START, ...part(0, { type: 'text' }, []), STOP]).output).toEqual([]);
  });

  it('calls functions, with the namespace that the caller gave them', () => {
    const all = [START, ...part(0, { ...CALL, namespace: 'crm' }, ['{"a"', ':1}']), finish('tool_calls')];
    const head = { id: `fc_${HEX}_1`, type: 'function_call', call_id: 'call_1', name: 'f', namespace: 'crm' };
    const place = { item_id: head.id, output_index: 0 };
    expect(events(all).slice(2, -1)).toMatchObject([
      { type: 'response.output_item.added', item: { ...head, status: 'in_progress', arguments: '' } },
      { type: 'response.function_call_arguments.delta', ...place, delta: '{"a"' },
      { type: 'response.function_call_arguments.delta', ...place, delta: ':1}' },
      { type: 'response.function_call_arguments.done', ...place, arguments: '{"a":1}' },
      { type: 'response.output_item.done', item: { ...head, status: 'completed', arguments: '{"a":1}' } },
    ]);
  });

  it('has an object where a call has no arguments', () => {
    const all = events([START, ...part(0, CALL, []), finish('tool_calls')]);
    expect(all.slice(3, 6)).toMatchObject([
      { delta: '{}' },
      { arguments: '{}' },
      { item: { arguments: '{}' } },
    ]);
  });

  it('calls free-text tools', () => {
    const custom = { ...CALL, name: 'patch', kind: 'custom' as const };
    const all = [START, ...part(0, custom, ['*** ', 'Begin']), finish('tool_calls')];
    expect(typesOf(all).slice(2, -1)).toEqual([
      'output_item.added',
      'custom_tool_call_input.delta',
      'custom_tool_call_input.delta',
      'custom_tool_call_input.done',
      'output_item.done',
    ]);
    expect(lastResponse(all).output).toEqual([
      {
        id: `ctc_${HEX}_1`,
        type: 'custom_tool_call',
        status: 'completed',
        call_id: 'call_1',
        name: 'patch',
        input: '*** Begin',
      },
    ]);
  });

  it('gives each item its place', () => {
    const all = events([
      START,
      ...part(0, { type: 'reasoning' }, ['a'], null),
      ...part(1, { type: 'text' }, ['b']),
      ...part(2, CALL, ['{}']),
      ...part(3, { ...CALL, id: 'call_2' }, ['{}']),
      ...part(4, { type: 'text' }, ['c']),
      finish('tool_calls'),
    ]);
    const places = (type: string) =>
      all.filter((event) => event.type === type).map(({ output_index }) => output_index);
    expect(places('response.output_item.added')).toEqual([0, 1, 2, 3, 4]);
    expect(places('response.output_item.done')).toEqual([0, 1, 2, 3, 4]);
  });

  it('names the sources of a text when it is known what they cover', () => {
    const all = events([
      START,
      { type: 'part_start', index: 0, part: { type: 'text' } },
      { type: 'citation', index: 0, citation: { url: 'https://a.example', title: 'A', quote: 'q' } },
      { type: 'citation', index: 0, citation: { url: null, title: 'A book', quote: 'q' } },
      { type: 'delta', index: 0, text: 'So.' },
      { type: 'part_end', index: 0 },
      STOP,
    ]);
    const annotation = {
      type: 'url_citation',
      url: 'https://a.example',
      title: 'A',
      start_index: 0,
      end_index: 3,
    };
    expect(all.find(({ type }) => type === 'response.output_text.annotation.added')).toMatchObject({
      annotation_index: 0,
      annotation,
    });
    expect(all.at(-1)).toMatchObject({
      response: { output: [{ content: [{ annotations: [annotation] }] }] },
    });
  });

  it('passes items of this protocol on, and none of others', () => {
    const raw = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
    const opaque = { type: 'opaque' as const, name: 'x', raw };
    const own = [START, ...part(0, { ...opaque, protocol: 'openai-responses' }, []), STOP];
    expect(lastResponse(own).output).toEqual([raw]);
    const foreign = [
      START,
      ...part(0, { type: 'text' }, ['A']),
      ...part(1, { ...opaque, protocol: 'anthropic-messages' }, []),
      STOP,
    ];
    expect(lastResponse(foreign).output).toMatchObject([{ type: 'message' }]);
    expect(typesOf(foreign).filter((type) => type === 'content_part.done')).toHaveLength(1);
  });

  it('tells what was used, whenever the provider told it', () => {
    const usage = { ...NO_TOKENS, inputTokens: 100, cachedTokens: 60, cacheWriteTokens: 20, outputTokens: 9 };
    const told = {
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 60, cache_write_tokens: 20 },
      output_tokens: 9,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 109,
    };
    expect(lastResponse([START, { ...STOP, usage } as CanonicalEvent]).usage).toEqual(told);
    expect(lastResponse([START, { type: 'usage', usage }, STOP]).usage).toEqual(told);
    expect(lastResponse([START, STOP]).usage).toBeNull();
  });
});

describe('the end of a stream for a caller', () => {
  it.each<[FinishReason, string, string | null]>([
    ['stop', 'completed', null],
    ['stop_sequence', 'completed', null],
    ['tool_calls', 'completed', null],
    ['length', 'incomplete', 'max_output_tokens'],
    ['context_window', 'incomplete', 'max_output_tokens'],
    ['content_filter', 'incomplete', 'content_filter'],
    ['refusal', 'incomplete', 'content_filter'],
    ['pause', 'incomplete', 'pause_turn'],
  ])('after %s is %s', (reason, status, why) => {
    const last = events([START, finish(reason)]).at(-1);
    expect(last).toMatchObject({
      type: `response.${status}`,
      response: { status, error: null, incomplete_details: why === null ? null : { reason: why } },
    });
  });

  it('after a refusal in words is a completed answer', () => {
    const all = [START, ...part(0, { type: 'refusal' }, ['No.']), finish('refusal')];
    expect(lastResponse(all)).toMatchObject({ status: 'completed', incomplete_details: null });
  });

  it('says that the last item is not whole', () => {
    const all = [START, ...part(0, { type: 'text' }, ['A']), ...part(1, CALL, ['{"a']), finish('length')];
    expect(lastResponse(all).output).toMatchObject([{ status: 'completed' }, { status: 'incomplete' }]);
    expect(events(all).at(-2)).toMatchObject({
      type: 'response.output_item.done',
      item: { status: 'incomplete', arguments: '{"a' },
    });
  });

  it.each<[Partial<ProviderError>, string]>([
    [{ code: 'context_length_exceeded', type: 'invalid_request_error' }, 'context_length_exceeded'],
    [{ type: 'rate_limit_error' }, 'rate_limit_exceeded'],
    [{ type: 'invalid_request_error' }, 'invalid_prompt'],
    [{ type: 'overloaded_error' }, 'server_error'],
    [{}, 'server_error'],
  ])('after the error %j has the code %s', (error, code) => {
    const full = { message: 'Broken.', type: null, code: null, ...error };
    const last = events([START, { type: 'error', error: full }]).at(-1);
    expect(last).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code, message: 'Broken.', type: full.type } },
    });
  });

  it('after an error does not close what is half done', () => {
    const usage = { ...NO_TOKENS, inputTokens: 5 };
    const all = [
      START,
      ...part(0, CALL, ['{}']),
      { type: 'part_start', index: 1, part: { ...CALL, id: 'call_2' } },
      { type: 'delta', index: 1, text: '{"a' },
      { type: 'usage', usage },
      { type: 'error', error: { message: 'Broken.', type: null, code: null } },
    ] satisfies CanonicalEvent[];
    expect(typesOf(all).filter((type) => type === 'output_item.done')).toHaveLength(1);
    expect(lastResponse(all)).toMatchObject({ output: [{ call_id: 'call_1' }], usage: { input_tokens: 5 } });
  });

  it('is told even where nothing began', () => {
    const error = { message: 'Broken.', type: null, code: null };
    expect(typesOf([{ type: 'error', error }])).toEqual(['created', 'in_progress', 'error', 'failed']);
  });
});

describe('the response in a stream for a caller', () => {
  it('says again what was asked', () => {
    const schema = { type: 'object' };
    const f = { kind: 'function' as const, description: null, schema, strict: true };
    const response = lastResponse([START, STOP], {
      turns: [
        { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
        { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
      ],
      tools: [
        { ...f, name: 'a' },
        { ...f, name: 'b', namespace: 'crm' },
        { kind: 'custom', name: 'c', namespace: 'crm', description: null, format: null },
        { kind: 'hosted', protocol: 'openai-responses', name: 'web_search', raw: { type: 'web_search' } },
      ],
      toolChoice: { type: 'tool', name: 'c', namespace: 'crm' },
      parallelToolCalls: false,
      maxOutputTokens: 50,
      reasoning: { effort: 'low', budgetTokens: null, mode: null, summary: 'auto', display: null },
      format: { type: 'json_object' },
      verbosity: 'low',
      userId: 'someone',
      cacheKey: 'thread-1',
      serviceTier: 'flex',
    });
    const named = (name: string) => ({ type: 'function', name, parameters: schema, strict: true });
    expect(response).toEqual({
      id: `resp_${HEX}`,
      object: 'response',
      created_at: 1_790_000_000,
      model: 'public-model',
      status: 'completed',
      background: false,
      error: null,
      incomplete_details: null,
      instructions: 'Be brief.',
      max_output_tokens: 50,
      max_tool_calls: null,
      metadata: {},
      output: [],
      parallel_tool_calls: false,
      previous_response_id: null,
      prompt_cache_key: 'thread-1',
      reasoning: { effort: 'low', summary: 'auto' },
      safety_identifier: null,
      service_tier: 'flex',
      store: false,
      temperature: null,
      text: { format: { type: 'json_object' }, verbosity: 'low' },
      tool_choice: { type: 'custom', name: 'c' },
      tools: [
        named('a'),
        {
          type: 'namespace',
          name: 'crm',
          description: '',
          tools: [named('b'), { type: 'custom', name: 'c' }],
        },
        { type: 'web_search' },
      ],
      top_logprobs: 0,
      top_p: null,
      truncation: 'disabled',
      usage: null,
      user: 'someone',
    });
  });

  it('has the service’s plain values for what was not asked', () => {
    expect(lastResponse([START, STOP])).toMatchObject({
      instructions: null,
      parallel_tool_calls: true,
      reasoning: { effort: null, summary: null },
      store: false,
      text: { format: { type: 'text' } },
      tool_choice: 'auto',
      tools: [],
    });
  });
});
