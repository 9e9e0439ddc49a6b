import { describe, expect, it } from 'vitest';
import type { CanonicalEvent } from '../../../gateway/protocols/canonical/answer.ts';
import { failureOf } from '../upstream-setup.ts';
import { delta, frame, messageStop, STREAM_TYPE, stop, streamed, usage } from './bedrock.ts';
import { eventsIn, modelAt, opened, scripted } from './setup.ts';

const START = frame('messageStart', { role: 'assistant' });
const COUNTS = { inputTokens: 10, outputTokens: 4, totalTokens: 14 };

function replay(data: string, redacted = false) {
  return { protocol: 'native', providerId: '7', id: null, data, redacted };
}

function toolStart(index: number, toolUseId: string, name: string): Buffer {
  return frame('contentBlockStart', { contentBlockIndex: index, start: { toolUse: { toolUseId, name } } });
}

describe('a stream of Bedrock', () => {
  it('is text in one part, with usage that includes what a cache gave and took', async () => {
    const events = await streamed([
      START,
      delta(0, { text: 'Hel' }),
      delta(0, { text: 'lo' }),
      stop(0),
      messageStop('end_turn'),
      usage({
        ...COUNTS,
        cacheReadInputTokens: 100,
        cacheWriteInputTokens: 30,
        cacheDetails: [
          { ttl: '1h', inputTokens: 20 },
          { ttl: '5m', inputTokens: 10 },
        ],
      }),
    ]);
    expect(events).toEqual([
      { type: 'start' },
      { type: 'part_start', index: 0, part: { type: 'text' } },
      { type: 'delta', index: 0, text: 'Hel' },
      { type: 'delta', index: 0, text: 'lo' },
      { type: 'part_end', index: 0 },
      {
        type: 'finish',
        finish: { reason: 'stop', stopSequence: null, details: null },
        usage: {
          inputTokens: 140,
          outputTokens: 4,
          cachedTokens: 100,
          cacheWriteTokens: 30,
          cacheWriteHourTokens: 20,
          reasoningTokens: 0,
        },
      },
    ]);
  });

  it('lets each token out before the next is sent', async () => {
    let more = () => {};
    const server = await scripted((response) => {
      response.writeHead(200, STREAM_TYPE);
      response.write(Buffer.concat([START, delta(0, { text: 'one' })]));
      more = () => response.end(Buffer.concat([delta(0, { text: 'two' }), stop(0), messageStop('end_turn')]));
    });
    const { events } = await opened(await modelAt('bedrock', server.origin), 'bedrock');
    const { value } = await events.next();
    const next = value?.some(({ type }) => type === 'delta') ? value : (await events.next()).value;
    expect(next?.at(-1)).toEqual({ type: 'delta', index: 0, text: 'one' });
    more();
    expect((await events.next()).value).toEqual([{ type: 'delta', index: 0, text: 'two' }]);
  });

  it('keeps the text of arguments as the model wrote it, and calls that take turns apart', async () => {
    const events = await streamed([
      START,
      toolStart(0, 'tooluse_a', 'look'),
      toolStart(1, 'tooluse_b', 'now'),
      delta(0, { toolUse: { input: '{"n": 12345678901' } }),
      delta(1, { toolUse: { input: '' } }),
      delta(0, { toolUse: { input: '234567890, "x": 1.0}' } }),
      stop(1),
      stop(0),
      messageStop('tool_use'),
      usage(COUNTS),
    ]);
    expect(textOf(events, 0)).toBe('{"n": 12345678901234567890, "x": 1.0}');
    expect(textOf(events, 1)).toBe('');
    expect(events.filter(({ type }) => type === 'part_start')).toEqual([
      {
        type: 'part_start',
        index: 0,
        part: { type: 'tool_call', id: 'tooluse_a', name: 'look', kind: 'function' },
      },
      {
        type: 'part_start',
        index: 1,
        part: { type: 'tool_call', id: 'tooluse_b', name: 'now', kind: 'function' },
      },
    ]);
    expect(events.at(-1)).toMatchObject({ finish: { reason: 'tool_calls' } });
  });

  it('has thoughts with their signature, and hidden ones', async () => {
    const events = await streamed([
      START,
      delta(0, { reasoningContent: { text: 'Let me see' } }),
      delta(0, { reasoningContent: { signature: 'c2ln' } }),
      stop(0),
      delta(1, { reasoningContent: { redactedContent: 'aGlk' } }),
      delta(1, { reasoningContent: { redactedContent: 'ZGVu' } }),
      stop(1),
      delta(2, { reasoningContent: { signature: 'b21pdHRlZA==' } }),
      stop(2),
      delta(3, { reasoningContent: { text: 'unsigned' } }),
      stop(3),
      delta(4, { text: 'Four' }),
      stop(4),
      messageStop('end_turn'),
    ]);
    expect(events.filter(({ type }) => type === 'part_end')).toEqual([
      { type: 'part_end', index: 0, replay: replay('c2ln') },
      { type: 'part_end', index: 1, replay: replay('aGlkZGVu', true) },
      { type: 'part_end', index: 2, replay: replay('b21pdHRlZA==') },
      { type: 'part_end', index: 3, replay: replay('') },
      { type: 'part_end', index: 4 },
    ]);
    expect(events.filter(({ type }) => type === 'part_start')).toHaveLength(5);
  });

  it.each([
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'context_window'],
    ['guardrail_intervened', 'content_filter'],
    ['content_filtered', 'content_filter'],
    ['refusal', 'refusal'],
    ['pause_turn', 'pause'],
  ])('ends by %s as %s', async (told, reason) => {
    const events = await streamed([
      START,
      delta(0, { text: 'x' }),
      stop(0),
      messageStop(told),
      usage(COUNTS),
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'finish', finish: { reason } });
  });

  it('tells the text that ended it', async () => {
    const fields = { additionalModelResponseFields: { delta: { stop_sequence: 'END' } } };
    const events = await streamed([
      START,
      delta(0, { text: 'x' }),
      stop(0),
      messageStop('stop_sequence', fields),
    ]);
    expect(events.at(-1)).toMatchObject({ finish: { reason: 'stop_sequence', stopSequence: 'END' } });
  });

  it('fails where the model wrote what cannot be read', async () => {
    expect(await streamed([START, messageStop('malformed_tool_use')])).toEqual([
      {
        type: 'error',
        error: {
          message: 'The model broke its answer off: malformed_tool_use.',
          type: 'malformed_tool_use',
          code: null,
        },
      },
    ]);
  });

  it('ends with the exception that comes within it', async () => {
    const events = await streamed([
      START,
      delta(0, { text: 'x' }),
      frame('throttlingException', { message: 'Too many tokens.' }, 'exception'),
      messageStop('end_turn'),
    ]);
    expect(events.at(-1)).toEqual({
      type: 'error',
      error: { message: 'Too many tokens.', type: 'throttlingException', code: '429' },
    });
  });

  it('is cut without a finish, between frames and within one', async () => {
    const begun = [START, delta(0, { text: 'x' })];
    for (const rest of [
      Buffer.alloc(0),
      messageStop('end_turn').subarray(0, 20),
      Buffer.from('<html></html>'),
    ]) {
      const events = await streamed([...begun, rest]);
      expect(events[0]).toEqual({ type: 'start' });
      expect(events.some(({ type }) => type === 'finish')).toBe(false);
    }
  });

  it('passes over events that are not known', async () => {
    const events = await streamed([
      START,
      frame('somethingNew', { a: 1 }),
      delta(0, { text: 'x' }),
      stop(0),
      messageStop('end_turn'),
      usage(COUNTS),
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'finish', finish: { reason: 'stop' } });
  });

  it('stops the call when it is aborted', async () => {
    const server = await scripted((response) => {
      response.writeHead(200, STREAM_TYPE).write(Buffer.concat([START, delta(0, { text: 'x' })]));
    });
    const aborting = new AbortController();
    const { events } = await opened(await modelAt('bedrock', server.origin), 'bedrock', aborting.signal);
    await events.next();
    aborting.abort();
    const failure = await failureOf(
      (async () => {
        for await (const _ of events);
      })(),
    );
    expect(failure.reason).toBe('aborted');
    await server.idle();
  });

  it('has no events where something else came', async () => {
    const server = await scripted((response) => response.end('{"output":{}}'));
    expect(await eventsIn(await opened(await modelAt('bedrock', server.origin), 'bedrock'))).toEqual([]);
  });
});

function textOf(events: CanonicalEvent[], index: number): string {
  return events.map((event) => (event.type === 'delta' && event.index === index ? event.text : '')).join('');
}
