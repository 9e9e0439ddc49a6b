/** Turns of many parts, as the official SDKs read them, whole and streamed. */
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encryptedFor, redactedFor, signatureFor } from './proof.ts';
import { type Provider, startProvider } from './provider.ts';
import { readEvents } from './read-events.ts';
import { reply } from './reply.ts';
import type { Part } from './turn.ts';

let provider: Provider;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  provider = await startProvider();
  openai = new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'sk-provider', maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: provider.url, apiKey: 'sk-provider', maxRetries: 0 });
});
afterAll(() => provider.close());

const messages = [{ role: 'user' as const, content: 'hi' }];
const claude = { model: 'claude-haiku-4-5', max_tokens: 100, messages };
const chat = { model: 'gpt-4o', messages };
const responses = { model: 'gpt-5-mini', input: 'hi' };

const search: Part = {
  type: 'web_search',
  query: 'rain in Bern',
  results: [{ url: 'https://a.example/', title: 'A' }],
};
const citations = [{ url: 'https://a.example/', title: 'A', quote: 'It rains.' }];
const interleaved: Part[] = [
  { type: 'thinking', text: 'first thought' },
  { type: 'text', text: 'Looking.' },
  { type: 'tool_call', name: 'a', input: { n: 1 } },
  { type: 'thinking', text: '', hidden: 'not shown' },
  { type: 'redacted_thinking', hidden: 'withheld' },
  { type: 'tool_call', name: 'b' },
  { type: 'text', text: 'Both asked.' },
];

describe('messages', () => {
  const both = async () => [
    await anthropic.messages.create(claude),
    await anthropic.messages.stream(claude).finalMessage(),
  ];

  test('interleave thinking, hidden and redacted too, with text and calls', async () => {
    provider.script(reply.parts(interleaved));
    for (const message of await both()) {
      expect(message.content).toMatchObject([
        { type: 'thinking', thinking: 'first thought', signature: signatureFor('first thought') },
        { type: 'text', text: 'Looking.' },
        { type: 'tool_use', id: 'toolu_0', name: 'a', input: { n: 1 } },
        { type: 'thinking', thinking: '', signature: signatureFor('', 'not shown') },
        { type: 'redacted_thinking', data: redactedFor('withheld') },
        { type: 'tool_use', id: 'toolu_1', name: 'b', input: {} },
        { type: 'text', text: 'Both asked.' },
      ]);
      expect(message.stop_reason).toBe('tool_use');
    }
  });

  test('show nothing of hidden thinking but its signature', async () => {
    provider.script(reply.parts([{ type: 'thinking', text: '', hidden: 'not shown' }]));
    const events = await readEvents(provider.url, claude, '/v1/messages');
    const deltas = events.filter((event) => event.name === 'content_block_delta');
    expect(deltas.map((event) => event.data.delta.type)).toEqual(['signature_delta']);
    expect(JSON.stringify(events)).not.toContain('not shown');
  });

  test('search and cite', async () => {
    provider.script(
      reply.parts([
        { type: 'text', text: 'A moment.' },
        search,
        { type: 'text', text: 'It rains.', citations },
      ]),
    );
    for (const message of await both()) {
      expect(message.content).toMatchObject([
        { type: 'text', citations: null },
        { type: 'server_tool_use', id: 'srvtoolu_0', name: 'web_search', input: { query: 'rain in Bern' } },
        {
          type: 'web_search_tool_result',
          tool_use_id: 'srvtoolu_0',
          content: [{ url: 'https://a.example/' }],
        },
        { type: 'text', citations: [{ type: 'web_search_result_location', cited_text: 'It rains.' }] },
      ]);
      expect(message.usage.server_tool_use).toMatchObject({ web_search_requests: 1 });
    }
  });

  test.each([
    [
      'a refusal',
      reply.parts([{ type: 'refusal', text: 'Not that.' }]),
      { stop_reason: 'refusal', stop_details: { explanation: 'Not that.' } },
    ],
    [
      'a full window',
      reply.text('so', { finish: 'context_window' }),
      { stop_reason: 'model_context_window_exceeded' },
    ],
    ['a pause', reply.parts([search], { finish: 'pause_turn' }), { stop_reason: 'pause_turn' }],
    ['a reason of tomorrow', reply.text('so', { finishAs: 'bored' }), { stop_reason: 'bored' }],
  ])('end with %s', async (_, scripted, expected) => {
    provider.script(scripted);
    for (const message of await both()) expect(message).toMatchObject(expected);
  });

  test('split what the cache was given by how long it is kept', async () => {
    provider.script(
      reply.text('x', { usage: { input: 100, output: 5, cached: 20, cacheWrite: 50, cacheWrite1h: 40 } }),
    );
    for (const { usage } of await both()) {
      expect(usage).toMatchObject({
        input_tokens: 30,
        cache_read_input_tokens: 20,
        cache_creation_input_tokens: 50,
      });
      expect(usage.cache_creation).toEqual({ ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 40 });
    }
  });

  test('keep numbers no JavaScript number holds', async () => {
    provider.script(reply.tools([{ name: 'f', input: '{"id":12345678901234567890,"x":1.10}' }]));
    const response = await fetch(`${provider.url}/v1/messages`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-provider', 'anthropic-version': '2023-06-01' },
      body: JSON.stringify(claude),
    });
    expect(await response.text()).toContain('"input":{"id":12345678901234567890,"x":1.10}');
  });
});

describe('responses', () => {
  const both = async () => [
    await openai.responses.create(responses),
    await openai.responses.stream(responses).finalResponse(),
  ];

  test('make an item of each thought, message and call', async () => {
    provider.script(reply.parts(interleaved));
    for (const { output } of await both()) {
      expect(output).toMatchObject([
        { id: 'rs_scripted', type: 'reasoning', encrypted_content: encryptedFor('first thought') },
        { id: 'msg_scripted', type: 'message', content: [{ text: 'Looking.' }] },
        { id: 'fc_0', type: 'function_call', name: 'a', arguments: '{"n":1}' },
        { id: 'rs_scripted_1', summary: [], encrypted_content: encryptedFor('', 'not shown') },
        { id: 'rs_scripted_2', summary: [], encrypted_content: encryptedFor('', 'withheld') },
        { id: 'fc_1', type: 'function_call', name: 'b', arguments: '{}' },
        { id: 'msg_scripted_1', type: 'message', content: [{ text: 'Both asked.' }] },
      ]);
    }
  });

  test('sum reasoning up in several parts, or show it as it is', async () => {
    provider.script(
      reply.parts([
        { type: 'thinking', text: '', paragraphs: ['**One**', '**Two**'] },
        { type: 'thinking', text: 'plain thought', raw: true },
      ]),
    );
    for (const { output } of await both()) {
      expect(output[0]).toMatchObject({ summary: [{ text: '**One**' }, { text: '**Two**' }] });
      expect(output[1]).toMatchObject({
        summary: [],
        content: [{ type: 'reasoning_text', text: 'plain thought' }],
      });
      expect(output[1]).not.toHaveProperty('encrypted_content');
    }
  });

  test('refuse, cite and search', async () => {
    provider.script(
      reply.parts([
        search,
        { type: 'text', text: 'It rains.', citations, phase: 'commentary' },
        { type: 'text', text: 'Take a coat.', phase: 'final_answer' },
        { type: 'refusal', text: 'No more.' },
      ]),
    );
    for (const { output } of await both()) {
      expect(output).toMatchObject([
        { id: 'ws_scripted', type: 'web_search_call', action: { type: 'search', query: 'rain in Bern' } },
        { phase: 'commentary', content: [{ annotations: [{ type: 'url_citation', end_index: 9 }] }] },
        { phase: 'final_answer', content: [{ text: 'Take a coat.' }] },
        { content: [{ type: 'refusal', refusal: 'No more.' }] },
      ]);
    }
  });

  test('put texts that stand together into one message', async () => {
    provider.script(
      reply.parts([
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
        { type: 'refusal', text: 'c' },
      ]),
    );
    for (const { output } of await both()) {
      expect(output).toMatchObject([{ content: [{ text: 'a' }, { text: 'b' }, { refusal: 'c' }] }]);
    }
  });

  test('give no id that the history has', async () => {
    provider.script(reply.tools([{ name: 'f' }], { thinking: 'hm' }));
    const first = await openai.responses.create(responses);
    const output = { type: 'function_call_output' as const, call_id: 'call_0', output: 'x' };
    const input = [
      { role: 'user' as const, content: 'hi' },
      ...first.output,
      output,
    ] as OpenAI.Responses.ResponseInput;
    const second = await openai.responses.create({ ...responses, input });
    expect(second.output).toMatchObject([{ id: 'rs_scripted_1' }, { id: 'fc_1', call_id: 'call_1' }]);
  });
});

describe('chat', () => {
  const both = async () => [
    await openai.chat.completions.create(chat),
    await openai.chat.completions.stream(chat).finalChatCompletion(),
  ];

  test('joins texts and gathers calls', async () => {
    provider.script(reply.parts(interleaved));
    for (const { choices } of await both()) {
      expect(choices[0]).toMatchObject({
        finish_reason: 'tool_calls',
        message: {
          content: 'Looking.Both asked.',
          tool_calls: [
            { id: 'call_0', function: { name: 'a' } },
            { id: 'call_1', function: { name: 'b' } },
          ],
        },
      });
    }
  });

  test('refuses in a field of its own', async () => {
    provider.script(reply.parts([{ type: 'refusal', text: ['No', ', sorry.'] }]));
    for (const { choices } of await both()) {
      expect(choices[0]).toMatchObject({
        finish_reason: 'stop',
        message: { content: null, refusal: 'No, sorry.' },
      });
    }
  });

  test('cites by place', async () => {
    provider.script(
      reply.parts([
        { type: 'text', text: 'So: ' },
        { type: 'text', text: 'It rains.', citations },
      ]),
    );
    const answer = await openai.chat.completions.create(chat);
    expect(answer.choices[0]?.message.annotations).toEqual([
      {
        type: 'url_citation',
        url_citation: { url: 'https://a.example/', title: 'A', start_index: 4, end_index: 13 },
      },
    ]);
  });
});

test('raw parts are sent as they are', async () => {
  const block = { type: 'fallback', model: 'claude-haiku-4-5' };
  const item = { type: 'compaction', id: 'cmp_1', encrypted_content: 'x' };
  provider.script(
    reply.parts([
      { type: 'raw', messages: block, responses: item, chat: [{ audio: { id: 'audio_1' } }] },
      { type: 'text', text: 'x' },
    ]),
  );
  expect((await anthropic.messages.create(claude)).content[0]).toEqual(block);
  expect((await openai.responses.create(responses)).output[0]).toEqual(item);
  expect((await openai.chat.completions.create(chat)).choices[0]?.message).toMatchObject({
    audio: { id: 'audio_1' },
  });
  const opened = {
    opened: { ...block, model: '' },
    deltas: [{ type: 'model_delta', model: 'm' }],
    closed: block,
  };
  provider.script(reply.parts([{ type: 'raw', messages: opened }]));
  const events = await readEvents(provider.url, claude, '/v1/messages');
  expect(events.map((event) => event.data.delta?.type)).toContain('model_delta');
});
