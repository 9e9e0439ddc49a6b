/** Streams from a provider of one protocol to a client of another. */
import { beforeEach, describe, expect, it } from 'vitest';
import { reply } from '../support/provider/reply.ts';
import type { ProtocolEvent } from '../support/provider/turn.ts';
import type { Wire } from '../support/provider/wire.ts';
import { newestRow, PAIRS, resetScripts, settledRow, TRANSLATED, useHub } from './bench.ts';
import { type Exchange, exchange, type Protocol } from './exchange.ts';
import { said } from './reading/said.ts';
import { endOf } from './stream-ends.ts';

const bench = useHub();
beforeEach(() => resetScripts(bench));

const CALLS = [
  { name: 'get_weather', input: '{"city": "São Paulo", "days": 3}' },
  { name: 'get_time', input: '{"zone": "東京 💡"}' },
];
const RICH = reply.turn({
  thinking: 'let me see 💭',
  text: 'Grüße, a moment 💡',
  toolCalls: CALLS,
  usage: { input: 1_000, output: 200, cached: 600, cacheWrite: 100, reasoning: 70 },
});
const TOOLS: Readonly<Record<Protocol, object>> = {
  'openai-chat': {
    tools: CALLS.map(({ name }) => ({
      type: 'function',
      function: { name, parameters: { type: 'object' } },
    })),
  },
  'openai-responses': {
    tools: CALLS.map(({ name }) => ({
      type: 'function',
      name,
      parameters: { type: 'object' },
      strict: false,
    })),
  },
  'anthropic-messages': {
    tools: CALLS.map(({ name }) => ({ name, input_schema: { type: 'object' } })),
  },
};

const WIRES: Readonly<Record<string, Wire>> = {
  'as usual': {},
  'with calls that take turns': { chat: { calls: 'interleaved' }, messages: { blocks: 'interleaved' } },
  'with calls in one piece': { chat: { calls: 'whole' }, responses: { noDeltas: true } },
  'with calls that all say index 0': { chat: { indices: 'zero' } },
  'without indices of calls': { chat: { indices: 'missing' } },
  'without ids of calls': { chat: { ids: 'missing' }, responses: { noAdded: true } },
  'with events and blocks that nobody knows': { strangers: true },
  'with text in the opening of blocks, and the role everywhere': {
    chat: { roleEverywhere: true },
    messages: { textInStart: true },
  },
  'with usage in other places': {
    chat: { usage: 'finish_chunk' },
    messages: { startUsage: 'missing' },
    responses: { emptyOutput: true },
  },
  'without the mark at the end': {
    chat: { noDone: true, usage: 'every_chunk' },
    messages: { startUsage: 'zero' },
  },
};

function ask(client: Protocol, provider: Protocol, fields: object = {}): Promise<Exchange> {
  const usage = client === 'openai-chat' ? { stream_options: { include_usage: true } } : {};
  return exchange(bench, client, bench.seats[provider], {
    stream: true,
    ...usage,
    ...TOOLS[client],
    ...fields,
  });
}

describe.each(TRANSLATED)('to a client of %s, from a provider of %s', (client, provider) => {
  it.each(Object.keys(WIRES))('%s: the protocol’s grammar, and every word', async (name) => {
    bench.seats[provider].provider.script(reply.wire(RICH, WIRES[name] ?? {}));
    const { text, reasoning, calls, usage } = said(client, await ask(client, provider));
    expect([text, reasoning]).toEqual(['Grüße, a moment 💡', 'let me see 💭']);
    expect(calls.map(({ name: tool }) => tool)).toEqual(['get_weather', 'get_time']);
    expect(calls.map(({ input }) => JSON.parse(input))).toEqual(CALLS.map(({ input }) => JSON.parse(input)));
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
    expect(usage).toEqual({ input: 1_000, output: 200, cached: 600, written: 100, reasoning: 70 });
  });

  it.each([
    ['pieces of a few bytes', reply.split(RICH, 7)],
    ['one piece', reply.joined(RICH)],
    ['other line ends', reply.lineEnd(RICH, '\r\n')],
    ['keep-alives between the events', reply.keepAlives(RICH)],
    ['compression', reply.compressed(RICH, 'gzip')],
    ['JSON, though a stream was asked for', reply.asJson(RICH)],
  ])('%s: the same', async (_, script) => {
    bench.seats[provider].provider.script(script);
    const { text, calls } = said(client, await ask(client, provider));
    expect(text).toBe('Grüße, a moment 💡');
    expect(calls).toHaveLength(2);
    expect(await newestRow(bench)).toMatchObject({ streamed: true, inputTokens: 1_000, outputTokens: 200 });
  });

  it('what comes behind the end is no part of the answer', async () => {
    const late: ProtocolEvent[] = [
      { data: { choices: [{ index: 0, delta: { content: 'late' } }] } },
      { data: { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'late' } } },
      { data: { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'late' } },
      { data: { type: 'error', error: { message: 'late' } } },
    ];
    const script = reply.edited(reply.text('so'), (rendered) => ({
      ...rendered,
      events: [...rendered.events, ...late],
    }));
    bench.seats[provider].provider.script(script, reply.joined(script));
    for (const _ of ['in pieces', 'at once']) {
      const answer = await ask(client, provider);
      expect(said(client, answer).text).toBe('so');
      expect(answer.text).not.toContain('late');
    }
  });

  it('an end of bytes without an end of the answer is an error, after text and within a call', async () => {
    bench.seats[provider].provider.script(
      reply.cut(reply.text('one two three')),
      reply.cut(reply.tools([{ name: 'get_time', input: '{"zone": "a", "day": "b"}' }]), { after: 6 }),
      reply.hangUp(reply.text('one two three')),
      reply.reset(reply.text('one two three'), { after: 5 }),
    );
    for (const how of ['text', 'call', 'hang-up', 'reset']) {
      const answer = await ask(client, provider);
      expect(endOf(client, answer.text)).toBe('error');
      expect(answer.text).not.toMatch(
        /\[DONE\]|message_stop|stop_reason":"|response\.completed|finish_reason":"/,
      );
      const row = await settledRow(bench, 502);
      expect(row.code).toBe('upstream_error');
      // A reset may take what was sent before it along.
      if (how !== 'reset') expect(row.estimated).toBe(true);
    }
  });

  it('a provider’s error in the middle is told in its words and the client’s form', async () => {
    const overloaded = { message: 'Overloaded, try later', type: 'overloaded_error', code: 'overloaded' };
    bench.seats[provider].provider.script(reply.error(reply.text('one two'), { ...overloaded, after: 5 }));
    const { events } = await ask(client, provider);
    const last = events.at(-1)?.data;
    const expected = {
      'openai-chat': { error: { message: overloaded.message } },
      'anthropic-messages': {
        type: 'error',
        error: { type: 'overloaded_error', message: overloaded.message },
      },
      'openai-responses': {
        type: 'response.failed',
        response: { status: 'failed', error: { message: overloaded.message } },
      },
    }[client];
    expect(last).toMatchObject(expected);
    expect(events.filter(({ data }) => data === '[DONE]' || data.type === 'message_stop')).toEqual([]);
  });

  it('an error before the first word has a status of its own', async () => {
    const inner = reply.text('never');
    bench.seats[provider].provider.script(
      reply.error(inner, { after: 0 }),
      reply.cut(inner, { after: 0 }),
      reply.junk(),
    );
    for (const _ of ['error event', 'nothing at all', 'junk']) {
      const answer = await ask(client, provider);
      expect([answer.status, answer.json?.error?.message]).toEqual([502, expect.any(String)]);
      if (client === 'anthropic-messages') expect(answer.json).toMatchObject({ type: 'error' });
    }
  });

  it('an error body is read though it is compressed', async () => {
    const message = 'prompt is too long: 250000 tokens > 200000 maximum';
    bench.seats[provider].provider.script(reply.compressed(reply.status(400, { message }), 'gzip'));
    const answer = await ask(client, provider);
    expect([answer.status, answer.json.error.message]).toEqual([400, message]);
  });
});

describe.each(PAIRS)('a stream of %s at a provider of %s', (client, provider) => {
  it('is asked to tell its usage, and shows it to those who asked for it', async () => {
    bench.seats[provider].provider.script(RICH);
    const { sent, events } = await ask(
      client,
      provider,
      client === 'openai-chat' ? { stream_options: undefined } : {},
    );
    if (provider === 'openai-chat') expect(sent.stream_options).toEqual({ include_usage: true });
    else expect(sent.stream_options).toBeUndefined();
    if (client === 'openai-chat') expect(events.filter(({ data }) => data.usage != null)).toEqual([]);
    expect(await newestRow(bench)).toMatchObject({ inputTokens: 1_000, outputTokens: 200, estimated: false });
  });
});

// Anthropic's protocol knows no answer without usage.
describe.each(PAIRS.filter(([, provider]) => provider !== 'anthropic-messages'))(
  'a stream of %s at a provider of %s',
  (client, provider) => {
    it('that ends without usage is estimated', async () => {
      bench.seats[provider].provider.script(
        reply.text('about ten tokens of output stand here', { usage: null }),
      );
      const answer = await ask(client, provider);
      expect(endOf(client, answer.text)).toBe('whole');
      const row = await newestRow(bench);
      expect(row).toMatchObject({ status: 200, estimated: true });
      expect(row.inputTokens).toBeGreaterThan(0);
      expect(row.outputTokens).toBeGreaterThan(5);
    });
  },
);
