import { describe, expect, it } from 'vitest';
import { UpstreamFailure } from '../../../gateway/providers/upstream.ts';
import { failureOf } from '../upstream-setup.ts';
import { eventStreamHead, finished, said, sse, streamed } from './gemini.ts';
import { eventsIn, modelAt, opened, scripted } from './setup.ts';

const NO_TOKENS = { cacheWriteTokens: 0, cacheWriteHourTokens: 0 };

describe('a stream of Gemini', () => {
  it('is text in one part, with usage that counts thoughts as output', async () => {
    const events = await streamed([
      { ...said({ text: 'Hel' }), responseId: 'r1' },
      said({ text: 'lo' }),
      finished('STOP', {
        promptTokenCount: 20,
        cachedContentTokenCount: 8,
        candidatesTokenCount: 5,
        thoughtsTokenCount: 7,
        toolUsePromptTokenCount: 2,
        totalTokenCount: 34,
      }),
    ]);
    const usage = { inputTokens: 22, outputTokens: 12, cachedTokens: 8, reasoningTokens: 7, ...NO_TOKENS };
    expect(events).toEqual([
      { type: 'start' },
      { type: 'part_start', index: 0, part: { type: 'text' } },
      { type: 'delta', index: 0, text: 'Hel' },
      { type: 'delta', index: 0, text: 'lo' },
      { type: 'usage', usage },
      { type: 'part_end', index: 0 },
      { type: 'finish', finish: { reason: 'stop', stopSequence: null, details: null }, usage },
    ]);
  });

  it('tells usage as it comes, so that it is known should the stream be cut', async () => {
    const events = await streamed([
      { ...said({ text: 'Hel' }), usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 1 } },
      { ...said({ text: 'lo' }), usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 2 } },
    ]);
    expect(
      events.filter(({ type }) => type === 'usage').map((event) => 'usage' in event && event.usage),
    ).toEqual([
      { inputTokens: 20, outputTokens: 1, cachedTokens: 0, reasoningTokens: 0, ...NO_TOKENS },
      { inputTokens: 20, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0, ...NO_TOKENS },
    ]);
    expect(events.at(0)).toEqual({ type: 'start' });
    expect(events.some(({ type }) => type === 'finish' || type === 'error')).toBe(false);
  });

  it('lets each token out before the next is sent', async () => {
    let more = () => {};
    const server = await scripted((response) => {
      eventStreamHead(response);
      response.write(sse(said({ text: 'one' })));
      more = () => response.end(sse(said({ text: 'two' })) + sse(finished('STOP')));
    });
    const { events } = await opened(await modelAt('google', server.origin), 'google');
    const { value } = await events.next();
    expect(value?.at(-1)).toEqual({ type: 'delta', index: 0, text: 'one' });
    more();
    const { value: later } = await events.next();
    expect(later).toEqual([{ type: 'delta', index: 0, text: 'two' }]);
  });

  it('has thoughts in a part of their own, which may be given back', async () => {
    const events = await streamed([
      said({ text: 'Let me ', thought: true }),
      said({ text: 'see', thought: true, thoughtSignature: 'c2ln' }),
      said({ text: 'Four' }),
      finished('STOP'),
    ]);
    expect(events.slice(1, 6)).toEqual([
      { type: 'part_start', index: 0, part: { type: 'reasoning' } },
      { type: 'delta', index: 0, text: 'Let me ' },
      { type: 'delta', index: 0, text: 'see' },
      {
        type: 'part_end',
        index: 0,
        replay: { protocol: 'native', providerId: '7', id: null, data: 'c2ln', redacted: false },
      },
      { type: 'part_start', index: 1, part: { type: 'text' } },
    ]);
  });

  it('has a part for each call, and a finish that tells of calls', async () => {
    const events = await streamed([
      said(
        { functionCall: { id: 'call_1', name: 'look', args: { at: 'x' } }, thoughtSignature: 'c2ln' },
        { functionCall: { id: 'call_2', name: 'now' } },
      ),
      finished('STOP'),
    ]);
    expect(events.slice(1, -2)).toEqual([
      {
        type: 'part_start',
        index: 0,
        part: { type: 'tool_call', id: 'call_1', name: 'look', kind: 'function' },
      },
      { type: 'delta', index: 0, text: '{"at":"x"}' },
      { type: 'part_end', index: 0 },
      {
        type: 'part_start',
        index: 1,
        part: { type: 'tool_call', id: 'call_2', name: 'now', kind: 'function' },
      },
      { type: 'part_end', index: 1 },
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'finish', finish: { reason: 'tool_calls' } });
  });

  it('gives calls ids that every client takes', async () => {
    const events = await streamed([said({ functionCall: { name: 'now', args: {} } }), finished('STOP')]);
    expect(events[1]).toMatchObject({ part: { id: expect.stringMatching(/^[a-zA-Z0-9_-]{8,64}$/) } });
  });

  it('makes no part of a text that has a signature alone', async () => {
    const events = await streamed([
      said({ text: 'ok' }),
      said({ text: '', thoughtSignature: 'c2ln' }),
      finished('STOP'),
    ]);
    expect(events.filter(({ type }) => type === 'part_start')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'delta')).toHaveLength(1);
  });

  it.each([
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content_filter'],
    ['RECITATION', 'content_filter'],
    ['PROHIBITED_CONTENT', 'content_filter'],
    ['BLOCKLIST', 'content_filter'],
    ['SPII', 'content_filter'],
  ])('ends by %s as %s', async (told, reason) => {
    const events = await streamed([said({ text: 'x' }), finished(told)]);
    expect(events.at(-1)).toMatchObject({ type: 'finish', finish: { reason } });
  });

  it('is filtered where the prompt was blocked', async () => {
    const events = await streamed([{ promptFeedback: { blockReason: 'OTHER' } }]);
    expect(events).toMatchObject([
      { type: 'start' },
      { type: 'finish', finish: { reason: 'content_filter' } },
    ]);
  });

  it.each(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'OTHER', 'MISSING_THOUGHT_SIGNATURE'])(
    'fails by %s, before it begins where nothing was said',
    async (told) => {
      expect(await streamed([finished(told)])).toEqual([
        {
          type: 'error',
          error: { message: `The model broke its answer off: ${told}.`, type: told, code: null },
        },
      ]);
    },
  );

  it('ends with the error that comes within it', async () => {
    const error = { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' };
    const events = await streamed([said({ text: 'x' }), { error }, said({ text: 'y' }), finished('STOP')]);
    expect(events.slice(-1)).toEqual([
      { type: 'error', error: { message: error.message, type: 'UNAVAILABLE', code: '503' } },
    ]);
    expect(events.filter(({ type }) => type === 'delta')).toHaveLength(1);
  });

  it('is cut without a finish', async () => {
    const events = await streamed([said({ text: 'x' })]);
    expect(events.map(({ type }) => type)).toEqual(['start', 'part_start', 'delta', 'part_end']);
  });

  it('is an error where something else than JSON comes', async () => {
    const server = await scripted((response) => {
      eventStreamHead(response);
      response.end('data: <html>\n\n');
    });
    const stream = await opened(await modelAt('google', server.origin), 'google');
    expect(await eventsIn(stream)).toMatchObject([{ type: 'error' }]);
  });

  it('has no events where the provider did not stream', async () => {
    const server = await scripted((response) => response.end('{"candidates":[]}'));
    expect(await eventsIn(await opened(await modelAt('google', server.origin), 'google'))).toEqual([]);
  });

  it('throws when the connection breaks', async () => {
    const server = await scripted((response) => {
      eventStreamHead(response);
      response.write(sse(said({ text: 'x' })), () => response.destroy());
    });
    const { events } = await opened(await modelAt('google', server.origin), 'google');
    await events.next();
    expect((await failureOf(events.next())).reason).toBe('reset');
  });

  it('throws when the provider falls silent', async () => {
    const server = await scripted((response) => {
      eventStreamHead(response);
      response.write(sse(said({ text: 'x' })));
    });
    const model = await modelAt('google', server.origin, { timeouts: { idleMs: 50 } });
    const { events } = await opened(model, 'google');
    await events.next();
    expect((await failureOf(events.next())).reason).toBe('idle_timeout');
  });

  it('stops the call when it is aborted', async () => {
    const server = await scripted((response) => {
      eventStreamHead(response);
      response.write(sse(said({ text: 'x' })));
    });
    const aborting = new AbortController();
    const { events } = await opened(await modelAt('google', server.origin), 'google', aborting.signal);
    await events.next();
    const pending = failureOf(events.next());
    aborting.abort();
    expect((await pending).reason).toBe('aborted');
    await server.idle();
  });

  it('stops the call when nobody reads on, even while a read is pending', async () => {
    const server = await scripted((response) => {
      eventStreamHead(response);
      response.write(sse(said({ text: 'x' })));
    });
    const { events } = await opened(await modelAt('google', server.origin), 'google');
    await events.next();
    const pending = events.next();
    await events.return?.();
    await pending;
    await server.idle();
  });

  it('is aborted before there is an answer', async () => {
    const aborting = new AbortController();
    const server = await scripted(() => aborting.abort());
    const failure = opened(await modelAt('google', server.origin), 'google', aborting.signal);
    expect(await failure.catch((error: unknown) => error)).toBeInstanceOf(UpstreamFailure);
    expect((await failureOf(failure)).reason).toBe('aborted');
  });
});
