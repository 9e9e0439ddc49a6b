import { describe, expect, it } from 'vitest';
import type { AssistantPart, Turn, UserPart } from '../../../gateway/protocols/canonical/request.ts';
import type { Target } from '../../../gateway/protocols/canonical/target.ts';
import { encode, target } from './support.ts';

function messages(turns: Turn[], to?: Target): unknown {
  return encode({ turns }, to).body.messages;
}

const user = (...parts: UserPart[]): Turn => ({ role: 'user', parts });
const assistant = (...parts: AssistantPart[]): Turn => ({ role: 'assistant', parts });
const text = (value: string) => ({ type: 'text', text: value }) as const;
const call = (id: string, name: string, input: string) =>
  ({ type: 'tool_call', id, name, kind: 'function', input }) as const;
const image = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } } as const;
const pdf = {
  type: 'document',
  source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBE' },
} as const;
const imagePart = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
const pdfPart = {
  type: 'file',
  file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,JVBE' },
};

describe('messages for a chat provider', () => {
  it('keep system turns where they stand, and texts of one turn in one string', () => {
    expect(
      messages([
        { role: 'system', parts: [text('A'), text('B')] },
        user(text('C'), text('D')),
        { role: 'system', parts: [text('E')] },
      ]),
    ).toEqual([
      { role: 'system', content: 'A\n\nB' },
      { role: 'user', content: 'C\n\nD' },
      { role: 'system', content: 'E' },
    ]);
  });

  it('carry images, sound and PDF as parts', () => {
    const turn = user(
      text('Look'),
      { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' }, detail: 'high' },
      image,
      pdf,
      { type: 'document', source: { kind: 'file', protocol: 'openai-chat', id: 'file-1' } },
      { type: 'audio', format: 'wav', data: 'UklG' },
      { type: 'opaque', protocol: 'openai-chat', name: 'video_url', raw: { type: 'video_url' } },
    );
    expect(messages([turn])).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'high' } },
          imagePart,
          pdfPart,
          { type: 'file', file: { file_id: 'file-1' } },
          { type: 'input_audio', input_audio: { format: 'wav', data: 'UklG' } },
          { type: 'video_url' },
        ],
      },
    ]);
  });

  it('carry documents that are text as text', () => {
    const data = Buffer.from('World').toString('base64');
    const turn = user(
      { type: 'document', source: { kind: 'text', text: 'Hello' }, name: 'a.txt' },
      { type: 'document', source: { kind: 'base64', mediaType: 'text/plain', data } },
    );
    expect(messages([turn], target({ files: false }))).toEqual([
      { role: 'user', content: 'a.txt:\nHello\n\nWorld' },
    ]);
  });

  it.each([
    [pdf, target({ files: false }), 'document'],
    [{ type: 'document', source: { kind: 'url', url: 'https://example.com/a.pdf' } }, target(), 'document'],
    [
      { type: 'document', source: { kind: 'base64', mediaType: 'application/msword', data: 'AAAA' } },
      target(),
      'document',
    ],
    [{ type: 'image', source: { kind: 'file', protocol: 'openai-chat', id: 'i' } }, target(), 'image'],
    [{ type: 'audio', format: 'wav', data: 'UklG' }, target({}, { inputModalities: ['text'] }), 'audio'],
  ] as [UserPart, Target, string][])('say in words that %o was left out', (part, to, name) => {
    const { body, dropped } = encode({ turns: [user(part)] }, to);
    expect(dropped).toBe(name);
    expect(body.messages).toEqual([
      { role: 'user', content: expect.stringMatching(new RegExp(`^\\[${name}.*left out: this model`)) },
    ]);
  });

  it('hold a null content for calls alone, and {} for no arguments', () => {
    expect(messages([assistant(call('c', 'f', ''), call('d', 'g', '{"n":1}'))])).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } },
          { id: 'd', type: 'function', function: { name: 'g', arguments: '{"n":1}' } },
        ],
      },
    ]);
  });

  it('keep free text of custom tools, and arguments that are no JSON, as they are', () => {
    const custom = { type: 'tool_call', id: 'c', name: 'patch', kind: 'custom', input: '' } as const;
    expect(messages([assistant(custom, call('d', 'g', '{"n":'))])).toMatchObject([
      {
        tool_calls: [
          { id: 'c', type: 'custom', custom: { name: 'patch', input: '' } },
          { id: 'd', type: 'function', function: { name: 'g', arguments: '{"n":' } },
        ],
      },
    ]);
  });

  it('tell a refusal as text', () => {
    expect(messages([assistant({ type: 'refusal', text: 'No.' })])).toEqual([
      { role: 'assistant', content: 'No.' },
    ]);
  });

  it('join texts that sources had cut, and tell that the sources are lost', () => {
    const citations = [{ url: 'https://example.com', title: null, quote: null }];
    const said = assistant(text('It is '), { ...text('warm'), citations }, text('.'));
    const { body, dropped } = encode({ turns: [said] });
    expect(body.messages).toEqual([{ role: 'assistant', content: 'It is warm.' }]);
    expect(dropped).toBe('citations');
  });
});

describe('results of tools', () => {
  it('are a message each, right behind the calls, and what the user said follows', () => {
    const turns = [
      assistant(text('Reading.'), call('c', 'f', '{}'), call('d', 'g', '{}')),
      user(
        { type: 'tool_result', callId: 'c', parts: [text('one'), text('two')], isError: false },
        { type: 'tool_result', callId: 'd', parts: [], isError: false },
        text('Go on.'),
      ),
    ];
    expect(messages(turns)).toEqual([
      { role: 'assistant', content: 'Reading.', tool_calls: expect.any(Array) },
      { role: 'tool', tool_call_id: 'c', content: 'one\ntwo' },
      { role: 'tool', tool_call_id: 'd', content: '' },
      { role: 'user', content: 'Go on.' },
    ]);
  });

  it('say in words that the tool failed', () => {
    const failed = (parts: { type: 'text'; text: string }[]) =>
      user({ type: 'tool_result', callId: 'c', parts, isError: true });
    expect(messages([failed([text('no such file')])])).toEqual([
      { role: 'tool', tool_call_id: 'c', content: 'The tool failed:\nno such file' },
    ]);
    expect(messages([failed([])])).toEqual([
      { role: 'tool', tool_call_id: 'c', content: 'The tool failed.' },
    ]);
  });

  it('show images and files in the message that follows, by the name of the call', () => {
    const turns = [
      assistant(call('c', 'screenshot', '{}'), call('d', 'fetch', '{}')),
      user(
        { type: 'tool_result', callId: 'c', parts: [text('Taken.'), image], isError: false },
        {
          type: 'tool_result',
          callId: 'd',
          parts: [{ type: 'document', source: { kind: 'text', text: 'Hi' } }, pdf],
          isError: false,
        },
        text('What is it?'),
      ),
    ];
    expect(messages(turns)).toEqual([
      expect.anything(),
      { role: 'tool', tool_call_id: 'c', content: 'Taken.\n[shown in the next message]' },
      { role: 'tool', tool_call_id: 'd', content: 'Hi\n[shown in the next message]' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Result of the tool call c (screenshot):' },
          imagePart,
          { type: 'text', text: 'Result of the tool call d (fetch):' },
          pdfPart,
          { type: 'text', text: 'What is it?' },
        ],
      },
    ]);
  });
});

describe('the order of messages', () => {
  const turns = [
    assistant(call('c', 'f', '{}')),
    user({ type: 'tool_result', callId: 'c', parts: [text('ok')], isError: false }, text('Go on.')),
    assistant(text('Done.')),
    { role: 'system', parts: [text('Be brief.')] },
    user(text('Thanks.')),
  ] as Turn[];
  const roles = (to: Target) => (messages(turns, to) as { role: string }[]).map(({ role }) => role);

  it('is as it stands', () => {
    expect(roles(target())).toEqual(['assistant', 'tool', 'user', 'assistant', 'system', 'user']);
  });

  it('is such that Mistral takes it', () => {
    expect(roles(target({ strictOrder: true }))).toEqual([
      'assistant',
      'tool',
      'assistant',
      'user',
      'assistant',
      'user',
      'user',
    ]);
  });
});

describe('instructions behind what the user said', () => {
  const turns = [user(text('Hi.')), { role: 'system', parts: [text('Be brief.')] }] as Turn[];

  it('stay as they are', () => {
    expect(messages(turns, target())).toMatchObject([{ role: 'user' }, { role: 'system' }]);
  });

  it('are the user’s at Mistral, which answers a user or a tool alone', () => {
    expect(messages(turns, target({ strictOrder: true }))).toEqual([
      { role: 'user', content: 'Hi.' },
      { role: 'user', content: 'Be brief.' },
    ]);
  });
});

describe('cache marks', () => {
  const cache = { ttl: '1h' } as const;
  const marked = [
    { role: 'system', parts: [{ ...text('S'), cache }, text('T')] },
    assistant({ ...call('c', 'f', '{}'), cache }),
    user(
      { type: 'tool_result', callId: 'c', parts: [text('ok')], isError: false, cache: { ttl: null } },
      { ...image, cache },
    ),
  ] as Turn[];

  it('go to a target that takes them, on parts', () => {
    const control = { type: 'ephemeral', ttl: '1h' };
    const { body, dropped } = encode({ turns: marked }, target({ cacheMarks: true }));
    expect(body.messages).toEqual([
      {
        role: 'system',
        content: [
          { type: 'text', text: 'S', cache_control: control },
          { type: 'text', text: 'T' },
        ],
      },
      expect.objectContaining({ role: 'assistant' }),
      {
        role: 'tool',
        tool_call_id: 'c',
        content: [{ type: 'text', text: 'ok', cache_control: { type: 'ephemeral' } }],
      },
      { role: 'user', content: [{ ...imagePart, cache_control: control }] },
    ]);
    // That of the call, which has no place there.
    expect(dropped).toBe('cache_control');
  });

  it('are told as lost to any other', () => {
    const { body, dropped } = encode({ turns: marked });
    expect(JSON.stringify(body)).not.toContain('cache_control');
    expect(dropped).toBe('cache_control');
  });
});
