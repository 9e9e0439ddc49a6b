/** What Cursor posts to the chat route: bodies of the Responses API, and Anthropic's blocks and tools. */
import { beforeEach, describe, expect, it } from 'vitest';
import { reply } from '../support/provider/reply.ts';
import { PROTOCOLS, resetScripts, useHub } from './bench.ts';
import { exchange, type Protocol } from './exchange.ts';
import { said } from './reading/said.ts';
import { useSeats } from './seats.ts';

const bench = useHub();
const seats = useSeats(bench, {
  openaiChat: { protocol: 'openai-chat', kind: 'openai', models: ['gpt-4.1'] },
});
beforeEach(() => {
  resetScripts(bench);
  seats.openaiChat.provider.script(reply.text('ok'));
});

const chat = (provider: Protocol, fields: object) =>
  exchange(bench, 'openai-chat', bench.seats[provider], fields);

const PATCH = '*** Begin Patch\n*** Update File: "a.ts"\n+const x = `1`;\n*** End Patch\n';
const GRAMMAR = {
  type: 'grammar',
  syntax: 'lark',
  definition: 'start: "*** Begin Patch" /.+/ "*** End Patch"',
};
/** As Cursor lists them: flat, the free-text tool among functions. */
const TOOLS = [
  {
    type: 'function',
    name: 'read_file',
    description: 'Reads',
    parameters: { type: 'object', properties: { path: { type: 'string' } } },
    strict: false,
  },
  { type: 'custom', name: 'ApplyPatch', description: 'Patches', format: GRAMMAR },
];

describe('a Responses body on the chat route', () => {
  const body = {
    messages: undefined,
    input: [
      { role: 'system', content: 'You are Cursor.' },
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'fix it' },
          { type: 'input_image', image_url: 'https://a.example/a.png' },
        ],
      },
    ],
    tools: TOOLS,
    tool_choice: 'auto',
    reasoning: { effort: 'low', summary: 'auto' },
    text: { verbosity: 'low' },
    include: ['reasoning.encrypted_content'],
    store: false,
    stream: true,
    stream_options: { include_usage: true },
    prompt_cache_key: 'k',
    user: 'u',
  };

  it.each(PROTOCOLS)('reaches a provider of %s, and chat chunks come back with usage', async (provider) => {
    bench.seats[provider].provider.script(reply.text('Fixed, 💡', { usage: { input: 70, output: 7 } }));
    const answer = await chat(provider, body);
    expect(said('openai-chat', answer)).toMatchObject({
      text: 'Fixed, 💡',
      finish: 'stop',
      usage: { input: 70, output: 7 },
    });
    expect(answer.sentText).toContain('You are Cursor.');
    expect(answer.sentText).toContain('https://a.example/a.png');
    if (provider === 'openai-responses') expect(answer.sent.stream_options).toBeUndefined();
  });

  it.each(PROTOCOLS)(
    'a patch comes back from %s as a function whose arguments are the text, and is taken back so',
    async (provider) => {
      const isCustom = provider === 'openai-responses';
      const input = isCustom ? PATCH : { input: PATCH };
      bench.seats[provider].provider.script(
        reply.tools([
          { name: 'ApplyPatch', input, custom: isCustom },
          { name: 'read_file', input: { path: 'a' } },
        ]),
      );
      for (const stream of [true, false]) {
        const answer = await chat(provider, { ...body, stream, stream_options: undefined });
        const { calls, finish } = said('openai-chat', answer);
        expect(finish).toBe('tool_calls');
        expect(calls).toMatchObject([
          { kind: 'function', name: 'ApplyPatch', input: PATCH },
          { kind: 'function', name: 'read_file', input: '{"path":"a"}' },
        ]);
        bench.seats[provider].provider.script(reply.text('Done.'));
        const history = calls.flatMap(({ id, name, input: args }) => [
          { type: 'function_call', call_id: id, name, arguments: args },
          { type: 'function_call_output', call_id: id, output: `${name}: applied` },
        ]);
        const next = await chat(provider, {
          ...body,
          stream: false,
          stream_options: undefined,
          input: [...body.input, ...history],
        });
        expect(next.json.choices[0].message.content).toBe('Done.');
        expect(next.sentText).toContain('*** Update File');
        expect(next.sentText).toContain('ApplyPatch: applied');
        bench.seats[provider].provider.script(
          reply.tools([
            { name: 'ApplyPatch', input, custom: isCustom },
            { name: 'read_file', input: { path: 'a' } },
          ]),
        );
      }
    },
  );

  it('a call as a whole input, and `input` as a text, are read too', async () => {
    const { sent } = await chat('anthropic-messages', { messages: undefined, input: 'hi', stream: false });
    expect(sent.messages).toMatchObject([{ role: 'user', content: [{ text: 'hi' }] }]);
  });

  it('is taken on the path of Azure as well, with its key', async () => {
    const { model } = bench.seats['anthropic-messages'];
    const path = `/openai/deployments/${model}/chat/completions?api-version=2025-01-01`;
    const headers = { authorization: '', 'api-key': bench.gateway.key };
    const answer = await exchange(bench, 'openai-chat', bench.seats['anthropic-messages'], body, {
      path,
      headers,
    });
    expect(said('openai-chat', answer).text).toBe('ok');
  });

  it('keeps the grammar of a free-text tool where the provider takes one', async () => {
    const { sent } = await chat('openai-responses', body);
    expect(sent.tools[1]).toEqual(TOOLS[1]);
    const { sentText } = await chat('anthropic-messages', body);
    expect(sentText).toContain('*** Begin Patch');
  });
});

describe('a chat body with a flat free-text tool among its tools', () => {
  const tools = [
    { type: 'function', function: { name: 'read_file', parameters: { type: 'object' } } },
    { type: 'custom', name: 'ApplyPatch', format: GRAMMAR },
  ];
  const places = {
    ...Object.fromEntries(PROTOCOLS.map((protocol) => [protocol, protocol])),
    openaiChat: 'openaiChat',
  };

  it.each(Object.keys(places))('is understood, and a call comes back as a function’s: %s', async (place) => {
    const seat = place === 'openaiChat' ? seats.openaiChat : bench.seats[place as Protocol];
    const isCustom = place === 'openai-responses' || place === 'openaiChat';
    seat.provider.script(
      reply.tools([{ name: 'ApplyPatch', input: isCustom ? PATCH : { input: PATCH }, custom: isCustom }]),
    );
    for (const stream of [true, false]) {
      const answer = await exchange(bench, 'openai-chat', seat, { tools, stream });
      expect(said('openai-chat', answer).calls).toMatchObject([
        { kind: 'function', name: 'ApplyPatch', input: PATCH },
      ]);
    }
    seat.provider.script(reply.text('ok'));
    const call = { id: 'c1', type: 'function', function: { name: 'ApplyPatch', arguments: PATCH } };
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [], tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: 'applied' },
    ];
    const { sentText } = await exchange(bench, 'openai-chat', seat, { tools, messages });
    expect(sentText).toContain('Update File');
    expect(sentText).toContain('applied');
  });
});

describe('Anthropic’s shapes in a chat body', () => {
  const body = {
    system: [{ type: 'text', text: 'You are Cursor.', cache_control: { type: 'ephemeral' } }],
    tools: [
      {
        name: 'read_file',
        description: 'Reads',
        input_schema: { type: 'object', properties: { path: { type: 'string' } } },
      },
    ],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Looking.' },
          { type: 'tool_use', id: 'toolu_1', name: 'read_file', input: { path: 'a' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'found' }] },
          { type: 'text', text: 'go on' },
        ],
      },
    ],
  };

  it.each(PROTOCOLS)(
    'reach a provider of %s in its own words, and the answer is a chat’s',
    async (provider) => {
      bench.seats[provider].provider.script(reply.tools([{ name: 'read_file', input: { path: 'b' } }]));
      for (const stream of [true, false]) {
        const answer = await chat(provider, { ...body, stream });
        expect(said('openai-chat', answer)).toMatchObject({
          finish: 'tool_calls',
          calls: [{ kind: 'function', name: 'read_file' }],
        });
        for (const part of ['You are Cursor.', 'iVBORw0KGgo=', 'Looking.', 'toolu_1', 'found', 'go on'])
          expect(answer.sentText).toContain(part);
        const choices = {
          'openai-chat': { tool_choice: 'required', parallel_tool_calls: false },
          'openai-responses': { tool_choice: 'required', parallel_tool_calls: false },
          'anthropic-messages': { tool_choice: { type: 'any', disable_parallel_tool_use: true } },
        }[provider];
        expect(answer.sent).toMatchObject(choices);
      }
    },
  );

  it('a named tool, and none, are chosen in Anthropic’s words', async () => {
    const { sent } = await chat('openai-responses', {
      ...body,
      tool_choice: { type: 'tool', name: 'read_file' },
    });
    expect(sent.tool_choice).toEqual({ type: 'function', name: 'read_file' });
    const none = await chat('openai-chat', { ...body, tool_choice: { type: 'none' } });
    expect(none.sent.tool_choice).toBe('none');
  });

  it('Claude’s thinking comes back to it through them', async () => {
    bench.seats['anthropic-messages'].provider.script(
      reply.tools([{ name: 'read_file', input: { path: 'b' } }], { thinking: 'hm' }),
      reply.text('ok'),
    );
    const asked = { ...body, tool_choice: undefined, thinking: { type: 'adaptive' } };
    const first = await chat('anthropic-messages', asked);
    const { message } = first.json.choices[0];
    const messages = [
      ...body.messages,
      message,
      { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'x' },
    ];
    const { sent } = await chat('anthropic-messages', { ...asked, messages });
    expect(sent.messages[3].content[0]).toMatchObject({ type: 'thinking', thinking: 'hm' });
    expect(sent.thinking).toEqual({ type: 'adaptive' });
  });
});

describe('an empty content', () => {
  it.each(PROTOCOLS)('of a turn of calls, and anywhere else, is no fault at %s', async (provider) => {
    const messages = [
      { role: 'system', content: [] },
      { role: 'user', content: [{ type: 'text', text: 'hi' }] },
      {
        role: 'assistant',
        content: [],
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: [] },
    ];
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }, TOOLS[1]];
    const { status } = await chat(provider, { messages, tools });
    expect(status).toBe(200);
  });
});
