import fc from 'fast-check';
import { expect, it } from 'vitest';
import { topLevelMembers } from '../../gateway/protocols/json-members.ts';
import { findModel } from '../../gateway/protocols/model-member.ts';

/** Words for keys and strings of which many are, or look like, the one that is looked for. */
const words = fc.oneof(
  fc.constantFrom('model', 'Model', 'MODEL', 'mode', 'models', '"model"', 'ä', '\\u006d', 'mo\u0000del'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

const values = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, words, fc.integer(), fc.array(tie('value')), tie('object')),
  object: fc.dictionary(words, tie('value')),
})).value;

/** JSON text in which any character of a key may be written as an escape. */
function written(key: string, escaped: boolean): string {
  if (!escaped) return JSON.stringify(key);
  return `"${[...key].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`;
}

const members = fc.array(fc.tuple(words, fc.boolean(), values), { maxLength: 6 });

it('finds the outermost one, and none where there are two, as a walk over all members does', () => {
  fc.assert(
    fc.property(members, fc.nat(6), members, fc.string(), (before, blanks, after, name) => {
      const space = ' '.repeat(blanks);
      const list = [...before, ['model', blanks % 2 === 0, name] as const, ...after];
      const pieces = list.map(
        ([key, escaped, value]) => `${written(key, escaped)}${space}:${space}${JSON.stringify(value)}`,
      );
      const text = `{${pieces.join(`,${space}`)}}`;
      const bytes = Buffer.from(text);
      const walked = topLevelMembers(bytes).filter(({ key }) => key.toLowerCase() === 'model');
      const found = findModel(text, bytes);
      if (walked.length > 1) return found === null;
      return found !== null && found.start === walked[0]?.start && found.end === walked[0]?.end;
    }),
    { numRuns: 2_000 },
  );
});

it('takes a word in a text or in a schema for no second one', () => {
  const text = '{"tools":[{"properties":{"model":{}}}],"messages":["\\"model\\""],"model":"gpt-4o"}';
  const found = findModel(text, Buffer.from(text));
  expect(text.slice(found?.start, found?.end)).toBe('"gpt-4o"');
});
