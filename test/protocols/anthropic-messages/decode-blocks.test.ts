import { describe, expect, it } from 'vitest';
import { messagesCodec } from '../../../gateway/protocols/anthropic-messages/codec.ts';
import { REPLAY_MARK, type Replay, wrapReplay } from '../../../gateway/protocols/canonical/replay.ts';
import { type JsonObject, parseExactly } from '../../../gateway/protocols/json.ts';

function decode(role: string, ...content: JsonObject[]) {
  const { turns, unplaced } = messagesCodec.decodeRequest({ model: 'm', messages: [{ role, content }] });
  return { parts: turns[0]?.parts, unplaced };
}

const user = (...content: JsonObject[]) => decode('user', ...content).parts;
const assistant = (...content: JsonObject[]) => decode('assistant', ...content).parts;
const mark = { cache_control: { type: 'ephemeral', ttl: '5m' } };

describe('pictures and documents', () => {
  it.each([
    [
      { type: 'base64', media_type: 'image/png', data: 'AAAA' },
      { kind: 'base64', mediaType: 'image/png', data: 'AAAA' },
    ],
    [
      { type: 'url', url: 'https://example.com/a.png' },
      { kind: 'url', url: 'https://example.com/a.png' },
    ],
    [
      { type: 'file', file_id: 'file_1' },
      { kind: 'file', protocol: 'anthropic-messages', id: 'file_1' },
    ],
  ])('are read from %j', (source, expected) => {
    expect(user({ type: 'image', source, ...mark })).toEqual([
      { type: 'image', source: expected, cache: { ttl: '5m' } },
    ]);
    expect(user({ type: 'document', source, title: 'T' })).toEqual([
      { type: 'document', source: expected, name: 'T' },
    ]);
  });

  it('keep the context of a document before it', () => {
    const source = { type: 'text', media_type: 'text/plain', data: 'Body.' };
    expect(user({ type: 'document', source, context: 'From the wiki.', title: 'T', ...mark })).toEqual([
      { type: 'text', text: 'From the wiki.' },
      { type: 'document', source: { kind: 'text', text: 'Body.' }, name: 'T', cache: { ttl: '5m' } },
    ]);
  });

  it('are taken out of a document made of blocks', () => {
    const image = { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } };
    const content = [{ type: 'text', text: 'a' }, image, { type: 'text', text: 'b' }];
    expect(user({ type: 'document', source: { type: 'content', content } })).toEqual([
      { type: 'document', source: { kind: 'text', text: 'a\n\nb' } },
      { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } },
    ]);
    expect(user({ type: 'document', source: { type: 'content', content: 'c' } })).toEqual([
      { type: 'document', source: { kind: 'text', text: 'c' } },
    ]);
  });

  it('of an unknown kind are left to their own protocol', () => {
    const raw = { type: 'image', source: { type: 'orbit', at: 1 } };
    expect(user(raw)).toEqual([{ type: 'opaque', protocol: 'anthropic-messages', name: 'image', raw }]);
  });

  it('report the wish for citations', () => {
    const source = { type: 'url', url: 'https://example.com/a.pdf' };
    const document = { type: 'document', source };
    expect(decode('user', { ...document, citations: { enabled: true } }).unplaced).toEqual(['citations']);
    expect(decode('user', { ...document, citations: { enabled: false } }).unplaced).toEqual([]);
  });

  it('include what a search found', () => {
    const content = [
      { type: 'text', text: 'One.' },
      { type: 'text', text: 'Two.' },
    ];
    expect(
      user({ type: 'search_result', source: 'https://example.com', title: 'Found', content, ...mark }),
    ).toEqual([
      {
        type: 'document',
        source: { kind: 'text', text: 'https://example.com\n\nOne.\n\nTwo.' },
        name: 'Found',
        cache: { ttl: '5m' },
      },
    ]);
  });
});

describe('calls of tools', () => {
  it('keep every digit of their input', () => {
    const block = parseExactly(
      '{"type":"tool_use","id":"toolu_1","name":"f","input":{"id":12345678901234567,"x":1.5}}',
    );
    expect(assistant(block as JsonObject)).toEqual([
      {
        type: 'tool_call',
        id: 'toolu_1',
        name: 'f',
        kind: 'function',
        input: '{"id":12345678901234567,"x":1.5}',
      },
    ]);
  });

  it('have no input where there are no arguments', () => {
    for (const input of [{}, null, undefined]) {
      expect(assistant({ type: 'tool_use', id: 'a', name: 'f', input })).toMatchObject([{ input: '' }]);
    }
  });

  it('need an id', () => {
    expect(() => assistant({ type: 'tool_use', name: 'f', input: {} })).toThrow(
      expect.objectContaining({
        code: 'invalid_messages',
        message: expect.stringContaining('content[0].id'),
      }),
    );
  });
});

describe('results of tools', () => {
  const result = (rest: JsonObject) => user({ type: 'tool_result', tool_use_id: 't', ...rest });

  it('may be a text, or nothing', () => {
    expect(result({ content: 'ok', is_error: true, ...mark })).toEqual([
      {
        type: 'tool_result',
        callId: 't',
        parts: [{ type: 'text', text: 'ok' }],
        isError: true,
        cache: { ttl: '5m' },
      },
    ]);
    expect(result({})).toEqual([{ type: 'tool_result', callId: 't', parts: [], isError: false }]);
  });

  it('may hold blocks, with marks of their own', () => {
    const source = { type: 'base64', media_type: 'image/png', data: 'AAAA' };
    expect(
      result({
        content: [
          { type: 'text', text: 'a', ...mark },
          { type: 'image', source },
          { type: 'tool_reference', tool_name: 'read_file' },
        ],
      }),
    ).toMatchObject([
      {
        parts: [
          { type: 'text', text: 'a', cache: { ttl: '5m' } },
          { type: 'image', source: { kind: 'base64' } },
          { type: 'text', text: 'Tool: read_file' },
        ],
      },
    ]);
  });

  it('report what they hold and nobody knows', () => {
    const { parts, unplaced } = decode('user', {
      type: 'tool_result',
      tool_use_id: 't',
      content: [{ type: 'browser_state', state: {} }],
    });
    expect(parts).toMatchObject([{ parts: [] }]);
    expect(unplaced).toEqual(['browser_state']);
  });
});

describe('thinking', () => {
  it('keeps a real signature, whose maker is not known', () => {
    expect(assistant({ type: 'thinking', thinking: 'Hm.', signature: 'EqQB+/=' })).toEqual([
      {
        type: 'reasoning',
        text: 'Hm.',
        replay: {
          protocol: 'anthropic-messages',
          providerId: null,
          id: null,
          data: 'EqQB+/=',
          redacted: false,
        },
      },
    ]);
    expect(assistant({ type: 'redacted_thinking', data: 'Enc' })).toMatchObject([
      { text: '', replay: { data: 'Enc', redacted: true } },
    ]);
  });

  it('gives wrapped ones back to their maker', () => {
    const replay: Replay = {
      protocol: 'openai-responses',
      providerId: '7',
      id: 'rs_1',
      data: 'gAAA',
      redacted: false,
    };
    const carrier = wrapReplay(replay);
    expect(assistant({ type: 'thinking', thinking: 'Hm.', signature: carrier })).toEqual([
      { type: 'reasoning', text: 'Hm.', replay },
    ]);
    expect(assistant({ type: 'redacted_thinking', data: carrier })).toEqual([
      { type: 'reasoning', text: '', replay },
    ]);
  });

  it('is left out where its wrapping is damaged, and nobody can take it without any', () => {
    expect(assistant({ type: 'thinking', thinking: 'Hm.', signature: `${REPLAY_MARK}%%` })).toEqual([]);
    expect(assistant({ type: 'thinking', thinking: 'Hm.' })).toEqual([
      { type: 'reasoning', text: 'Hm.', replay: null },
    ]);
  });
});

describe('other blocks', () => {
  it.each([
    ['assistant', { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'q' } }],
    ['assistant', { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }],
    ['user', { type: 'container_upload', file_id: 'file_1' }],
  ])('of the %s are kept as they came', (role, raw) => {
    expect(decode(role, raw).parts).toEqual([
      { type: 'opaque', protocol: 'anthropic-messages', name: raw.type, raw },
    ]);
  });

  it('that sum up a conversation are its text', () => {
    const block = { type: 'compaction', content: 'They spoke of boats.', encrypted_content: 'Enc' };
    expect(user(block)).toEqual([{ type: 'text', text: 'They spoke of boats.' }]);
    expect(assistant(block)).toEqual([{ type: 'text', text: 'They spoke of boats.' }]);
    expect(user({ ...block, content: null })).toMatchObject([{ type: 'opaque', name: 'compaction' }]);
  });

  it('keep the sources of a text', () => {
    const citations = [
      {
        type: 'web_search_result_location',
        url: 'https://example.com',
        title: 'T',
        cited_text: 'q',
        encrypted_index: 'x',
      },
      { type: 'char_location', document_title: 'D', cited_text: 'c' },
    ];
    expect(assistant({ type: 'text', text: 'a', citations })).toEqual([
      {
        type: 'text',
        text: 'a',
        citations: [
          { url: 'https://example.com', title: 'T', quote: 'q' },
          { url: null, title: 'D', quote: 'c' },
        ],
      },
    ]);
  });
});
