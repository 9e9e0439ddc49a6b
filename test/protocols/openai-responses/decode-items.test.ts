import { describe, expect, it } from 'vitest';
import { type Replay, wrapReplay } from '../../../gateway/protocols/canonical/replay.ts';
import type { Turn } from '../../../gateway/protocols/canonical/request.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { decoded } from './support.ts';

function turnsOf(...input: JsonObject[]): Turn[] {
  return decoded({ input }).turns;
}

/** The parts of the only turn. */
function partsOf(...input: JsonObject[]): Turn['parts'] {
  const [turn, ...others] = turnsOf(...input);
  expect(others).toEqual([]);
  return turn?.parts ?? [];
}

function contentOf(part: JsonObject): unknown {
  return partsOf({ role: 'user', content: [part] })[0];
}

describe('messages', () => {
  it('have roles, and text as a string or in parts', () => {
    expect(
      turnsOf(
        { role: 'system', content: 'Be brief.' },
        {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_text', text: 'hi' },
            { type: 'text', text: '!' },
          ],
        },
        { role: 'assistant', content: 'hello' },
        { role: 'developer', content: [{ type: 'input_text', text: 'Now in French.' }] },
      ),
    ).toEqual([
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      {
        role: 'user',
        parts: [
          { type: 'text', text: 'hi' },
          { type: 'text', text: '!' },
        ],
      },
      { role: 'assistant', parts: [{ type: 'text', text: 'hello' }] },
      { role: 'system', parts: [{ type: 'text', text: 'Now in French.' }] },
    ]);
  });

  it('of the model have text with its sources, and refusals', () => {
    const annotations = [
      { type: 'url_citation', url: 'https://a.example', title: 'A', start_index: 0, end_index: 4 },
      { type: 'file_path', file_id: 'f', index: 0 },
    ];
    expect(
      partsOf({
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        status: 'completed',
        content: [
          { type: 'output_text', text: 'So.', annotations },
          { type: 'refusal', refusal: 'No.' },
        ],
      }),
    ).toEqual([
      { type: 'text', text: 'So.', citations: [{ url: 'https://a.example', title: 'A', quote: null }] },
      { type: 'refusal', text: 'No.' },
    ]);
  });

  it.each([
    [{ image_url: 'data:image/png;base64,AAAA' }, { kind: 'base64', mediaType: 'image/png', data: 'AAAA' }],
    [{ image_url: 'https://a.example/x.png' }, { kind: 'url', url: 'https://a.example/x.png' }],
    [{ image_url: { url: 'https://a.example/x.png' } }, { kind: 'url', url: 'https://a.example/x.png' }],
    [{ file_id: 'file-1' }, { kind: 'file', protocol: 'openai-responses', id: 'file-1' }],
  ])('show an image: %j', (fields, source) => {
    expect(contentOf({ type: 'input_image', detail: 'low', ...fields })).toEqual({
      type: 'image',
      source,
      detail: 'low',
    });
  });

  it.each([
    [
      { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' },
      { kind: 'base64', mediaType: 'application/pdf', data: 'AAAA' },
    ],
    [
      { filename: 'a.pdf', file_data: 'AAAA' },
      { kind: 'base64', mediaType: 'application/pdf', data: 'AAAA' },
    ],
    [
      { filename: 'a.md', file_data: 'aGk=' },
      { kind: 'text', text: 'hi' },
    ],
    [
      { filename: 'a', file_data: 'data:text/csv,a%2Cb' },
      { kind: 'text', text: 'a,b' },
    ],
    [
      { filename: 'a', file_url: 'https://a.example/a.pdf' },
      { kind: 'url', url: 'https://a.example/a.pdf' },
    ],
    [
      { filename: 'a', file_id: 'file-1' },
      { kind: 'file', protocol: 'openai-responses', id: 'file-1' },
    ],
  ])('bring a file: %j', (fields, source) => {
    expect(contentOf({ type: 'input_file', ...fields })).toEqual({
      type: 'document',
      name: fields.filename,
      source,
    });
  });

  it('bring audio', () => {
    expect(contentOf({ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } })).toEqual({
      type: 'audio',
      format: 'wav',
      data: 'AAAA',
    });
  });

  it('keep marks for the prompt’s cache', () => {
    const marked = (ttl?: string) =>
      contentOf({ type: 'input_text', text: 'a', prompt_cache_breakpoint: { mode: 'explicit', ttl } });
    expect(marked()).toMatchObject({ cache: { ttl: null } });
    expect(marked('12h')).toMatchObject({ cache: { ttl: '1h' } });
  });

  it('keep parts that nobody knows as messages of their own', () => {
    const part = { type: 'input_hologram', depth: 3 };
    expect(contentOf(part)).toEqual({
      type: 'opaque',
      protocol: 'openai-responses',
      name: 'input_hologram',
      raw: { type: 'message', role: 'user', content: [part] },
    });
    expect(contentOf({ depth: 3 })).toMatchObject({ type: 'opaque', name: 'content' });
  });

  it('of the system have text alone', () => {
    const content = [
      { type: 'input_text', text: 'a' },
      { type: 'input_image', image_url: 'https://a.example' },
    ];
    const request = decoded({ input: [{ role: 'developer', content }] });
    expect(request.turns).toEqual([{ role: 'system', parts: [{ type: 'text', text: 'a' }] }]);
    expect(request.unplaced).toEqual(['system.input_image']);
  });

  it('of other roles are kept, and known by them', () => {
    const item = { role: 'critic', content: 'Hm.' };
    expect(partsOf(item)).toEqual([
      { type: 'opaque', protocol: 'openai-responses', name: 'message.critic', raw: item },
    ]);
  });

  it.each([
    [{ role: 'user', content: 7 }, '`input[0].content` must be an array.'],
    [{ role: 'user', content: ['a'] }, '`input[0].content[0]` must be an object.'],
    [{ role: 'user', content: [{ type: 'input_text' }] }, '`input[0].content[0].text` must be a string.'],
    [
      { role: 'user', content: [{ type: 'input_image' }] },
      '`input[0].content[0]` needs one of image_url and file_id.',
    ],
    [
      { role: 'user', content: [{ type: 'input_image', image_url: 'data:image/png' }] },
      '`input[0].content[0].image_url` begins like a data URL and is none.',
    ],
    [
      { role: 'user', content: [{ type: 'input_file', file_data: 'data:text/plain,%' }] },
      '`input[0].content[0].file_data` begins like a data URL and is none.',
    ],
  ])('are refused where they cannot be read: %j', (item, message) => {
    expect(() => turnsOf(item)).toThrow(expect.objectContaining({ code: 'invalid_messages', message }));
  });
});

describe('calls and their results', () => {
  it('are linked by call_id, not by the item’s id', () => {
    expect(
      turnsOf(
        { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{"a":1}' },
        { type: 'function_call_output', id: 'fco_1', call_id: 'call_1', output: 'found' },
      ),
    ).toEqual([
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', id: 'call_1', name: 'f', kind: 'function', input: '{"a":1}' }],
      },
      {
        role: 'user',
        parts: [
          { type: 'tool_result', callId: 'call_1', parts: [{ type: 'text', text: 'found' }], isError: false },
        ],
      },
    ]);
  });

  it('of free-text tools are known as such', () => {
    expect(
      turnsOf(
        { type: 'custom_tool_call', call_id: 'c', name: 'patch', input: '*** Begin' },
        { type: 'custom_tool_call_output', call_id: 'c', output: 'ok' },
      ),
    ).toMatchObject([
      { parts: [{ type: 'tool_call', kind: 'custom', input: '*** Begin' }] },
      { parts: [{ type: 'tool_result', custom: true }] },
    ]);
  });

  it('keep their namespace, but for the one that stands for none', () => {
    const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '' };
    expect(partsOf({ ...call, namespace: 'mcp__git' })).toMatchObject([{ name: 'f', namespace: 'mcp__git' }]);
    for (const namespace of ['functions', '', null]) {
      expect(partsOf({ ...call, namespace })[0]).not.toHaveProperty('namespace');
    }
  });

  it('may have arguments that are not a text', () => {
    const call = { type: 'function_call', call_id: 'c', name: 'f' };
    expect(partsOf({ ...call, arguments: { a: 1 } })).toMatchObject([{ input: '{"a":1}' }]);
    expect(partsOf(call)).toMatchObject([{ input: '' }]);
  });

  it('bring images and files back', () => {
    const output = [
      { type: 'input_text', text: 'see' },
      { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' },
      { type: 'encrypted_content', data: 'x' },
    ];
    const request = decoded({ input: [{ type: 'function_call_output', call_id: 'c', output }] });
    expect(request.turns).toMatchObject([
      { parts: [{ parts: [{ type: 'text' }, { type: 'image' }, { type: 'document' }] }] },
    ]);
    expect(request.unplaced).toEqual(['function_call_output.encrypted_content']);
  });

  it('bring other JSON back as its text', () => {
    const output = { ok: true };
    expect(partsOf({ type: 'function_call_output', call_id: 'c', output })).toMatchObject([
      { parts: [{ type: 'text', text: '{"ok":true}' }] },
    ]);
  });

  it('are kept as they are where an output answers no call', () => {
    expect(partsOf({ type: 'function_call_output', call_id: null, output: 'x' })).toMatchObject([
      { type: 'opaque', name: 'function_call_output' },
    ]);
  });

  it('are refused without a name', () => {
    expect(() => turnsOf({ type: 'function_call', call_id: 'c' })).toThrow(
      '`input[0].name` must be a string.',
    );
  });
});

describe('reasoning', () => {
  const item = { type: 'reasoning', id: 'rs_1', summary: [] };

  it('stands with what follows it in one turn', () => {
    const turns = turnsOf(
      { role: 'user', content: 'hi' },
      { ...item, encrypted_content: 'gAAAA' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'A moment.' }] },
      { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
      { type: 'function_call', call_id: 'b', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'a', output: '1' },
      { type: 'function_call_output', call_id: 'b', output: '2' },
    );
    expect(turns.map(({ role, parts }) => [role, parts.map(({ type }) => type)])).toEqual([
      ['user', ['text']],
      ['assistant', ['reasoning', 'text', 'tool_call', 'tool_call']],
      ['user', ['tool_result', 'tool_result']],
    ]);
  });

  it('of an unknown provider of this protocol is known as such', () => {
    expect(partsOf({ ...item, encrypted_content: 'gAAAA' })).toEqual([
      {
        type: 'reasoning',
        text: '',
        replay: {
          protocol: 'openai-responses',
          providerId: null,
          id: 'rs_1',
          data: 'gAAAA',
          redacted: false,
        },
      },
    ]);
  });

  it('of another protocol comes out of its wrapping', () => {
    const replay: Replay = {
      protocol: 'anthropic-messages',
      providerId: 'p',
      id: null,
      data: 'signature',
      redacted: false,
    };
    const summary = [{ type: 'summary_text', text: 'thought' }];
    expect(partsOf({ ...item, summary, encrypted_content: wrapReplay(replay) })).toEqual([
      { type: 'reasoning', text: 'thought', replay },
    ]);
  });

  it('is left out where its wrapping is damaged, or it says nothing', () => {
    const hi = { role: 'user', content: 'hi' };
    expect(partsOf({ ...item, encrypted_content: 'ntl_replay.broken' }, hi)).toEqual([
      { type: 'text', text: 'hi' },
    ]);
    expect(partsOf(item, hi)).toEqual([{ type: 'text', text: 'hi' }]);
  });

  it('has the text of its summary, else of its content', () => {
    const texts = (type: string, ...all: string[]) => all.map((text) => ({ type, text }));
    const content = texts('reasoning_text', 'raw');
    expect(partsOf({ ...item, summary: texts('summary_text', 'a', 'b'), content })).toEqual([
      { type: 'reasoning', text: 'a\n\nb', replay: null },
    ]);
    expect(partsOf({ ...item, content })).toEqual([{ type: 'reasoning', text: 'raw', replay: null }]);
  });
});

describe('items that only this protocol knows', () => {
  it.each([
    ['web_search_call', 'assistant'],
    ['file_search_call', 'assistant'],
    ['computer_call', 'assistant'],
    ['computer_call_output', 'user'],
    ['local_shell_call', 'assistant'],
    ['local_shell_call_output', 'user'],
    ['shell_call_output', 'user'],
    ['apply_patch_call', 'assistant'],
    ['mcp_call', 'assistant'],
    ['mcp_approval_response', 'user'],
    ['compaction', 'assistant'],
    ['hologram_call', 'assistant'],
  ])('%s is kept as it is, with the %s', (type, role) => {
    const raw = { type, id: 'x_1', more: [1] };
    expect(turnsOf(raw)).toEqual([
      { role, parts: [{ type: 'opaque', protocol: 'openai-responses', name: type, raw }] },
    ]);
  });

  it.each([{ type: 'item_reference', id: 'msg_1' }, { id: 'msg_1' }, { type: null, id: 'msg_1' }])(
    'a stored one is refused, with what to set instead: %j',
    (item) => {
      expect(() => turnsOf({ role: 'user', content: 'hi' }, item)).toThrow(
        expect.objectContaining({
          code: 'invalid_request',
          message: expect.stringMatching(/`input\[1\]`.*"store": false.*providerOptions\.openai\.store/),
        }),
      );
    },
  );
});
