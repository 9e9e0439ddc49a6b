/** Marks behind which Anthropic keeps a prompt: kept, never more than four, set for those who cannot. */
import { beforeEach, describe, expect, it } from 'vitest';
import { resetScripts, useHub } from './bench.ts';
import { exchange } from './exchange.ts';
import { useSeats } from './seats.ts';

const bench = useHub();
const seats = useSeats(bench, {
  // Takes Anthropic's marks on parts of chat messages; lacks the other protocols here.
  openrouter: {
    protocol: 'openai-chat',
    kind: 'openrouter',
    models: ['anthropic/claude-sonnet-5'],
    options: { models: null, basePath: '/api/v1', strict: false },
  },
  compatible: {
    protocol: 'anthropic-messages',
    kind: 'anthropic-compatible',
    models: ['glm-5'],
    options: { models: null },
  },
});
beforeEach(() => resetScripts(bench));

const mark = (ttl?: string) => ({
  cache_control: { type: 'ephemeral', ...(ttl === undefined ? {} : { ttl }) },
});
const text = (said: string, rest: object = {}) => ({ type: 'text', text: said, ...rest });
const tool = { type: 'function', function: { name: 'look', parameters: { type: 'object' } } };
const call = { id: 'a', type: 'function', function: { name: 'look', arguments: '{}' } };

const marksIn = (sent: unknown) => JSON.stringify(sent).match(/"cache_control"/g)?.length ?? 0;
const claude = (fields: object) => exchange(bench, 'openai-chat', bench.seats['anthropic-messages'], fields);

describe('marks in a chat body', () => {
  it('on parts, messages, tools and results reach Claude where they stood', async () => {
    const { sent, dropped } = await claude({
      tools: [{ ...tool, ...mark('1h') }],
      messages: [
        { role: 'system', content: [text('one', mark('1h')), text('two')] },
        { role: 'user', content: 'hi', ...mark() },
        { role: 'assistant', tool_calls: [call] },
        { role: 'tool', tool_call_id: 'a', content: [text('seen', mark())] },
      ],
    });
    expect(sent.tools[0]).toMatchObject(mark('1h'));
    expect(sent.system).toEqual([text('one', mark('1h')), text('two')]);
    expect(sent.messages[0].content).toEqual([text('hi', mark())]);
    expect(JSON.stringify(sent.messages[2])).toContain('"cache_control"');
    expect(marksIn(sent)).toBe(4);
    expect(dropped).toEqual([]);
  });

  it('that are more than four: the four that count most stay, and the client is told', async () => {
    const messages = [
      { role: 'system', content: [text('one', mark()), text('two', mark())] },
      ...Array.from({ length: 4 }, (_, index) => ({
        role: 'user',
        content: [text(`turn ${index}`, mark())],
      })),
    ];
    const { sent, dropped } = await claude({ tools: [{ ...tool, ...mark() }], messages });
    expect(marksIn(sent)).toBe(4);
    expect(dropped).toEqual(['cache_control']);
    expect(sent.messages[0].content.at(-1)).toEqual(text('turn 3', mark()));
    expect(sent.system.at(-1)).toEqual(text('two', mark()));
  });

  it('of four there are four: none is added', async () => {
    const marked = (said: string) => text(said, mark());
    const messages = [
      { role: 'system', content: [marked('one'), marked('two')] },
      { role: 'user', content: [marked('three'), marked('four'), text('five')] },
    ];
    const { sent, dropped } = await claude({ tools: [tool], messages });
    expect([marksIn(sent), dropped]).toEqual([4, []]);
  });

  it('of an hour behind one of five minutes is shortened, and the client is told', async () => {
    const messages = [
      { role: 'system', content: [text('one', mark())] },
      { role: 'user', content: [text('two', mark('1h'))] },
    ];
    const { sent, dropped } = await claude({ messages });
    expect(sent.messages[0].content).toEqual([text('two', mark())]);
    expect(dropped).toEqual(['cache_control']);
  });
});

describe('marks in a body of Anthropic', () => {
  const body = {
    system: [text('one', mark('1h')), text('two', mark())],
    messages: [{ role: 'user', content: [text('hi', mark())] }],
  };

  it('reach a chat service that takes them, part by part', async () => {
    const { sent, dropped } = await exchange(bench, 'anthropic-messages', seats.openrouter, body);
    expect(sent.messages).toEqual([
      { role: 'system', content: body.system },
      { role: 'user', content: [text('hi', mark())] },
    ]);
    expect(dropped).toEqual([]);
  });

  it.each(['openai-chat', 'openai-responses'] as const)(
    'are left out for %s, and the client is told',
    async (provider) => {
      const { sentText, dropped } = await exchange(bench, 'anthropic-messages', bench.seats[provider], body);
      expect(sentText).not.toContain('cache_control');
      expect(dropped).toEqual(['cache_control']);
    },
  );
});

describe('an agent whose protocol has no marks', () => {
  const messages = [
    { role: 'system', content: 'be brief' },
    { role: 'user', content: 'hi' },
    { role: 'assistant', tool_calls: [call] },
    { role: 'tool', tool_call_id: 'a', content: 'seen' },
  ];

  it('gets its prompt kept at Claude: behind the instructions, and behind what was said last', async () => {
    const { sent, dropped } = await claude({ tools: [tool], messages });
    expect(sent.system).toEqual([text('be brief', mark())]);
    expect(sent.messages[2].content.at(-1)).toMatchObject({ type: 'tool_result', ...mark() });
    expect([marksIn(sent), dropped]).toEqual([2, []]);
  });

  it('gets none for a single question, and none where nobody knows whether they are taken', async () => {
    expect(marksIn((await claude({ messages: messages.slice(0, 2) })).sent)).toBe(0);
    const { sent } = await exchange(bench, 'openai-chat', seats.compatible, { tools: [tool], messages });
    expect(marksIn(sent)).toBe(0);
  });
});
