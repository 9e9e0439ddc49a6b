/** What an application's SDK (Vercel's `@ai-sdk/*`) loses of an answer, or breaks on; a gateway must not. */
import { beforeEach, describe, expect, it } from 'vitest';
import { startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import type { Turn } from '../support/provider/turn.ts';
import { resetScripts, settledRow, useHub } from './bench.ts';
import { exchange, type Protocol } from './exchange.ts';
import { said } from './reading/said.ts';
import { useSeats } from './seats.ts';
import { endOf } from './stream-ends.ts';

const bench = useHub();
const seats = useSeats(bench, {
  openaiChat: { protocol: 'openai-chat', kind: 'openai', models: ['gpt-4.1'] },
  openrouter: {
    protocol: 'openai-chat',
    kind: 'openrouter',
    models: ['anthropic/claude-sonnet-5'],
    options: { models: null, basePath: '/api/v1', strict: false },
  },
});
beforeEach(() => {
  resetScripts(bench);
  for (const { provider } of Object.values(seats)) provider.script(reply.text('ok'));
});

const to = (client: Protocol, provider: Protocol, fields: object = {}) =>
  exchange(bench, client, bench.seats[provider], fields);

describe.each([false, true])('an answer (streamed: %s)', (stream) => {
  it('with a free-text call of a chat provider is one to a client of Responses', async () => {
    seats.openaiChat.provider.script(
      reply.tools([{ name: 'patch', input: '*** Begin "x"\n', custom: true }]),
    );
    const tools = [{ type: 'custom', name: 'patch' }];
    const answer = await exchange(bench, 'openai-responses', seats.openaiChat, { tools, stream });
    expect(said('openai-responses', answer).calls).toMatchObject([
      { kind: 'custom', name: 'patch', input: '*** Begin "x"\n' },
    ]);
  });

  it('with raw reasoning of an open model, or with details, shows it, and the details go back to their maker', async () => {
    bench.seats['openai-responses'].provider.script(
      reply.parts([
        { type: 'thinking', text: 'hm well', raw: true },
        { type: 'text', text: 'so' },
      ]),
    );
    expect(said('openai-chat', await to('openai-chat', 'openai-responses', { stream })).reasoning).toBe(
      'hm well',
    );

    const details = reply.wire(reply.tools([{ name: 'look', input: '{}' }], { thinking: 'hm well' }), {
      chat: { reasoning: ['reasoning', 'reasoning_details'] },
    });
    seats.openrouter.provider.script(details, reply.text('ok'));
    const client = bench.clients['anthropic-messages'];
    const ask = {
      model: seats.openrouter.model,
      text: 'hi',
      stream,
      tools: [{ name: 'look', schema: { type: 'object' } }],
    };
    const first = await client.ask(ask);
    expect(first.reasoning).toBe('hm well');
    await client.ask({ ...ask, history: first.next([{ text: 'seen' }]) });
    expect(seats.openrouter.provider.requests.at(-1)?.json).toMatchObject({
      messages: [
        {},
        {
          reasoning_details: [
            {
              type: 'reasoning.text',
              text: 'hm well',
              format: 'anthropic-claude-v1',
              signature: expect.stringMatching(/^EqQB/),
            },
          ],
        },
        {},
      ],
    });
  });

  it('with blocks, items, events and fields of tomorrow is read all the same', async () => {
    for (const provider of ['anthropic-messages', 'openai-responses', 'openai-chat'] as const) {
      const turn: Turn = { text: 'so', toolCalls: [{ name: 'look', input: '{"a": 1}' }] };
      bench.seats[provider].provider.script(reply.wire(reply.turn(turn), { strangers: true }));
      for (const client of ['openai-chat', 'openai-responses', 'anthropic-messages'] as const) {
        if (client === provider) continue;
        const { text, calls } = said(client, await to(client, provider, { stream }));
        expect([text, calls.map(({ name }) => name)]).toEqual(['so', ['look']]);
      }
    }
  });

  it('with sources names them', async () => {
    const citations = [{ url: 'https://a.example/', title: 'A', quote: 'rain' }];
    for (const provider of ['anthropic-messages', 'openai-responses', 'openai-chat'] as const) {
      bench.seats[provider].provider.script(reply.parts([{ type: 'text', text: 'It rains.', citations }]));
      for (const client of ['openai-chat', 'openai-responses'] as const) {
        if (client === provider) continue;
        const answer = await to(client, provider, { stream });
        expect(said(client, answer).text).toBe('It rains.');
        expect(answer.text).toMatch(/"url_citation".*https:\/\/a\.example\//s);
      }
    }
  });

  it('keeps all tokens, though the stream tells them late or in parts', async () => {
    const usage = { input: 900, output: 80, cached: 500, cacheWrite: 300, reasoning: 20 };
    for (const startUsage of ['zero', 'missing', 'full'] as const) {
      for (const deltaUsage of ['full', 'output'] as const) {
        if (deltaUsage === 'output' && startUsage !== 'full') continue;
        bench.seats['anthropic-messages'].provider.script(
          reply.wire(reply.text('so', { usage }), {
            messages: { startUsage, deltaUsage, textInStart: true },
          }),
        );
        const answer = said(
          'openai-responses',
          await to('openai-responses', 'anthropic-messages', { stream }),
        );
        expect(answer.text).toBe('so');
        expect(answer.usage).toMatchObject({ input: 900, output: 80, cached: 500, written: 300 });
      }
    }
  });
});

describe('a stream that goes wrong', () => {
  it('ends in an error, wherever it is cut and whatever came: never in silence', async () => {
    for (const provider of ['anthropic-messages', 'openai-responses', 'openai-chat'] as const) {
      const whole = reply.text('one two three');
      const faults = [
        reply.cut(whole, { after: 0 }),
        reply.cut(whole, { after: 1 }),
        reply.cut(whole, { after: 4 }),
        reply.hangUp(whole, { after: 4 }),
        reply.status(200, { body: '', headers: { 'content-type': 'text/event-stream' } }),
        reply.status(200, { body: '{}', headers: { 'content-type': 'application/json' } }),
        reply.status(200, { body: '', headers: { 'content-type': 'application/json' } }),
      ];
      bench.seats[provider].provider.script(...faults);
      const client = provider === 'anthropic-messages' ? 'openai-chat' : 'anthropic-messages';
      for (const _ of faults) {
        const { text } = await to(client, provider, { stream: true });
        expect([provider, endOf(client, text)]).toEqual([provider, 'error']);
        expect(await settledRow(bench, 502)).toMatchObject({ code: 'upstream_error' });
      }
    }
  });

  it('an error as its first event has a status, in the client’s form, and another target is tried before', async () => {
    const { model, provider } = bench.seats['anthropic-messages'];
    provider.script(
      reply.error(reply.text('never'), { after: 0, message: 'Overloaded', type: 'overloaded_error' }),
    );
    const { status, json } = await to('openai-chat', 'anthropic-messages', { stream: true });
    expect([status, json.error.code]).toEqual([502, 'upstream_error']);
    await using spare = await startProvider();
    await bench.gateway.publish(spare, [model], { kind: 'anthropic', priority: 9 });
    spare.script(reply.text('from the second'));
    const answer = await to('openai-chat', 'anthropic-messages', { stream: true });
    expect(said('openai-chat', answer).text).toBe('from the second');
  });

  it('an error in the middle is told once, and nothing behind it', async () => {
    for (const form of ['nested', 'failed', undefined] as const) {
      bench.seats['openai-responses'].provider.script(
        reply.error(reply.text('one two three'), {
          after: 6,
          form,
          message: 'Slow down',
          code: 'rate_limit_exceeded',
        }),
      );
      const { events } = await to('anthropic-messages', 'openai-responses', { stream: true });
      const last = events.at(-1)?.data;
      expect(last).toMatchObject({
        type: 'error',
        error: { type: 'rate_limit_error', message: 'Slow down' },
      });
      expect(events.filter(({ name }) => name === 'error')).toHaveLength(1);
    }
    bench.seats['openai-chat'].provider.script(
      reply.error(reply.text('one two three'), {
        after: 3,
        form: 'chunk',
        message: 'Slow down',
        code: '502',
      }),
    );
    const { events } = await to('openai-responses', 'openai-chat', { stream: true });
    expect(events.at(-1)?.data).toMatchObject({
      type: 'response.failed',
      response: { error: { message: 'Slow down' } },
    });
  });
});

describe('the headers of an answer', () => {
  it('tell whose request it was at the provider, and when to come again', async () => {
    await using provider = await startProvider({ models: null });
    await bench.gateway.publish(provider, ['busy'], { kind: 'openai-compatible' });
    provider.script(
      reply.headers(reply.status(400, { message: 'no' }), { 'openai-processing-ms': '12' }),
      reply.status(429, { headers: { 'retry-after': '7' } }),
    );
    const seat = { provider, model: 'busy' };
    const refused = await exchange(bench, 'anthropic-messages', seat);
    expect([refused.status, refused.json.type]).toEqual([400, 'error']);
    expect(refused.headers.get('content-type')).toMatch(/^application\/json/);
    expect(refused.headers.get('openai-processing-ms')).toBe('12');
    expect(refused.headers.get('x-upstream-request-id')).toBe('req_scripted');
    const busy = await exchange(bench, 'anthropic-messages', seat);
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([502, '7']);
  });
});
