import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { chunk, decodeChunks } from './support.ts';

interface SeenCall {
  id: string;
  name: string;
  kind: string;
  input: string;
}

/** The calls of a stream whose chunks each hold some fragments. */
function callsOf(...chunks: JsonObject[][]): SeenCall[] {
  const calls = new Map<number, SeenCall>();
  const events = decodeChunks(
    ...chunks.map((calls) => chunk({ tool_calls: calls })),
    chunk({}, 'tool_calls'),
  );
  for (const event of events) {
    if (event.type === 'part_start' && event.part.type === 'tool_call') {
      const { id, name, kind } = event.part;
      calls.set(event.index, { id, name, kind, input: '' });
    }
    if (event.type !== 'delta') continue;
    const call = calls.get(event.index);
    if (call !== undefined) call.input += event.text;
  }
  return [...calls.values()];
}

const call = (name: string, input: string) => ({ function: { name, arguments: input } });
const more = (input: string) => ({ function: { arguments: input } });
const madeId = expect.stringMatching(/^call_[0-9a-f]{24}$/);

describe('calls in a chat stream', () => {
  it('are put together by their index, interleaved or not', () => {
    expect(
      callsOf(
        [{ index: 0, id: 'a', type: 'function', ...call('f', '') }],
        [{ index: 0, ...more('{"n"') }],
        [{ index: 1, id: 'b', type: 'function', ...call('g', '') }],
        [
          { index: 1, ...more('{"m":') },
          { index: 0, ...more(':1}') },
        ],
        [{ index: 1, ...more('2}') }],
      ),
    ).toEqual([
      { id: 'a', name: 'f', kind: 'function', input: '{"n":1}' },
      { id: 'b', name: 'g', kind: 'function', input: '{"m":2}' },
    ]);
  });

  it('come as they are written, one event for each fragment', () => {
    const events = decodeChunks(
      chunk({ content: 'Now.' }),
      chunk({ tool_calls: [{ index: 0, id: 'a', ...call('f', '{') }] }),
      chunk({ tool_calls: [{ index: 0, ...more('}') }] }),
      chunk({}, 'tool_calls'),
    );
    expect(events.slice(3, -1)).toEqual([
      { type: 'part_end', index: 0 },
      { type: 'part_start', index: 1, part: { type: 'tool_call', id: 'a', name: 'f', kind: 'function' } },
      { type: 'delta', index: 1, text: '{' },
      { type: 'delta', index: 1, text: '}' },
      { type: 'part_end', index: 1 },
    ]);
  });

  it('may be of custom tools', () => {
    expect(
      callsOf(
        [{ index: 0, id: 'a', type: 'custom', custom: { name: 'patch', input: '' } }],
        [{ index: 0, custom: { input: '*** Begin' } }],
      ),
    ).toEqual([{ id: 'a', name: 'patch', kind: 'custom', input: '*** Begin' }]);
  });

  it('may be whole, in one chunk or several', () => {
    const [a, b] = [
      { index: 0, id: 'a', ...call('f', '{"n":1}') },
      { index: 1, id: 'b', ...call('f', '{"n":2}') },
    ];
    expect(callsOf([a, b])).toEqual(callsOf([a], [b]));
    expect(callsOf([a, b])).toMatchObject([{ input: '{"n":1}' }, { input: '{"n":2}' }]);
  });

  it('may begin at another index than 0', () => {
    expect(callsOf([{ index: 1, id: 'a', ...call('f', '') }], [{ index: 1, ...more('{}') }])).toMatchObject([
      { id: 'a', input: '{}' },
    ]);
  });

  it('may have an old function_call, without an id', () => {
    const events = decodeChunks(
      chunk({ function_call: { name: 'f', arguments: '' } }),
      chunk({ function_call: { arguments: '{"n"' } }),
      chunk({ function_call: { arguments: ':1}' } }),
      chunk({}, 'function_call'),
    );
    expect(events).toContainEqual({
      type: 'part_start',
      index: 0,
      part: { type: 'tool_call', id: madeId, name: 'f', kind: 'function' },
    });
    expect(events.filter(({ type }) => type === 'delta')).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ finish: { reason: 'tool_calls' } });
  });

  it('that Gemini signed stand behind their signature', () => {
    const extra_content = { google: { thought_signature: 'sig' } };
    const events = decodeChunks(
      chunk({ tool_calls: [{ index: 0, id: 'a', ...call('f', '{}'), extra_content }] }, 'stop'),
    );
    expect(events.slice(1, 4)).toMatchObject([
      { type: 'part_start', part: { type: 'reasoning' } },
      { type: 'part_end', replay: { data: JSON.stringify({ extra_content }), redacted: true } },
      { type: 'part_start', part: { type: 'tool_call' } },
    ]);
  });
});

describe('calls of servers that depart from the protocol', () => {
  it.each<[string, JsonObject[][]]>([
    [
      'index 0 for all, each whole',
      [[{ index: 0, id: 'a', ...call('f', '{"n":1}') }], [{ index: 0, id: 'b', ...call('f', '{"n":2}') }]],
    ],
    [
      'index 0 for all, in fragments',
      [
        [{ index: 0, id: 'a', ...call('f', '') }],
        [{ index: 0, id: '', ...more('{"n":1}') }],
        [{ index: 0, id: 'b', ...call('f', '') }],
        [{ index: 0, id: null, ...more('{"n":2}') }],
      ],
    ],
    [
      'index 0 for all, the id in each fragment, interleaved',
      [
        [{ index: 0, id: 'a', ...call('f', '') }],
        [{ index: 0, id: 'b', ...call('f', '') }],
        [{ index: 0, id: 'a', ...more('{"n":1}') }],
        [{ index: 0, id: 'b', ...more('{"n":2}') }],
      ],
    ],
    [
      'no index, the id in each fragment',
      [
        [
          { id: 'a', ...call('f', '') },
          { id: 'b', ...call('f', '') },
        ],
        [
          { id: 'b', ...more('{"n":') },
          { id: 'a', ...more('{"n":1}') },
        ],
        [{ id: 'b', ...more('2}') }],
      ],
    ],
    [
      'no index, the id in the first fragment',
      [
        [{ id: 'a', ...call('f', '{"n"') }],
        [more(':1}')],
        [{ id: 'b', ...call('f', '{"n"') }],
        [more(':2}')],
      ],
    ],
    [
      'the name in each fragment',
      [
        [{ index: 0, id: 'a', ...call('f', '') }],
        [{ index: 0, id: 'a', ...call('f', '{"n":1}') }],
        [{ index: 1, id: 'b', ...call('f', '{"n"') }],
        [{ index: 1, ...call('f', ':2}') }],
      ],
    ],
    [
      'a new id in each fragment',
      [
        [{ index: 0, id: 'a', ...call('f', '') }],
        [{ index: 0, id: 'x', ...more('{"n":1}') }],
        [{ index: 1, id: 'b', ...call('f', '') }],
        [{ index: 1, id: 'y', ...more('{"n":2}') }],
      ],
    ],
    [
      'the whole call told again at the end',
      [
        [{ index: 0, id: 'a', ...call('f', '') }],
        [{ index: 0, ...more('{"n":1}') }],
        [{ index: 1, id: 'b', ...call('f', '{"n":2}') }],
        [{ index: 0, id: 'a', ...call('f', '{"n":1}') }],
      ],
    ],
    [
      'the name behind the id',
      [
        [{ index: 0, id: 'a', function: { arguments: '' } }],
        [{ index: 0, ...call('f', '{"n":1}') }],
        [{ index: 1, id: 'b' }],
        [{ index: 1, ...more('{"n":') }],
        [{ index: 1, ...call('f', '2}') }],
      ],
    ],
    [
      'arguments as an object',
      [
        [{ index: 0, id: 'a', function: { name: 'f', arguments: { n: 1 } } }],
        [{ index: 1, id: 'b', function: { name: 'f', arguments: { n: 2 } } }],
        [{ index: 1, id: 'b', function: { name: 'f', arguments: { n: 2 } } }],
      ],
    ],
  ])('%s', (_, chunks) => {
    expect(callsOf(...chunks)).toEqual([
      { id: 'a', name: 'f', kind: 'function', input: '{"n":1}' },
      { id: 'b', name: 'f', kind: 'function', input: '{"n":2}' },
    ]);
  });

  it('get ids where they have none, or another call has theirs', () => {
    const seen = callsOf(
      [{ index: 0, ...call('f', '{"n":1}') }],
      [{ index: 0, ...call('f', '{"n":2}') }],
      [{ index: 0, ...call('g', '{}') }],
      [{ index: 3, id: 'a', ...call('h', '{}') }],
      [{ index: 4, id: 'a', ...call('h', '{}') }],
    );
    expect(seen).toEqual([
      { id: madeId, name: 'f', kind: 'function', input: '{"n":1}' },
      { id: madeId, name: 'f', kind: 'function', input: '{"n":2}' },
      { id: madeId, name: 'g', kind: 'function', input: '{}' },
      { id: 'a', name: 'h', kind: 'function', input: '{}' },
      { id: madeId, name: 'h', kind: 'function', input: '{}' },
    ]);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(5);
  });

  it('are no calls without a name', () => {
    const events = decodeChunks(
      chunk({ content: 'Hi', tool_calls: [{ index: 0, id: 'a', ...more('{}') }] }),
      chunk({}, 'tool_calls'),
    );
    expect(events.filter(({ type }) => type === 'part_start')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ finish: { reason: 'stop' } });
  });

  it('come out whole however a proper stream cuts and mixes them', () => {
    const inputs = fc.array(fc.array(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 4 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(inputs, fc.infiniteStream(fc.nat()), (calls, choices) => {
        const fragments = calls.map((pieces, index) => [
          { index, id: `id-${index}`, ...call('f', '') },
          ...pieces.map((piece) => ({ index, ...more(piece) })),
        ]);
        const expected = calls.map((pieces, index) => ({ id: `id-${index}`, input: pieces.join('') }));
        const mixed: JsonObject[][] = [];
        while (fragments.some((rest) => rest.length > 0)) {
          const open = fragments.filter((rest) => rest.length > 0);
          const next = open[(choices.next().value ?? 0) % open.length]?.shift();
          if (next !== undefined) mixed.push([next]);
        }
        const seen = callsOf(...mixed);
        expect(seen).toHaveLength(expected.length);
        for (const { id, input } of expected) {
          expect(seen.find((found) => found.id === id)).toMatchObject({ input });
        }
      }),
    );
  });
});
