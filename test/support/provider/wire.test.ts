/** Answers that depart from a service's usual form, as they are on the wire. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Provider, startProvider } from './provider.ts';
import { type ReadEvent, readEvents } from './read-events.ts';
import { reply } from './reply.ts';
import type { Turn } from './turn.ts';
import type { Wire } from './wire.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.close());

const messages = [{ role: 'user', content: 'hi' }];
const chatRead = (rest: object = {}) =>
  readEvents(provider.url, { model: 'gpt-4o', messages, ...rest }, '/v1/chat/completions');
const messagesRead = () =>
  readEvents(provider.url, { model: 'claude-haiku-4-5', max_tokens: 9, messages }, '/v1/messages');
const responsesRead = () => readEvents(provider.url, { model: 'gpt-5-mini', input: 'hi' }, '/v1/responses');

function script(turn: Turn, wire: Wire): void {
  provider.script(reply.wire(reply.turn(turn), wire));
}

const toolCalls = [
  { name: 'a', input: '{"x": 1}' },
  { name: 'b', input: '{"y": 2}' },
];
const deltasOf = (events: ReadEvent[]) => events.flatMap((event) => event.data.choices?.[0]?.delta ?? []);
const fragmentsOf = (events: ReadEvent[]) => deltasOf(events).flatMap((delta) => delta.tool_calls ?? []);

describe('chat', () => {
  test('calls whose fragments take turns', async () => {
    script({ toolCalls }, { chat: { calls: 'interleaved' } });
    const fragments = fragmentsOf(await chatRead());
    expect(fragments.map((fragment) => fragment.index)).toEqual([0, 1, 0, 1, 0, 1]);
    expect(fragments.map((fragment) => fragment.id)).toEqual(['call_0', 'call_1', ...Array(4)]);
  });

  test('calls that all say index 0', async () => {
    script({ toolCalls }, { chat: { indices: 'zero' } });
    const fragments = fragmentsOf(await chatRead());
    expect(new Set(fragments.map((fragment) => fragment.index))).toEqual(new Set([0]));
    expect(fragments.flatMap((fragment) => fragment.id ?? [])).toEqual(['call_0', 'call_1']);
  });

  test.each([
    ['empty', { id: '' }],
    ['missing', {}],
  ] as const)('whole calls without index, ids %s', async (ids, id) => {
    const extra = { extra_content: { google: { thought_signature: 's' } } };
    script(
      { toolCalls: [{ name: 'a', input: '', extra }] },
      { chat: { calls: 'whole', indices: 'missing', ids } },
    );
    expect(fragmentsOf(await chatRead())).toEqual([
      { ...id, type: 'function', function: { name: 'a', arguments: '' }, ...extra },
    ]);
  });

  test('reasoning in other fields', async () => {
    const turn = { thinking: 'so so', text: 'x' };
    script(turn, { chat: { reasoning: ['reasoning', 'reasoning_details'] } });
    const deltas = deltasOf(await chatRead());
    expect(deltas.map((delta) => delta.reasoning ?? '').join('')).toBe('so so');
    const details = deltas.flatMap((delta) => delta.reasoning_details ?? []);
    expect(details.map((detail) => detail.text ?? '').join('')).toBe('so so');
    expect(details.at(-1)).toMatchObject({ type: 'reasoning.text', signature: expect.any(String) });
    script(turn, { chat: { reasoning: ['content_parts'] } });
    expect(deltasOf(await chatRead())[1]).toEqual({
      content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'so' }] }],
    });
    script(turn, { chat: { reasoning: [] } });
    expect(JSON.stringify(await chatRead())).not.toMatch(/reasoning|"so"/);
  });

  test('usage in other places', async () => {
    const asked = { stream_options: { include_usage: true } };
    script({ text: 'x' }, { chat: { usage: 'bare_chunk' } });
    const bare = (await chatRead(asked)).at(-2)?.data;
    expect(bare.usage.prompt_tokens).toBe(10);
    expect(bare).not.toHaveProperty('choices');
    script({ text: 'x' }, { chat: { usage: 'finish_chunk' } });
    expect((await chatRead()).at(-2)?.data).toMatchObject({
      choices: [{ finish_reason: 'stop' }],
      usage: { prompt_tokens: 10 },
    });
    script({ text: 'x' }, { chat: { usage: 'every_chunk' } });
    const chunks = (await chatRead()).filter((event) => event.data !== '[DONE]');
    expect(chunks.every((event) => event.data.usage.completion_tokens === 5)).toBe(true);
    script({ text: 'x', usage: null }, {});
    expect(JSON.stringify(await chatRead(asked))).not.toContain('prompt_tokens');
  });

  test('no end mark, the role everywhere, odd reasons', async () => {
    script({ text: 'x', finishAs: 'eos' }, { chat: { noDone: true, roleEverywhere: true } });
    const events = await chatRead();
    expect(events.at(-1)?.data.choices[0].finish_reason).toBe('eos');
    expect(deltasOf(events.slice(0, -1)).every((delta) => delta.role === 'assistant')).toBe(true);
  });

  test('errors: as an event, within a chunk, first of all', async () => {
    provider.script(
      reply.error(reply.text('half'), { type: 'tokens', code: 'rate_limit_exceeded', message: 'Slow.' }),
    );
    expect((await chatRead()).at(-1)?.data).toEqual({
      error: { message: 'Slow.', type: 'tokens', param: null, code: 'rate_limit_exceeded' },
    });
    provider.script(reply.error(reply.text('half'), { after: 0, form: 'chunk', code: '502' }));
    expect(await chatRead()).toMatchObject([
      { data: { error: { code: '502' }, choices: [{ finish_reason: 'error' }] } },
    ]);
  });
});

describe('messages', () => {
  const namesOf = (events: ReadEvent[]) => events.map((event) => event.data.index ?? event.name);

  test('blocks that are open at the same time', async () => {
    script({ text: 'one two', toolCalls }, { messages: { blocks: 'interleaved' } });
    const indices = namesOf(await messagesRead());
    expect(indices.slice(1, 8)).toEqual([0, 1, 2, 0, 1, 2, 0]);
    expect(indices.slice(-5)).toEqual([0, 1, 2, 'message_delta', 'message_stop']);
  });

  test('text in the opening of a block', async () => {
    script({ thinking: 'so', text: 'one two' }, { messages: { textInStart: true } });
    const opened = (await messagesRead()).flatMap((event) => event.data.content_block ?? []);
    expect(opened).toMatchObject([{ thinking: 'so' }, { text: 'one' }]);
  });

  test.each(['zero', 'missing'] as const)(
    'input tokens that come at the end alone (%s)',
    async (startUsage) => {
      script({ text: 'x' }, { messages: { startUsage } });
      const events = await messagesRead();
      const told = startUsage === 'zero' ? { input_tokens: 0, output_tokens: 0 } : { output_tokens: 0 };
      expect(events[0]?.data.message.usage).toEqual(told);
      expect(events.at(-2)?.data.usage).toMatchObject({ input_tokens: 10, output_tokens: 5 });
    },
  );

  test('a last usage of output tokens alone', async () => {
    script({ text: 'x' }, { messages: { deltaUsage: 'output' } });
    expect((await messagesRead()).at(-2)?.data.usage).toEqual({ output_tokens: 5 });
  });

  test('no usage at all', async () => {
    script({ text: 'x' }, { messages: { startUsage: 'absent', deltaUsage: 'absent' } });
    expect(JSON.stringify(await messagesRead())).not.toContain('usage');
  });

  test('errors of a kind', async () => {
    provider.script(
      reply.error(reply.text('half'), { type: 'rate_limit_error', message: 'Slow.', after: 0 }),
    );
    expect(await messagesRead()).toMatchObject([
      { name: 'error', data: { type: 'error', error: { type: 'rate_limit_error', message: 'Slow.' } } },
    ]);
  });
});

describe('responses', () => {
  const typesOf = (events: ReadEvent[]) => events.map((event) => event.data.type);

  test('items that come whole', async () => {
    script({ text: 'x', toolCalls }, { responses: { noDeltas: true, emptyOutput: true } });
    const events = await responsesRead();
    expect(typesOf(events).slice(2)).toEqual([
      ...Array(3).fill('response.output_item.done'),
      'response.completed',
    ]);
    expect(events.at(-1)?.data.response.output).toEqual([]);
  });

  test('deltas of items that were not opened', async () => {
    script({ text: 'x' }, { responses: { noAdded: true } });
    expect(typesOf(await responsesRead())[2]).toBe('response.content_part.added');
  });

  test('errors: flat, nested, and a response that failed', async () => {
    const error = { code: 'rate_limit_exceeded', message: 'Slow.' };
    provider.script(reply.error(reply.text('half'), error));
    expect((await responsesRead()).at(-1)?.data).toMatchObject({ type: 'error', ...error, param: null });
    provider.script(reply.error(reply.text('half'), { ...error, form: 'nested', after: 0 }));
    expect(await responsesRead()).toMatchObject([{ data: { type: 'error', error, sequence_number: 0 } }]);
    provider.script(reply.error(reply.text('half'), { ...error, form: 'failed' }));
    expect((await responsesRead()).at(-1)?.data).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error },
    });
  });
});

test('strangers stand among the known events of every protocol', async () => {
  script({ text: 'x' }, { strangers: true });
  for (const read of [chatRead, messagesRead, responsesRead]) {
    const events = await read();
    expect(JSON.stringify(events)).toContain('hologram');
    expect(JSON.stringify(events)).toContain('"x"');
  }
});

test('characters that come in halves', async () => {
  script({ text: ['\ud83d', '\ude00'] }, {});
  for (const read of [chatRead, messagesRead, responsesRead]) {
    const said = JSON.stringify(await read());
    expect(said).toContain('"\\ud83d"');
    expect(said).toContain('"\\ude00"');
  }
});

test('events of the script’s own, and the last word on others', async () => {
  provider.script(reply.events([{ name: 'odd', data: { a: 1 } }, { data: '{broken' }], { whole: true }));
  for (const read of [chatRead, messagesRead, responsesRead]) {
    expect(await read()).toEqual([
      { name: 'odd', data: { a: 1 } },
      { name: undefined, data: '{broken' },
    ]);
  }
  provider.script(
    reply.edited(reply.text('one two'), (rendered) => ({ ...rendered, events: rendered.events.slice(-1) })),
  );
  expect(await chatRead()).toEqual([{ name: undefined, data: '[DONE]' }]);
});
