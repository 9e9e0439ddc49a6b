/** Calls and their results in a conversation: every service wants them together, in a form of its own. */
import { beforeEach, describe, expect, it } from 'vitest';
import { resetScripts, useHub } from './bench.ts';
import { type Exchange, exchange, type Protocol } from './exchange.ts';

const bench = useHub();
beforeEach(() => resetScripts(bench));

const to = (provider: Protocol, client: Protocol, fields: object): Promise<Exchange> =>
  exchange(bench, client, bench.seats[provider], fields);

const user = (content: unknown) => ({ role: 'user', content });
const chatCall = (id: string, args = '{"city":"Rome"}', name = 'get_weather') => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});
const chatCalls = (...ids: string[]) => ({
  role: 'assistant',
  content: null,
  tool_calls: ids.map((id) => chatCall(id)),
});
const chatResult = (tool_call_id: string, content: unknown) => ({ role: 'tool', tool_call_id, content });
const call = (call_id: string, args = '{"city":"Rome"}') => ({
  type: 'function_call',
  id: `fc_${call_id}`,
  call_id,
  name: 'get_weather',
  arguments: args,
});
const output = (call_id: string, text: string) => ({ type: 'function_call_output', call_id, output: text });
const use = (id: string, input: object = { city: 'Rome' }) => ({
  type: 'tool_use',
  id,
  name: 'get_weather',
  input,
});
const result = (tool_use_id: string, content: unknown, rest: object = {}) => ({
  type: 'tool_result',
  tool_use_id,
  content,
  ...rest,
});
const text = (said: string) => ({ type: 'text', text: said });

const CHAT_TOOLS = [
  { type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } },
];
const TOOLS = [{ type: 'function', name: 'get_weather', parameters: { type: 'object' }, strict: false }];
const ANTHROPIC_TOOLS = [{ name: 'get_weather', input_schema: { type: 'object' } }];

/** Without what is set for the provider's cache alone. */
const bare = (messages: { role: string; content: object[] }[]) =>
  messages.map(({ role, content }) => ({
    role,
    content: content.map((block) => {
      const { cache_control: _, ...rest } = block as { cache_control?: unknown };
      return rest;
    }),
  }));

const chatToAnthropic = async (messages: object[]) => {
  const { sent } = await to('anthropic-messages', 'openai-chat', { messages, tools: CHAT_TOOLS });
  return bare(sent.messages);
};
const inputToAnthropic = async (input: object[]) => {
  const { sent } = await to('anthropic-messages', 'openai-responses', { input, tools: TOOLS });
  return bare(sent.messages);
};

describe('to Anthropic', () => {
  it('results that came in several messages, and in another order, lead the next one together', async () => {
    const messages = await chatToAnthropic([
      user('hi'),
      chatCalls('a', 'b'),
      chatResult('b', 'sun'),
      chatResult('a', [text('rain')]),
      user('and now?'),
    ]);
    expect(messages.slice(1)).toEqual([
      { role: 'assistant', content: [use('a'), use('b')] },
      { role: 'user', content: [result('a', 'rain'), result('b', 'sun'), text('and now?')] },
    ]);
  });

  it('what the user said between a call and its result goes behind the result', async () => {
    const messages = await chatToAnthropic([
      user('hi'),
      chatCalls('a'),
      user('hurry'),
      chatResult('a', 'rain'),
    ]);
    expect(messages[2]).toEqual({ role: 'user', content: [result('a', 'rain'), text('hurry')] });
  });

  it('what the assistant said between a call and its result is in the turn of the call', async () => {
    const said = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Looking.' }] };
    const messages = await inputToAnthropic([user('hi'), call('a'), said, output('a', 'rain')]);
    expect(messages.slice(1)).toEqual([
      { role: 'assistant', content: [use('a'), text('Looking.')] },
      { role: 'user', content: [result('a', 'rain')] },
    ]);
  });

  it('items and messages of the assistant in a row are one message', async () => {
    const messages = await inputToAnthropic([
      user('hi'),
      { role: 'assistant', content: 'One.' },
      { role: 'assistant', content: 'Two.' },
      call('a'),
      call('b'),
      output('a', 'rain'),
      output('b', 'sun'),
    ]);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(messages[1]?.content).toEqual([text('One.'), text('Two.'), use('a'), use('b')]);
  });

  it('a call without its result gets one that says so; a result without its call becomes text', async () => {
    const messages = await chatToAnthropic([user('hi'), chatCalls('a'), chatResult('gone', 'old news')]);
    expect(messages[1]?.content).toEqual([use('a')]);
    const [stub, ...rest] = messages[2]?.content ?? [];
    expect(stub).toMatchObject({ type: 'tool_result', tool_use_id: 'a', is_error: true });
    expect(JSON.stringify(rest)).toContain('old news');
  });

  it.each([[null], [''], [[]], [[text('')]]])(
    'a turn of calls alone, its content %j, has no text',
    async (content) => {
      const messages = await chatToAnthropic([
        user('hi'),
        { role: 'assistant', content, tool_calls: [chatCall('a')] },
        chatResult('a', 'rain'),
      ]);
      expect(messages[1]?.content).toEqual([use('a')]);
    },
  );

  it('empty arguments are an empty object', async () => {
    for (const args of ['', ' ', '{}']) {
      const messages = await inputToAnthropic([user('hi'), call('a', args), output('a', 'rain')]);
      expect(messages[1]?.content).toEqual([use('a', {})]);
    }
  });

  it('broken arguments are refused by name, not sent as something else', async () => {
    const before = bench.seats['anthropic-messages'].provider.requests.length;
    for (const args of ['{"city": "Ro', '[1]', 'Rome']) {
      const messages = [
        user('hi'),
        { role: 'assistant', tool_calls: [chatCall('a', args)] },
        chatResult('a', 'rain'),
      ];
      const { status, json } = await to('anthropic-messages', 'openai-chat', { messages, tools: CHAT_TOOLS });
      expect([status, json.error.code]).toEqual([400, 'invalid_request']);
      expect(json.error.message).toContain('get_weather');
    }
    expect(bench.seats['anthropic-messages'].provider.requests.length).toBe(before);
  });

  it('ids that do not fit become ones that do, the same for a call and its result', async () => {
    const id = 'functions.get_weather:0/é';
    const messages = await chatToAnthropic([user('hi'), chatCalls(id), chatResult(id, 'rain')]);
    const [called, answered] = messages.slice(1).flatMap(({ content }) => content);
    expect(called).toMatchObject({ id: expect.stringMatching(/^[a-zA-Z0-9_-]+$/) });
    expect(answered).toMatchObject({ tool_use_id: (called as { id: string }).id });
  });

  it('ids that come again in a later turn are told apart', async () => {
    const messages = await chatToAnthropic([
      user('hi'),
      chatCalls('call_0'),
      chatResult('call_0', 'rain'),
      chatCalls('call_0'),
      chatResult('call_0', 'sun'),
    ]);
    const ids = messages.flatMap(({ content }) =>
      content.map((block) => (block as { id?: string }).id ?? []),
    );
    expect(new Set(ids.flat()).size).toBe(2);
    expect(messages[4]?.content[0]).toMatchObject({ content: 'sun' });
  });

  it('a conversation with calls whose tools are no longer offered is still taken', async () => {
    const { sent } = await to('anthropic-messages', 'openai-chat', {
      messages: [user('hi'), chatCalls('a'), chatResult('a', 'rain'), user('sum up')],
    });
    expect(sent.tools).toEqual([{ name: 'get_weather', input_schema: { type: 'object' } }]);
    expect(sent.tool_choice).toEqual({ type: 'none' });
  });
});

describe('to a chat provider', () => {
  const sentTo = async (client: Protocol, fields: object) =>
    (await to('openai-chat', client, fields)).sent.messages;

  it('each result is a message of its own right behind the calls; text of the user follows', async () => {
    const messages = await sentTo('anthropic-messages', {
      tools: ANTHROPIC_TOOLS,
      messages: [
        user('hi'),
        { role: 'assistant', content: [text('Looking.'), use('a'), use('b')] },
        user([result('b', 'sun'), result('a', [text('rain')]), text('and now?')]),
      ],
    });
    expect(messages.slice(1)).toEqual([
      { role: 'assistant', content: 'Looking.', tool_calls: [chatCall('a'), chatCall('b')] },
      chatResult('a', 'rain'),
      chatResult('b', 'sun'),
      user('and now?'),
    ]);
  });

  it('calls alone have `content: null`, and no arguments are an empty object', async () => {
    const messages = await sentTo('anthropic-messages', {
      tools: ANTHROPIC_TOOLS,
      messages: [user('hi'), { role: 'assistant', content: [use('a', {})] }, user([result('a', 'rain')])],
    });
    expect(messages[1]).toEqual({ role: 'assistant', content: null, tool_calls: [chatCall('a', '{}')] });
  });

  it('text behind calls goes before them', async () => {
    const said = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Looking.' }] };
    const messages = await sentTo('openai-responses', {
      tools: TOOLS,
      input: [user('hi'), call('a'), said, call('b'), output('a', 'rain'), output('b', 'sun')],
    });
    expect(messages.slice(1)).toEqual([
      { role: 'assistant', content: 'Looking.', tool_calls: [chatCall('a'), chatCall('b')] },
      chatResult('a', 'rain'),
      chatResult('b', 'sun'),
    ]);
  });

  it('calls are linked by `call_id`, never by the item’s own id', async () => {
    const messages = await sentTo('openai-responses', {
      tools: TOOLS,
      input: [user('hi'), call('a'), output('a', 'rain')],
    });
    expect(messages[1].tool_calls[0].id).toBe('a');
    expect(messages[2].tool_call_id).toBe('a');
  });

  it('an orphan on either side is mended', async () => {
    const messages = await sentTo('openai-responses', {
      tools: TOOLS,
      input: [user('hi'), call('a'), user('no wait'), output('gone', 'old news')],
    });
    expect(messages.map(({ role }: { role: string }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
    expect(JSON.stringify(messages[3])).toMatch(/no wait.*old news/);
  });

  it('long ids are shortened, the same for a call and its result', async () => {
    const id = `toolu_${'x'.repeat(60)}`;
    const messages = await sentTo('anthropic-messages', {
      tools: ANTHROPIC_TOOLS,
      messages: [user('hi'), { role: 'assistant', content: [use(id)] }, user([result(id, 'rain')])],
    });
    expect(messages[1].tool_calls[0].id.length).toBeLessThanOrEqual(40);
    expect(messages[2].tool_call_id).toBe(messages[1].tool_calls[0].id);
  });
});

describe('to Responses', () => {
  const sentTo = async (client: Protocol, fields: object) =>
    (await to('openai-responses', client, fields)).sent.input;

  it.each([
    [
      'openai-chat',
      {
        tools: CHAT_TOOLS,
        messages: [
          user('hi'),
          { ...chatCalls('a', 'b'), content: 'Looking.' },
          chatResult('b', 'sun'),
          user('go'),
          chatResult('a', 'rain'),
        ],
      },
    ],
    [
      'anthropic-messages',
      {
        tools: ANTHROPIC_TOOLS,
        messages: [
          user('hi'),
          { role: 'assistant', content: [text('Looking.'), use('a'), use('b')] },
          user([result('b', 'sun'), result('a', 'rain'), text('go')]),
        ],
      },
    ],
  ] as const)('from %s: items in their order, outputs behind the calls', async (client, fields) => {
    const input = await sentTo(client, fields);
    const { id: _, ...first } = call('a');
    expect(input.slice(1)).toEqual([
      { type: 'message', role: 'assistant', content: 'Looking.' },
      first,
      { ...first, call_id: 'b' },
      output('a', 'rain'),
      output('b', 'sun'),
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'go' }] },
    ]);
  });

  it('orphans are mended', async () => {
    const input = await sentTo('openai-chat', {
      tools: CHAT_TOOLS,
      messages: [user('hi'), chatCalls('a'), chatResult('gone', 'old news')],
    });
    expect(input.map(({ type }: { type: string }) => type)).toEqual([
      'message',
      'function_call',
      'function_call_output',
      'message',
    ]);
  });
});
