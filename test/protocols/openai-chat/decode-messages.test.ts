import { describe, expect, it } from 'vitest';
import { decode, turnsOf } from './support.ts';

const PIXEL = 'iVBORw0KGgo=';
const NATIVE = { protocol: 'openai-chat', providerId: null, id: null, data: '', redacted: false } as const;

describe('messages of a chat body', () => {
  it('of the roles system and developer are system turns where they stand', () => {
    expect(
      turnsOf(
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
        { role: 'developer', content: [{ type: 'text', text: 'Now in French.' }] },
      ),
    ).toEqual([
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
      { role: 'system', parts: [{ type: 'text', text: 'Now in French.' }] },
    ]);
  });

  it('hold images by address and as data URLs', () => {
    expect(
      turnsOf({
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
          { type: 'image_url', image_url: 'https://example.com/b.png' },
        ],
      }),
    ).toEqual([
      {
        role: 'user',
        parts: [
          { type: 'text', text: 'Look' },
          { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' }, detail: 'low' },
          { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: PIXEL } },
          { type: 'image', source: { kind: 'url', url: 'https://example.com/b.png' } },
        ],
      },
    ]);
  });

  it('hold images whose data URL is not base64', () => {
    const [turn] = turnsOf({
      role: 'user',
      content: [{ type: 'image_url', image_url: { url: 'data:image/svg+xml,%3Csvg/%3E' } }],
    });
    const data = Buffer.from('<svg/>').toString('base64');
    expect(turn?.parts).toEqual([
      { type: 'image', source: { kind: 'base64', mediaType: 'image/svg+xml', data } },
    ]);
  });

  it('hold files as data, as text and by id, and sound', () => {
    const [turn] = turnsOf({
      role: 'user',
      content: [
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
        { type: 'file', file: { filename: 'a.txt', file_data: 'data:text/plain;base64,SGVsbG8=' } },
        { type: 'file', file: { file_data: 'JVBERi0=' } },
        { type: 'file', file: { file_data: 'https://example.com/a.pdf' } },
        { type: 'file', file: { file_id: 'file-1' } },
        { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
      ],
    });
    expect(turn?.parts).toEqual([
      {
        type: 'document',
        source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' },
        name: 'a.pdf',
      },
      { type: 'document', source: { kind: 'text', text: 'Hello' }, name: 'a.txt' },
      { type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' } },
      { type: 'document', source: { kind: 'url', url: 'https://example.com/a.pdf' } },
      { type: 'document', source: { kind: 'file', protocol: 'openai-chat', id: 'file-1' } },
      { type: 'audio', format: 'wav', data: 'UklGRg==' },
    ]);
  });

  it('keep parts that nobody knows as opaque ones', () => {
    const video = { type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } };
    expect(turnsOf({ role: 'user', content: [video] })).toEqual([
      { role: 'user', parts: [{ type: 'opaque', protocol: 'openai-chat', name: 'video_url', raw: video }] },
    ]);
  });

  it('tell of parts of system messages and results that have no place there', () => {
    const { turns, unplaced } = decode({
      messages: [
        { role: 'system', content: [{ type: 'image_url', image_url: { url: 'https://example.com/a' } }] },
        { role: 'user', name: 'alice', content: 'Hi' },
        { role: 'tool', tool_call_id: 'c', content: [{ type: 'video_url' }, { type: 'text', text: 'ok' }] },
      ],
    });
    expect(turns[0]?.parts).toEqual([]);
    expect(unplaced).toEqual(['messages[0].content[0]', 'messages.name', 'messages[2].content[0]']);
  });

  it.each([
    ['prompt_cache_breakpoint', { mode: 'explicit' }, { ttl: null }],
    ['prompt_cache_breakpoint', { mode: 'explicit', ttl: '12h' }, { ttl: '1h' }],
    ['cache_control', { type: 'ephemeral' }, { ttl: null }],
    ['cache_control', { type: 'ephemeral', ttl: '1h' }, { ttl: '1h' }],
  ])('carry cache marks as %s %o', (field, mark, cache) => {
    expect(turnsOf({ role: 'user', content: [{ type: 'text', text: 'Hi', [field]: mark }] })).toEqual([
      { role: 'user', parts: [{ type: 'text', text: 'Hi', cache }] },
    ]);
  });

  it('carry a cache mark of the whole message to its last part', () => {
    const message = { role: 'user', content: 'Hi', cache_control: { type: 'ephemeral' } };
    expect(turnsOf(message)).toEqual([
      { role: 'user', parts: [{ type: 'text', text: 'Hi', cache: { ttl: null } }] },
    ]);
  });
});

describe('what the assistant said', () => {
  it('is reasoning, text, refusal and calls, in this order', () => {
    expect(
      turnsOf({
        role: 'assistant',
        content: 'Let me see.',
        reasoning_content: 'Hm.',
        refusal: 'Not that.',
        parsed: { ignored: true },
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'read', arguments: '{"n":1}' } },
          { id: 'call_2', type: 'custom', custom: { name: 'patch', input: '*** Begin' } },
        ],
      }),
    ).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'Hm.', replay: NATIVE },
          { type: 'text', text: 'Let me see.' },
          { type: 'refusal', text: 'Not that.' },
          { type: 'tool_call', id: 'call_1', name: 'read', kind: 'function', input: '{"n":1}' },
          { type: 'tool_call', id: 'call_2', name: 'patch', kind: 'custom', input: '*** Begin' },
        ],
      },
    ]);
  });

  it.each([{ content: null }, { content: [] }, {}])('may be calls alone, with %o', (members) => {
    const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '' } };
    expect(turnsOf({ role: 'assistant', ...members, tool_calls: [call] })[0]?.parts).toEqual([
      { type: 'tool_call', id: 'c', name: 'f', kind: 'function', input: '' },
    ]);
  });

  it('keeps the digits of arguments that came as an object', () => {
    const { turns } = decode({
      messages: [
        {
          role: 'assistant',
          tool_calls: [{ id: 'c', function: { name: 'f', arguments: { n: 1, s: 'x' } } }],
        },
      ],
    });
    expect(turns[0]?.parts).toEqual([
      { type: 'tool_call', id: 'c', name: 'f', kind: 'function', input: '{"n":1,"s":"x"}' },
    ]);
  });

  it('pairs the old function_call with the message that answers it', () => {
    const turns = turnsOf(
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'function', name: 'f', content: 'done' },
    );
    expect(turns).toEqual([
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', id: 'call_function_0', name: 'f', kind: 'function', input: '{}' }],
      },
      {
        role: 'user',
        parts: [
          {
            type: 'tool_result',
            callId: 'call_function_0',
            parts: [{ type: 'text', text: 'done' }],
            isError: false,
          },
        ],
      },
    ]);
  });

  it.each([{ content: 'done' }, { content: [{ type: 'text', text: 'done' }] }])(
    'is answered by results such as %o',
    (members) => {
      expect(turnsOf({ role: 'tool', tool_call_id: 'c', ...members })).toEqual([
        {
          role: 'user',
          parts: [
            { type: 'tool_result', callId: 'c', parts: [{ type: 'text', text: 'done' }], isError: false },
          ],
        },
      ]);
    },
  );
});

describe('a conversation that cannot be read', () => {
  it.each([
    [{ messages: undefined }, '`messages` must be an array.'],
    [{ messages: [] }, '`messages` is empty; send at least one message.'],
    [{ messages: ['Hi'] }, 'messages[0] must be an object.'],
    [
      { messages: [{ role: 'user', content: 5 }] },
      'messages[0].content must be a string or an array of parts.',
    ],
    [
      { messages: [{ role: 'user', content: ['Hi'] }] },
      'messages[0].content[0] must be an object with a `type`.',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'text', text: 5 }] }] },
      'messages[0].content[0].text must be a string.',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] },
      'messages[0].content[0].image_url.url is missing.',
    ],
    [
      {
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png' } }] }],
      },
      'messages[0].content[0].image_url.url is a data URL without a comma.',
    ],
    [
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,%' } }] }] },
      'messages[0].content[0].image_url.url is a data URL whose escapes are broken.',
    ],
    [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].tool_call_id is missing.'],
    [{ messages: [{ role: 'assistant', tool_calls: {} }] }, 'messages[0].tool_calls must be an array.'],
    [
      { messages: [{ role: 'assistant', tool_calls: [{}] }] },
      'messages[0].tool_calls[0].function is missing.',
    ],
    [
      { messages: [{ role: 'assistant', tool_calls: [{ function: {} }] }] },
      'messages[0].tool_calls[0].function.name is missing.',
    ],
    [
      { messages: [{ role: 'narrator', content: 'x' }] },
      expect.stringContaining('messages[0].role must be one of'),
    ],
  ])('%o is refused by the path of what is wrong', (body, message) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ code: 'invalid_messages', message }));
  });
});
