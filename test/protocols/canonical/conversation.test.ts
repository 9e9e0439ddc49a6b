import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../gateway/protocols/canonical/conversation.ts';
import type { Turn } from '../../../gateway/protocols/canonical/request.ts';
import { assistant, call, result, system, user } from './requests.ts';

describe('a conversation in order', () => {
  it('stays as it is', () => {
    const turns = [
      system('be brief'),
      user('hi'),
      assistant('a moment', call('a'), call('b')),
      user(result('a'), result('b'), 'go on'),
      assistant('done'),
    ];
    expect(inOrder(turns)).toEqual(turns);
  });

  it('has the results of parallel calls in one turn, in the order of the calls, before what the user says', () => {
    const turns = [
      user('hi'),
      assistant(call('a'), call('b')),
      user(result('b', 'B')),
      user('by the way'),
      user(result('a', 'A')),
    ];
    expect(inOrder(turns).at(-1)).toEqual(user(result('a', 'A'), result('b', 'B'), 'by the way'));
  });

  it('has what the assistant said between calls and results before the calls', () => {
    const turns = [user('hi'), assistant(call('a')), assistant('reading'), user(result('a'))];
    expect(inOrder(turns)).toEqual([user('hi'), assistant('reading', call('a')), user(result('a'))]);
  });

  it('has results right behind their calls, also where a system message or an answer stood between', () => {
    const turns = [
      user('hi'),
      assistant(call('a')),
      system('note'),
      user('well?'),
      assistant('hm'),
      user(result('a')),
    ];
    expect(inOrder(turns)).toEqual([
      user('hi'),
      assistant(call('a')),
      user(result('a')),
      system('note'),
      user('well?'),
      assistant('hm'),
    ]);
  });

  it('answers a call whose result is missing, as an error', () => {
    const [, , answer] = inOrder([user('hi'), assistant(call('a'), call('b')), user(result('b'))]);
    expect(answer?.parts).toMatchObject([
      { type: 'tool_result', callId: 'a', isError: true },
      { type: 'tool_result', callId: 'b', isError: false },
    ]);
  });

  it('keeps a result without a call as what the user said', () => {
    const turns = inOrder([user('hi', result('gone', 'found it'))]);
    expect(turns[0]?.parts.every(({ type }) => type === 'text')).toBe(true);
    expect(JSON.stringify(turns)).toContain('found it');
  });

  it('tells calls apart whose ids repeat from turn to turn', () => {
    const turns = inOrder([
      user('hi'),
      assistant(call('0')),
      user(result('0', 'first')),
      assistant(call('0')),
      user(result('0', 'second')),
    ]);
    const results = turns.flatMap(({ parts }) => parts.filter((part) => part.type === 'tool_result'));
    expect(new Set(results.map(({ callId }) => callId)).size).toBe(2);
    expect(results.map((part) => part.parts)).toEqual([
      [{ type: 'text', text: 'first' }],
      [{ type: 'text', text: 'second' }],
    ]);
  });

  it('has no empty texts and no empty turns', () => {
    expect(inOrder([user(''), assistant(''), user('hi', ''), assistant('')])).toEqual([user('hi')]);
  });
});

const id = fc.constantFrom('a', 'b', 'c');
const text = fc.constantFrom('', 'x', 'y');
const anyTurn: fc.Arbitrary<Turn> = fc.oneof(
  fc
    .array(
      fc.oneof(
        text,
        id.map((callId) => result(callId)),
      ),
      { maxLength: 4 },
    )
    .map((parts) => user(...parts)),
  fc
    .array(
      fc.oneof(
        text,
        id.map((callId) => call(callId)),
      ),
      { maxLength: 4 },
    )
    .map((parts) => assistant(...parts)),
  text.map(system),
);

describe('any conversation', () => {
  it('ends up with each call answered once, right behind it, in order; nothing empty; no role twice in a row', () => {
    fc.assert(
      fc.property(fc.array(anyTurn, { maxLength: 8 }), (turns) => {
        const ordered = inOrder(turns);
        for (const [index, turn] of ordered.entries()) {
          expect(turn.parts.length).toBeGreaterThan(0);
          expect(turn.role).not.toBe(ordered[index + 1]?.role);
          const calls =
            turn.role === 'assistant' ? turn.parts.filter((part) => part.type === 'tool_call') : [];
          const next = ordered[index + 1];
          const results = next?.role === 'user' ? next.parts : [];
          const leading = results.slice(0, calls.length);
          expect(leading.map((part) => part.type === 'tool_result' && part.callId)).toEqual(
            calls.map((part) => part.id),
          );
          const rest = results.slice(calls.length);
          if (next?.role === 'user') expect(rest.some((part) => part.type === 'tool_result')).toBe(false);
        }
        const ids = ordered.flatMap(({ parts }) =>
          parts.flatMap((part) => (part.type === 'tool_call' ? [part.id] : [])),
        );
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it('loses no text and no result', () => {
    fc.assert(
      fc.property(fc.array(anyTurn, { maxLength: 8 }), (turns) => {
        const count = (all: readonly Turn[], wanted: string) =>
          JSON.stringify(all).split(`"${wanted}"`).length;
        const ordered = inOrder(turns);
        for (const wanted of ['x', 'y', 'done']) expect(count(ordered, wanted)).toBe(count(turns, wanted));
      }),
    );
  });

  it('is left alone the second time', () => {
    fc.assert(
      fc.property(fc.array(anyTurn, { maxLength: 8 }), (turns) => {
        const once = inOrder(turns);
        expect(inOrder(once)).toEqual(once);
      }),
    );
  });
});
