import { describe, expect, it } from 'vitest';
import { type Replay, wrapReplay } from '../../../gateway/protocols/canonical/replay.ts';
import { chatCodec } from '../../../gateway/protocols/openai-chat/codec.ts';
import { NO_TOKENS } from '../../../gateway/protocols/usage.ts';
import { chunk, decodeChunks, PROVIDER } from './support.ts';

const plain: Replay = { protocol: 'openai-chat', providerId: PROVIDER, id: null, data: '', redacted: false };
const finish = (reason: string) => ({ reason, stopSequence: null, details: null });
const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const told = { ...NO_TOKENS, inputTokens: 10, outputTokens: 5 };

describe('a chat stream', () => {
  it('is a start, parts in a row, and a finish', () => {
    expect(
      decodeChunks(
        chunk({ role: 'assistant', content: '' }),
        chunk({ reasoning_content: 'H' }),
        chunk({ reasoning_content: 'm' }),
        chunk({ content: 'Ye' }),
        chunk({ content: 's' }),
        chunk({}, 'stop'),
        { choices: [], usage },
      ),
    ).toEqual([
      { type: 'start' },
      { type: 'part_start', index: 0, part: { type: 'reasoning' } },
      { type: 'delta', index: 0, text: 'H' },
      { type: 'delta', index: 0, text: 'm' },
      { type: 'part_end', index: 0, replay: plain },
      { type: 'part_start', index: 1, part: { type: 'text' } },
      { type: 'delta', index: 1, text: 'Ye' },
      { type: 'delta', index: 1, text: 's' },
      { type: 'part_end', index: 1 },
      { type: 'usage', usage: told },
      { type: 'finish', finish: finish('stop'), usage: told },
    ]);
  });

  it.each([
    [[chunk({}, 'stop'), { choices: [], usage }]],
    [[chunk({}, 'stop'), { usage }]],
    [[{ ...chunk({}, 'stop'), usage }]],
    [[{ ...chunk({}, 'stop'), x_groq: { usage } }]],
    [[{ choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage }] }]],
    [
      [
        { ...chunk({}), usage: { prompt_tokens: 10, completion_tokens: 1 } },
        { ...chunk({}, 'stop'), usage },
      ],
    ],
  ])('tells its usage wherever it stands: %o', (chunks) => {
    const events = decodeChunks(chunk({ content: 'Hi' }), ...chunks);
    expect(events.at(-1)).toEqual({ type: 'finish', finish: finish('stop'), usage: told });
  });

  it('begins with its start also where usage comes first', () => {
    const events = decodeChunks({ ...chunk({ content: 'Hi' }), usage }, chunk({}, 'stop'));
    expect(events.map(({ type }) => type)).toEqual([
      'start',
      'part_start',
      'delta',
      'usage',
      'part_end',
      'finish',
    ]);
  });

  it('has nothing behind its finish reason', () => {
    const events = decodeChunks(chunk({ content: 'Hi' }, 'stop'), chunk({ content: ' again' }, 'length'));
    expect(events).toEqual(decodeChunks(chunk({ content: 'Hi' }, 'stop')));
  });

  it('has nothing behind its end', () => {
    const decoder = chatCodec.decodeStream({ providerId: PROVIDER });
    decoder.push(chunk({ content: 'Hi' }, 'stop'));
    expect(decoder.push('[DONE]')).toHaveLength(1);
    expect([...decoder.push(chunk({ content: 'x' })), ...decoder.push('[DONE]'), ...decoder.end()]).toEqual(
      [],
    );
  });

  it('ends with its last byte where it told a reason and no end mark', () => {
    const decoder = chatCodec.decodeStream({ providerId: PROVIDER });
    decoder.push(chunk({ content: 'Hi' }, 'length'));
    expect(decoder.end()).toEqual([{ type: 'finish', finish: finish('length'), usage: null }]);
  });

  it('was cut where it told neither', () => {
    const decoder = chatCodec.decodeStream({ providerId: PROVIDER });
    decoder.push(chunk({ content: 'Hi' }));
    expect(decoder.end()).toEqual([]);
  });

  it('is whole with its end mark alone, if anything was said', () => {
    expect(decodeChunks(chunk({ content: 'Hi' })).at(-1)).toMatchObject({ finish: finish('stop') });
    expect(decodeChunks()).toEqual([]);
    expect(decodeChunks(chunk({ role: 'assistant' }))).toEqual([{ type: 'start' }]);
  });

  it('may be a whole message in one chunk', () => {
    const events = decodeChunks({ choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] });
    expect(events).toContainEqual({ type: 'delta', index: 0, text: 'Hi' });
  });

  it('is that of the first choice', () => {
    const events = decodeChunks(
      {
        choices: [
          { index: 1, delta: { content: 'No' } },
          { index: 0, delta: { content: 'Yes' } },
        ],
      },
      chunk({}, 'stop'),
    );
    expect(events.filter(({ type }) => type === 'delta')).toEqual([{ type: 'delta', index: 0, text: 'Yes' }]);
  });
});

describe('the parts of a chat stream', () => {
  const starts = (...chunks: Parameters<typeof decodeChunks>) =>
    decodeChunks(...chunks, chunk({}, 'stop')).flatMap((event) =>
      event.type === 'part_start' ? [event.part.type] : [],
    );
  const texts = (...chunks: Parameters<typeof decodeChunks>) =>
    decodeChunks(...chunks, chunk({}, 'stop')).flatMap((event) =>
      event.type === 'delta' ? [`${event.index}:${event.text}`] : [],
    );

  it('may be thoughts and text in one array, as Mistral sends them', () => {
    const thinking = (text: string) => ({ type: 'thinking', thinking: [{ type: 'text', text }] });
    const chunks = [
      chunk({ content: [thinking('H')] }),
      chunk({ content: [thinking('m'), { type: 'text', text: 'Y' }] }),
      chunk({ content: 'es' }),
    ];
    expect(texts(...chunks)).toEqual(['0:H', '0:m', '1:Y', '1:es']);
    expect(starts(...chunks)).toEqual(['reasoning', 'text']);
  });

  it('keep parts that nobody knows', () => {
    const reference = { type: 'reference', reference_ids: [1] };
    expect(decodeChunks(chunk({ content: [reference] }, 'stop'))).toContainEqual({
      type: 'part_start',
      index: 0,
      part: { type: 'opaque', protocol: 'openai-chat', name: 'reference', raw: reference },
    });
  });

  it('may be a refusal', () => {
    const events = decodeChunks(chunk({ refusal: 'I ' }), chunk({ refusal: 'cannot.' }), chunk({}, 'stop'));
    expect(events).toContainEqual({ type: 'part_start', index: 0, part: { type: 'refusal' } });
    expect(events.at(-1)).toMatchObject({ finish: finish('refusal') });
  });

  it('have their sources, with the text or before it', () => {
    const annotations = [
      { type: 'url_citation', url_citation: { url: 'https://example.com', title: 'T', content: 'Q' } },
      { type: 'file_citation' },
    ];
    const citation = { url: 'https://example.com', title: 'T', quote: 'Q' };
    for (const chunks of [
      [chunk({ content: 'Hi' }), chunk({ annotations })],
      [chunk({ annotations }), chunk({ content: 'Hi' })],
    ]) {
      const events = decodeChunks(...chunks, chunk({}, 'stop'));
      expect(events.filter(({ type }) => type === 'citation')).toEqual([
        { type: 'citation', index: 0, citation },
      ]);
    }
  });

  it('do not read tags within text', () => {
    expect(starts(chunk({ content: '<think>Hm.</think>Yes.' }))).toEqual(['text']);
  });
});

describe('reasoning details of a chat stream', () => {
  const piece = (members: object) => chunk({ reasoning_details: [members] });
  const thoughts = (...chunks: Parameters<typeof decodeChunks>) =>
    decodeChunks(...chunks, chunk({ content: 'Yes' }), chunk({}, 'stop')).filter(
      (event) => event.type === 'part_end' || event.type === 'delta',
    );

  it('are put together, and their text counts once', () => {
    expect(
      thoughts(
        chunk({ reasoning: 'H', reasoning_details: [{ type: 'reasoning.text', text: 'H', index: 0 }] }),
        chunk({ reasoning: 'm', reasoning_details: [{ type: 'reasoning.text', text: 'm', index: 0 }] }),
        piece({ type: 'reasoning.text', signature: 'sig', format: 'anthropic-claude-v1', index: 0 }),
      ).slice(0, 3),
    ).toEqual([
      { type: 'delta', index: 0, text: 'H' },
      { type: 'delta', index: 0, text: 'm' },
      {
        type: 'part_end',
        index: 0,
        replay: {
          ...plain,
          data: '{"type":"reasoning.text","index":0,"signature":"sig","format":"anthropic-claude-v1"}',
        },
      },
    ]);
  });

  it('of a gateway of this kind repeat what came as text, and count once', () => {
    const signature = wrapReplay({ ...plain, providerId: '7', data: 'sig' });
    const sealed = { type: 'reasoning.text', text: 'Hm, so', signature, index: 0 };
    const events = thoughts(
      ...[chunk({ reasoning_content: 'Hm, ' }), chunk({ reasoning_content: 'so' })],
      ...[piece(sealed), chunk({ reasoning_content: 'Now' }), piece({ ...sealed, text: 'Now', index: 1 })],
    );
    expect(events.flatMap((event) => (event.type === 'delta' ? [event.text] : []))).toEqual([
      ...['Hm, ', 'so', 'Now', 'Yes'],
    ]);
    expect(events.find(({ type }) => type === 'part_end')).toMatchObject({
      replay: { data: JSON.stringify({ type: 'reasoning.text', signature, index: 0 }) },
    });
  });

  it('may sign text that came alone', () => {
    const events = thoughts(chunk({ reasoning: 'Hm' }), piece({ type: 'reasoning.text', signature: 'sig' }));
    expect(events.slice(0, 2)).toEqual([
      { type: 'delta', index: 0, text: 'Hm' },
      {
        type: 'part_end',
        index: 0,
        replay: { ...plain, data: '{"type":"reasoning.text","signature":"sig"}' },
      },
    ]);
  });

  it('may be encrypted, and stand for themselves', () => {
    const data = { type: 'reasoning.encrypted', data: 'gAAA', id: 'rs_1', index: 1 };
    const events = thoughts(piece({ type: 'reasoning.summary', summary: 'Sum', index: 0 }), piece(data));
    expect(events.slice(0, 3)).toEqual([
      { type: 'delta', index: 0, text: 'Sum' },
      { type: 'part_end', index: 0, replay: plain },
      {
        type: 'part_end',
        index: 1,
        replay: { ...plain, id: 'rs_1', data: JSON.stringify(data), redacted: true },
      },
    ]);
  });

  it('that bring nothing are nothing', () => {
    const events = decodeChunks(piece({ type: 'reasoning.text', text: '', index: 0 }), chunk({}, 'stop'));
    expect(events.map(({ type }) => type)).toEqual(['start', 'finish']);
  });
});

describe('why a chat stream ended', () => {
  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['model_length', 'context_window'],
    ['sensitive', 'content_filter'],
    ['tool_calls', 'stop'],
    ['something_new', 'stop'],
  ])('%s without calls is %s', (word, reason) => {
    expect(decodeChunks(chunk({ content: 'Hi' }, word)).at(-1)).toMatchObject({ finish: finish(reason) });
  });

  it.each([
    ['tool_calls', 'tool_calls'],
    ['function_call', 'tool_calls'],
    ['stop', 'tool_calls'],
    ['length', 'length'],
  ])('%s with calls is %s', (word, reason) => {
    const calls = chunk({ tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: '{}' } }] });
    expect(decodeChunks(calls, chunk({}, word)).at(-1)).toMatchObject({ finish: finish(reason) });
  });
});

describe('an error within a chat stream', () => {
  it.each([
    [
      { error: { message: 'Overloaded', type: 'server_error', code: 'overloaded' } },
      { message: 'Overloaded', type: 'server_error', code: 'overloaded' },
    ],
    [{ error: 'Out of memory' }, { message: 'Out of memory', type: null, code: null }],
    [
      { ...chunk({ content: '' }, 'error'), error: { code: 502, message: 'Provider disconnected' } },
      { message: 'Provider disconnected', type: null, code: '502' },
    ],
    [
      {
        choices: [
          { index: 0, delta: {}, finish_reason: 'error', error: { code: 429, message: 'Slow down' } },
        ],
      },
      { message: 'Slow down', type: null, code: '429' },
    ],
    [
      { object: 'error', message: 'Bad things', type: 'internal_error', code: 3000 },
      { message: 'Bad things', type: 'internal_error', code: '3000' },
    ],
    [
      chunk({}, 'insufficient_system_resource'),
      {
        message: 'The provider broke the answer off: insufficient_system_resource.',
        type: null,
        code: 'insufficient_system_resource',
      },
    ],
  ])('%o ends it', (data, error) => {
    const events = decodeChunks(chunk({ content: 'Hi' }), data, chunk({ content: 'more' }, 'stop'));
    expect(events.slice(3)).toEqual([{ type: 'error', error }]);
  });

  it('is none where the field is empty', () => {
    const events = decodeChunks({ ...chunk({ content: 'Hi' }), error: null }, chunk({}, 'stop'));
    expect(events.at(-1)).toMatchObject({ type: 'finish' });
  });
});
