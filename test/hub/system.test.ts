/** Instructions: at the beginning and in the middle of a conversation, in each protocol's place for them. */
import { beforeEach, describe, expect, it } from 'vitest';
import { resetScripts, useHub } from './bench.ts';
import { exchange, type Protocol } from './exchange.ts';

const bench = useHub();
beforeEach(() => resetScripts(bench));

const ask = (client: Protocol, provider: Protocol, fields: object) =>
  exchange(bench, client, bench.seats[provider], fields);
const message = (role: string, content: unknown) => ({ role, content });

describe('instructions at the beginning', () => {
  it('of both of OpenAI’s roles lead Anthropic’s prompt, each in a block', async () => {
    const conversation = [
      message('system', 'be brief'),
      message('developer', [{ type: 'text', text: 'be kind' }]),
      message('user', 'hi'),
    ];
    const { sent } = await ask('openai-chat', 'anthropic-messages', { messages: conversation });
    expect(sent.system).toEqual([
      { type: 'text', text: 'be brief' },
      { type: 'text', text: 'be kind' },
    ]);
    expect(sent.messages).toHaveLength(1);
    const input = [message('developer', 'be kind'), message('user', 'hi')];
    const responses = await ask('openai-responses', 'anthropic-messages', {
      instructions: 'be brief',
      input,
    });
    expect(responses.sent.system).toEqual(sent.system);
  });

  it('of Anthropic keep their blocks and marks where the service knows marks', async () => {
    const system = [
      { type: 'text', text: 'one', cache_control: { type: 'ephemeral', ttl: '1h' } },
      { type: 'text', text: 'two' },
    ];
    const { sent } = await ask('anthropic-messages', 'anthropic-messages', { system });
    expect(sent.system).toEqual(system);
  });

  it.each([
    ['a text', 'one'],
    [
      'blocks',
      [
        { type: 'text', text: 'one' },
        { type: 'text', text: 'two' },
      ],
    ],
  ])('of Anthropic, %s, reach OpenAI’s places', async (_, system) => {
    const words = typeof system === 'string' ? 'one' : 'one\n\ntwo';
    const chat = await ask('anthropic-messages', 'openai-chat', { system });
    expect(chat.sent.messages[0]).toEqual({ role: 'system', content: words });
    const responses = await ask('anthropic-messages', 'openai-responses', { system });
    expect(responses.sent.instructions).toBe(words);
  });

  it('alone are still a request', async () => {
    const { sent } = await ask('openai-chat', 'anthropic-messages', {
      messages: [message('system', 'say hi')],
    });
    expect(sent.messages).toMatchObject([{ role: 'user', content: [{ text: 'say hi' }] }]);
    const responses = await ask('openai-chat', 'openai-responses', {
      messages: [message('system', 'say hi')],
    });
    expect(JSON.stringify(responses.sent.input)).toContain('say hi');
  });
});

describe('instructions in the middle', () => {
  const turns = [
    message('user', 'first'),
    message('assistant', 'yes'),
    message('user', 'second'),
    message('system', 'from now on, rhyme'),
    message('assistant', 'fine'),
    message('user', 'third'),
  ];

  it('keep their place at Anthropic, in words of the user where the model knows no other', async () => {
    const { sent } = await ask('openai-chat', 'anthropic-messages', { messages: turns });
    const said = sent.messages.map(({ role, content }: { role: string; content: { text: string }[] }) => [
      role,
      content.map(({ text }) => text).join('|'),
    ]);
    expect(said).toEqual([
      ['user', 'first'],
      ['assistant', 'yes'],
      ['user', expect.stringMatching(/^second\|.*from now on, rhyme$/)],
      ['assistant', 'fine'],
      ['user', 'third'],
    ]);
    expect(sent.system).toBeUndefined();
  });

  it('keep their place at any chat server, as words of the user: templates of open models know no other', async () => {
    const chat = await ask('anthropic-messages', 'openai-chat', { messages: turns });
    expect(chat.sent.messages).toEqual([
      message('user', 'first'),
      message('assistant', 'yes'),
      message('user', expect.stringMatching(/^second\s+System: from now on, rhyme$/)),
      message('assistant', 'fine'),
      message('user', 'third'),
    ]);
  });

  it('keep their place at OpenAI', async () => {
    const responses = await ask('anthropic-messages', 'openai-responses', { messages: turns });
    expect(responses.sent.input[3]).toEqual({
      type: 'message',
      role: 'developer',
      content: [{ type: 'input_text', text: 'from now on, rhyme' }],
    });
    expect(responses.sent.instructions).toBeUndefined();
  });

  it('do not come between a call and its result', async () => {
    const { sent } = await ask('openai-chat', 'anthropic-messages', {
      tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }],
      messages: [
        message('user', 'hi'),
        {
          role: 'assistant',
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'look', arguments: '{}' } }],
        },
        message('developer', 'hurry'),
        { role: 'tool', tool_call_id: 'a', content: 'seen' },
      ],
    });
    expect(sent.messages).toHaveLength(3);
    expect(sent.messages[2].content[0]).toMatchObject({ type: 'tool_result', tool_use_id: 'a' });
    expect(JSON.stringify(sent.messages[2])).toContain('hurry');
  });
});

describe('what says nothing', () => {
  it.each([
    [
      'empty texts',
      [message('user', ''), message('assistant', ''), message('user', 'hi'), message('assistant', [])],
    ],
    [
      'blank texts',
      [message('user', 'hi'), message('assistant', '  \n'), message('user', '  '), message('user', 'go')],
    ],
    ['an assistant that speaks first', [message('assistant', 'Hello!'), message('user', 'hi')]],
    ['two of the user in a row', [message('user', 'one'), message('user', [{ type: 'text', text: 'two' }])]],
    ['an answer that has begun', [message('user', 'hi'), message('assistant', 'The answer is ')]],
  ])('%s: no service refuses the conversation', async (name, messages) => {
    // Newer Claude models refuse to go on with an answer, and say so.
    const options = { mayBeRefused: name === 'an answer that has begun' };
    const { sent } = await exchange(
      bench,
      'openai-chat',
      bench.seats['anthropic-messages'],
      { messages },
      options,
    );
    expect(JSON.stringify(sent.messages)).not.toMatch(/"text":"\s*"|"content":\[\]|"content":""/);
    await ask('openai-chat', 'openai-responses', { messages });
    await ask('anthropic-messages', 'openai-chat', { messages });
    await ask('anthropic-messages', 'openai-responses', { messages });
  });

  it('a conversation of nothing at all is refused here', async () => {
    const before = bench.seats['anthropic-messages'].provider.requests.length;
    const { status, json } = await ask('openai-chat', 'anthropic-messages', {
      messages: [message('user', '')],
    });
    expect([status, json.error.code]).toEqual([400, 'invalid_messages']);
    expect(bench.seats['anthropic-messages'].provider.requests.length).toBe(before);
  });
});
