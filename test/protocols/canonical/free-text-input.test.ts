import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asArguments,
  FreeTextReader,
  fromArguments,
} from '../../../gateway/protocols/canonical/free-text-input.ts';

function streamed(input: string, cuts: readonly number[]): string {
  const reader = new FreeTextReader();
  let text = '';
  let start = 0;
  for (const cut of [...cuts.map((at) => at % (input.length + 1)).sort((a, b) => a - b), input.length]) {
    text += reader.push(input.slice(start, cut));
    start = cut;
  }
  return text + reader.end();
}

describe('free text in arguments', () => {
  it('comes back, whole and in any pieces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat()), (text, cuts) => {
        const input = asArguments(text);
        expect(fromArguments(input)).toBe(text);
        expect(streamed(input, cuts)).toBe(text);
      }),
    );
  });

  it('flows while it comes in', () => {
    const reader = new FreeTextReader();
    expect(reader.push('{ "input" : "a')).toBe('a');
    expect(reader.push('b\\')).toBe('b');
    expect(reader.push('n\\u00')).toBe('\n');
    expect(reader.push('e9"}')).toBe('é');
    expect(reader.end()).toBe('');
  });

  it('is what a model wrote where it did not keep to the form', () => {
    for (const input of ['*** Begin Patch', '{"patch":"x"}', '', `{"other":${'1'.repeat(100)},"x":2}`]) {
      expect(streamed(input, [1, 3])).toBe(fromArguments(input));
    }
    const late = `{"why":"${'because '.repeat(20)}","input":"text"}`;
    expect(streamed(late, [2, 9, 70])).toBe('text');
  });

  it('never fails on anything', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.nat()), (junk, cuts) => {
        expect(typeof streamed(junk, cuts)).toBe('string');
        expect(typeof streamed(`{"input":"${junk}`, cuts)).toBe('string');
      }),
    );
  });
});
