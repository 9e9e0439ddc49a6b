import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CanonicalEvent, finishedBy } from '../../../gateway/protocols/canonical/answer.ts';
import { eventsOf } from '../../../gateway/protocols/canonical/events-of.ts';
import type { ToolOrigin } from '../../../gateway/protocols/canonical/fit-tools.ts';
import { OneAtATime } from '../../../gateway/protocols/canonical/one-at-a-time.ts';
import { restoreTools, StreamToolRestorer } from '../../../gateway/protocols/canonical/restore-tools.ts';
import { WholeCharacters } from '../../../gateway/protocols/canonical/whole-characters.ts';
import { call } from './requests.ts';

const start = (index: number): CanonicalEvent => ({ type: 'part_start', index, part: { type: 'text' } });
const delta = (index: number, text: string): CanonicalEvent => ({ type: 'delta', index, text });
const end = (index: number): CanonicalEvent => ({ type: 'part_end', index });
const finish: CanonicalEvent = { type: 'finish', finish: finishedBy('stop'), usage: null };

function inRow(events: readonly CanonicalEvent[]): CanonicalEvent[] {
  const row = new OneAtATime();
  return events.flatMap((event) => row.push(event));
}

describe('one part at a time', () => {
  it('lets the first go on as it comes and holds the others', () => {
    const row = new OneAtATime();
    expect(row.push(start(0))).toEqual([start(0)]);
    expect(row.push(start(1))).toEqual([]);
    expect(row.push(delta(1, 'b'))).toEqual([]);
    expect(row.push(delta(0, 'a'))).toEqual([delta(0, 'a')]);
    expect(row.push(end(0))).toEqual([end(0), start(1), delta(1, 'b')]);
    expect(row.push(delta(1, 'c'))).toEqual([delta(1, 'c')]);
    expect(row.push(end(1))).toEqual([end(1)]);
  });

  it('ends what a provider left open', () => {
    expect(inRow([start(0), delta(0, 'a'), start(1), finish])).toEqual([
      start(0),
      delta(0, 'a'),
      end(0),
      start(1),
      end(1),
      finish,
    ]);
  });

  it('ignores deltas of parts that are not open', () => {
    expect(inRow([delta(3, 'x'), start(0), end(0), delta(0, 'late'), end(7)])).toEqual([start(0), end(0)]);
  });

  it('loses nothing of any interleaving', () => {
    const anyEvent = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', 'b', 'c'));
    fc.assert(
      fc.property(fc.array(anyEvent), (steps) => {
        const indices = [...new Set(steps.map(([index]) => index))];
        const events = [...indices.map(start), ...steps.map(([index, text]) => delta(index, text)), finish];
        const row = inRow(events);
        for (const index of indices) {
          const own = row.filter((event) => 'index' in event && event.index === index);
          expect(own[0]).toEqual(start(index));
          expect(own.at(-1)).toEqual(end(index));
          const text = own.map((event) => (event.type === 'delta' ? event.text : '')).join('');
          expect(text).toBe(
            steps
              .filter(([at]) => at === index)
              .map(([, piece]) => piece)
              .join(''),
          );
        }
        const order = row.flatMap((event) => ('index' in event ? [event.index] : []));
        expect(order).toEqual([...order].sort((a, b) => indices.indexOf(a) - indices.indexOf(b)));
      }),
    );
  });
});

const ORIGINS = new Map<string, ToolOrigin>([
  ['fs__read', { name: 'read', namespace: 'fs', kind: 'function', wrapped: false }],
  ['apply_patch', { name: 'apply_patch', namespace: undefined, kind: 'custom', wrapped: true }],
  ['ApplyPatch', { name: 'ApplyPatch', namespace: undefined, kind: 'function', wrapped: true }],
]);
const ANSWER = {
  parts: [
    call('1', { name: 'fs__read', input: '{"path":"x"}' }),
    call('2', { name: 'apply_patch', input: '{"input":"*** Begin\\n"}' }),
    call('3', { name: 'ApplyPatch', input: '{"input":"raw"}' }),
    call('4', { name: 'unknown' }),
  ],
  finish: finishedBy('tool_calls'),
  usage: null,
};
const RESTORED = [
  { id: '1', name: 'read', namespace: 'fs', kind: 'function', input: '{"path":"x"}' },
  { id: '2', name: 'apply_patch', namespace: undefined, kind: 'custom', input: '*** Begin\n' },
  { id: '3', name: 'ApplyPatch', namespace: undefined, kind: 'function', input: 'raw' },
  { id: '4', name: 'unknown', kind: 'function', input: '{}' },
];

describe("the caller's own tools", () => {
  it('come back in a whole answer', () => {
    expect(restoreTools(ANSWER, ORIGINS).parts).toMatchObject(RESTORED);
  });

  it('come back in a stream, as they do in a whole answer', () => {
    const restorer = new StreamToolRestorer(ORIGINS);
    const events = eventsOf(ANSWER).flatMap((event) => restorer.push(event));
    const calls = events.flatMap((event) => (event.type === 'part_start' ? [event] : []));
    const inputs = calls.map(({ index }) =>
      events.map((event) => (event.type === 'delta' && event.index === index ? event.text : '')).join(''),
    );
    expect(calls.map(({ part }, at) => ({ ...part, input: inputs[at] }))).toMatchObject(RESTORED);
  });
});

describe('a character in two pieces', () => {
  const through = (events: CanonicalEvent[]) => {
    const characters = new WholeCharacters();
    return events.flatMap((event) => characters.push(event));
  };

  it('comes in one', () => {
    expect(through([delta(0, 'a\ud83d'), delta(0, '\ude00b'), end(0)])).toEqual([
      delta(0, 'a'),
      delta(0, '😀b'),
      end(0),
    ]);
  });

  it('that is never whole is not lost', () => {
    expect(through([delta(0, '\ud83d'), end(0)])).toEqual([delta(0, '\ud83d'), end(0)]);
  });
});
