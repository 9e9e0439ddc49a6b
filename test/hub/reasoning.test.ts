/** How much to think, what is shown of it, and what goes back to who thought it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { DIALECTS } from '../support/provider/chat/dialect.ts';
import { encryptedFor, redactedFor, signatureFor } from '../support/provider/proof.ts';
import { reply } from '../support/provider/reply.ts';
import { resetScripts, useHub } from './bench.ts';
import { exchange, type Protocol } from './exchange.ts';
import { said } from './reading/said.ts';
import { useSeats } from './seats.ts';

const bench = useHub();
const seats = useSeats(bench, {
  haiku: { protocol: 'anthropic-messages', kind: 'anthropic', models: ['claude-haiku-4-5'] },
  opus47: { protocol: 'anthropic-messages', kind: 'anthropic', models: ['claude-opus-4-7'] },
  fable: { protocol: 'anthropic-messages', kind: 'anthropic', models: ['claude-fable-5'] },
  gptOfTomorrow: {
    protocol: 'openai-responses',
    kind: 'openai',
    models: ['gpt-9-nova'],
    options: { models: null },
  },
  deepseek: {
    protocol: 'openai-chat',
    kind: 'deepseek',
    models: ['deepseek-flash'],
    options: { models: null, basePath: '', dialect: DIALECTS.deepseek },
  },
  strictChat: { protocol: 'openai-chat', kind: 'openai-compatible', models: ['gpt-4.1'] },
});
beforeEach(() => {
  resetScripts(bench);
  for (const { provider } of Object.values(seats)) provider.script(reply.text('ok'));
});

const EFFORT: Readonly<Record<Protocol, (effort: string) => object>> = {
  'openai-chat': (reasoning_effort) => ({ reasoning_effort }),
  'openai-responses': (effort) => ({ reasoning: { effort } }),
  'anthropic-messages': (effort) => ({ thinking: { type: 'adaptive' }, output_config: { effort } }),
};

describe('an effort', () => {
  it.each(['openai-chat', 'openai-responses'] as const)(
    'of a client of %s becomes what the Claude at hand takes',
    async (client) => {
      const high = EFFORT[client]('high');
      const sonnet = await exchange(bench, client, bench.seats['anthropic-messages'], high);
      expect(sonnet.sent).toMatchObject({
        thinking: { type: 'adaptive' },
        output_config: { effort: 'high' },
      });
      const opus = await exchange(bench, client, seats.opus47, { ...EFFORT[client]('xhigh') });
      expect(opus.sent).toMatchObject({ thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' } });
      const haiku = await exchange(bench, client, seats.haiku, high);
      expect(haiku.sent.thinking).toMatchObject({ type: 'enabled' });
      expect(haiku.sent.output_config).toBeUndefined();
      for (const { dropped } of [sonnet, opus, haiku]) expect(dropped).toEqual([]);
    },
  );

  it('never raises the limit of tokens: the budget stays below it, and leaves room for the answer', async () => {
    for (const limit of [4_096, 10_000, 32_000]) {
      const { sent } = await exchange(bench, 'openai-chat', seats.haiku, {
        reasoning_effort: 'high',
        max_completion_tokens: limit,
      });
      expect(sent.max_tokens).toBe(limit);
      expect(sent.thinking.budget_tokens).toBeLessThanOrEqual(limit / 2);
    }
    const small = await exchange(bench, 'openai-chat', seats.haiku, {
      reasoning_effort: 'high',
      max_completion_tokens: 1_500,
    });
    expect([small.sent.max_tokens, small.sent.thinking, small.dropped]).toEqual([
      1_500,
      undefined,
      ['reasoning'],
    ]);
  });

  it('gives way where the thinking of a call is lost, also with a system message behind its result', async () => {
    const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } };
    const { sent, dropped } = await exchange(bench, 'openai-chat', seats.haiku, {
      reasoning_effort: 'high',
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'a', content: 'ok' },
        { role: 'system', content: 'be brief' },
        { role: 'user', content: 'go on' },
      ],
    });
    expect(sent.thinking).toBeUndefined();
    expect(dropped).toEqual(['reasoning']);
  });

  it('of none turns thinking off, where that can be', async () => {
    const off = EFFORT['openai-chat']('none');
    const sonnet = await exchange(bench, 'openai-chat', bench.seats['anthropic-messages'], off);
    expect([sonnet.sent.thinking, sonnet.dropped]).toEqual([{ type: 'disabled' }, []]);
    const fable = await exchange(bench, 'openai-chat', seats.fable, off);
    expect([fable.sent.thinking, fable.dropped]).toEqual([undefined, ['reasoning']]);
  });

  it('of Anthropic reaches GPT as an effort, the nearest that it takes', async () => {
    const gpt = (effort: string) =>
      exchange(
        bench,
        'anthropic-messages',
        bench.seats['openai-responses'],
        EFFORT['anthropic-messages'](effort),
      );
    expect((await gpt('medium')).sent.reasoning).toMatchObject({ effort: 'medium' });
    const most = await gpt('max');
    expect([most.sent.reasoning.effort, most.dropped]).toEqual(['high', ['reasoning']]);
  });

  it.each([
    [20_000, 'high'],
    [6_000, 'medium'],
    [2_500, 'low'],
    [1_024, 'minimal'],
  ])('said as a budget of %d tokens is %s', async (budget_tokens, effort) => {
    const fields = { max_tokens: 30_000, thinking: { type: 'enabled', budget_tokens } };
    const { sent, dropped } = await exchange(
      bench,
      'anthropic-messages',
      bench.seats['openai-responses'],
      fields,
    );
    expect(sent.reasoning.effort).toBe(effort);
    expect(dropped).toEqual([]);
  });

  it('reaches a model that is on no list', async () => {
    for (const client of ['openai-chat', 'anthropic-messages'] as const) {
      const { sent } = await exchange(bench, client, seats.gptOfTomorrow, EFFORT[client]('high'));
      expect(sent.reasoning.effort).toBe('high');
    }
  });

  it('is named as left out where a model does not reason', async () => {
    const { sent, dropped } = await exchange(
      bench,
      'anthropic-messages',
      bench.seats['openai-chat'],
      EFFORT['anthropic-messages']('high'),
    );
    expect(sent).not.toHaveProperty('reasoning_effort');
    expect(dropped).toEqual(['reasoning']);
  });

  it('that asks for nothing to be shown adds nothing', async () => {
    const chat = await exchange(
      bench,
      'openai-chat',
      bench.seats['openai-responses'],
      EFFORT['openai-chat']('low'),
    );
    expect(chat.sent.reasoning).toEqual({ effort: 'low' });
    const { sent } = await exchange(
      bench,
      'openai-chat',
      bench.seats['anthropic-messages'],
      EFFORT['openai-chat']('low'),
    );
    expect(sent.thinking).toEqual({ type: 'adaptive' });
  });

  it('a summary and a display ask for the same', async () => {
    const fields = { reasoning: { effort: 'low', summary: 'auto' } };
    const claude = await exchange(bench, 'openai-responses', bench.seats['anthropic-messages'], fields);
    expect(claude.sent.thinking).toEqual({ type: 'adaptive', display: 'summarized' });
    const shown = await exchange(bench, 'anthropic-messages', bench.seats['openai-responses'], {
      thinking: { type: 'adaptive', display: 'summarized' },
    });
    expect(shown.sent.reasoning).toEqual({ summary: 'auto' });
    const hidden = await exchange(bench, 'anthropic-messages', bench.seats['openai-responses'], {
      thinking: { type: 'adaptive', display: 'omitted' },
    });
    expect(hidden.sent.reasoning).toBeUndefined();
  });
});

describe('what a provider shows of its thinking', () => {
  const CLIENTS: readonly Protocol[] = ['openai-chat', 'openai-responses', 'anthropic-messages'];

  it.each([
    [
      'openai-chat',
      'in `reasoning`',
      reply.wire(reply.text('so', { thinking: 'hm well' }), { chat: { reasoning: ['reasoning'] } }),
    ],
    [
      'openai-chat',
      'in `reasoning_details`',
      reply.wire(reply.text('so', { thinking: 'hm well' }), { chat: { reasoning: ['reasoning_details'] } }),
    ],
    [
      'openai-chat',
      'in both',
      reply.wire(reply.text('so', { thinking: 'hm well' }), {
        chat: { reasoning: ['reasoning', 'reasoning_details'] },
      }),
    ],
    [
      'openai-chat',
      'in parts of the content',
      reply.wire(reply.text('so', { thinking: 'hm well' }), { chat: { reasoning: ['content_parts'] } }),
    ],
    [
      'openai-responses',
      'as raw text',
      reply.parts([
        { type: 'thinking', text: 'hm well', raw: true },
        { type: 'text', text: 'so' },
      ]),
    ],
    ['anthropic-messages', 'in blocks', reply.text('so', { thinking: 'hm well' })],
  ] as const)('%s %s: every client sees it, whole and streamed', async (provider, _, script) => {
    bench.seats[provider].provider.script(script);
    for (const client of CLIENTS.filter((name) => name !== provider)) {
      for (const stream of [false, true]) {
        const { text, reasoning } = said(
          client,
          await exchange(bench, client, bench.seats[provider], { stream }),
        );
        expect([client, stream, text, reasoning]).toEqual([client, stream, 'so', 'hm well']);
      }
    }
  });

  it('several thoughts and hidden ones keep their place and their proof', async () => {
    const thoughts = reply.parts([
      { type: 'thinking', text: 'first' },
      { type: 'redacted_thinking', hidden: 'secret' },
      { type: 'tool_call', name: 'look', input: { at: 1 } },
    ]);
    bench.seats['anthropic-messages'].provider.script(
      thoughts,
      reply.text('seen'),
      thoughts,
      reply.text('seen'),
    );
    const fields = {
      tools: [{ type: 'function', name: 'look', parameters: { type: 'object' } }],
      reasoning: { effort: 'high' },
    };
    for (const stream of [false, true]) {
      const input: object[] = [{ role: 'user', content: 'hi' }];
      const first = await exchange(bench, 'openai-responses', bench.seats['anthropic-messages'], {
        ...fields,
        input,
        stream,
      });
      const { output } = stream ? (first.events.at(-1)?.data.response ?? {}) : first.json;
      const call = output.find(({ type }: { type: string }) => type === 'function_call');
      input.push(...output, { type: 'function_call_output', call_id: call.call_id, output: 'seen' });
      const { sent } = await exchange(bench, 'openai-responses', bench.seats['anthropic-messages'], {
        ...fields,
        input,
      });
      expect(sent.messages[1].content.slice(0, 2)).toEqual([
        { type: 'thinking', thinking: 'first', signature: signatureFor('first') },
        { type: 'redacted_thinking', data: redactedFor('secret') },
      ]);
      expect(sent.thinking).toMatchObject({ type: 'adaptive' });
    }
  });

  it('what GPT hides comes back to it, taken from the item as it was done', async () => {
    const hidden = reply.parts([
      { type: 'thinking', text: '', hidden: 'secret' },
      { type: 'tool_call', name: 'look', input: { at: 1 } },
    ]);
    const { provider } = bench.seats['openai-responses'];
    provider.script(hidden, reply.text('seen'), hidden, reply.text('seen'));
    const tools = [{ name: 'look', input_schema: { type: 'object' } }];
    for (const stream of [false, true]) {
      const messages: object[] = [{ role: 'user', content: 'hi' }];
      const client = bench.clients['anthropic-messages'];
      const ask = {
        model: bench.seats['openai-responses'].model,
        text: 'hi',
        stream,
        effort: 'low' as const,
        tools: [{ name: 'look', schema: { type: 'object' } }],
      };
      const first = await client.ask(ask);
      messages.push(...(first.next([{ text: 'seen' }]).slice(1) as object[]));
      const { sent } = await exchange(bench, 'anthropic-messages', bench.seats['openai-responses'], {
        tools,
        messages,
      });
      expect(sent.input[1]).toMatchObject({
        type: 'reasoning',
        summary: [],
        encrypted_content: encryptedFor('', 'secret'),
      });
    }
  });
});

describe('reasoning as text', () => {
  const tools = [{ name: 'look', input_schema: { type: 'object' } }];
  const looked = (...blocks: object[]) => ({
    tools,
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [...blocks, { type: 'tool_use', id: 'a', name: 'look', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'seen' }] },
    ],
  });

  it('goes back to a service that demands it, and an empty one for a turn of another model', async () => {
    seats.deepseek.provider.script(
      reply.tools([{ name: 'look', input: '{}' }], { thinking: 'hm well' }),
      reply.text('ok'),
    );
    const client = bench.clients['anthropic-messages'];
    const ask = {
      model: seats.deepseek.model,
      text: 'hi',
      stream: true,
      tools: [{ name: 'look', schema: { type: 'object' } }],
    };
    const first = await client.ask(ask);
    await client.ask({ ...ask, history: first.next([{ text: 'seen' }]) });
    expect(seats.deepseek.provider.requests.at(-1)?.json).toMatchObject({
      messages: [{}, { role: 'assistant', reasoning_content: 'hm well' }, {}],
    });
    const { sent } = await exchange(bench, 'anthropic-messages', seats.deepseek, looked());
    expect(sent.messages[1].reasoning_content).toBe('');
  });

  it('does not go to a service that does not know it', async () => {
    const thought = { type: 'thinking', thinking: 'hm', signature: signatureFor('hm') };
    const { sent, dropped } = await exchange(bench, 'anthropic-messages', seats.strictChat, looked(thought));
    expect(sent.messages[1]).not.toHaveProperty('reasoning_content');
    expect(dropped).toEqual(['reasoning']);
  });

  it('of a chat client is left out where another protocol cannot hold it', async () => {
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'so', reasoning_content: 'hm' },
      { role: 'user', content: 'go on' },
    ];
    for (const provider of ['openai-responses', 'anthropic-messages'] as const) {
      const { sentText, dropped } = await exchange(bench, 'openai-chat', bench.seats[provider], { messages });
      expect(sentText).not.toContain('hm');
      expect(dropped).toEqual(['reasoning']);
    }
  });
});
