import { describe, expect, it } from 'vitest';
import {
  type CanonicalEvent,
  type FinishReason,
  finishedBy,
  type ProviderError,
} from '../../../gateway/protocols/canonical/answer.ts';
import type { Replay } from '../../../gateway/protocols/canonical/replay.ts';
import type { CanonicalRequest } from '../../../gateway/protocols/canonical/request.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { NO_TOKENS } from '../../../gateway/protocols/usage.ts';
import { dataOf, encodedStream } from './support.ts';

const HEX = '01998ad07a1e7c3f8f4e3b1f5d2c9a00';
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
