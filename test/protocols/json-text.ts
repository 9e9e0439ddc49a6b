import fc from 'fast-check';

/** A member of a JSON object in the making: its key, its value, and both as text. */
export interface TextMember {
  key: string;
  keyText: string;
  value: unknown;
  valueText: string;
}

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
const awkward = fc.constantFrom(
  '"',
  '\\',
  '\\"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\\\',
  '\u0000',
  '\u2028',
  'é',
  '日本',
  '😀',
  '__proto__',
  'constructor',
  'model',
);
const text = fc.array(fc.oneof(fc.string(), awkward), { maxLength: 4 }).map((parts) => parts.join(''));

/** A string as JSON text, with some letters written as \u escapes. */
function stringText(value: string): fc.Arbitrary<string> {
  return fc.infiniteStream(fc.boolean()).map(
    (escaped) =>
      `"${[...Array(value.length).keys()]
        .map((index) => {
          const unit = value.charAt(index);
          if (escaped.next().value === true) return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
          // A surrogate alone is not UTF-8: it is written as an escape or left to its pair.
          return isSurrogate(unit)
            ? `\\u${unit.charCodeAt(0).toString(16)}`
            : JSON.stringify(unit).slice(1, -1);
        })
        .join('')}"`,
  );
}

function isSurrogate(unit: string): boolean {
  return unit >= '\ud800' && unit <= '\udfff';
}

interface Written {
  value: unknown;
  text: string;
}

const written = fc.letrec<{
  value: Written;
  array: Written;
  object: Written;
  string: Written;
  plain: Written;
}>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('plain'),
    tie('string'),
    tie('array'),
    tie('object'),
  ),
  plain: fc
    .constantFrom('null', 'true', 'false', '0', '-1.5e10', '9007199254740993', '1E400', '-0')
    .map((plain) => ({ value: JSON.parse(plain) as unknown, text: plain })),
  string: text.chain((value) => stringText(value).map((written_) => ({ value, text: written_ }))),
  array: fc
    .tuple(space, fc.array(fc.tuple(tie('value'), space, space), { maxLength: 3 }))
    .map(([empty, items]) => ({
      value: items.map(([item]) => item.value),
      text: `[${empty}${items.map(([item, before, after]) => before + item.text + after).join(',')}]`,
    })),
  object: fc
    .tuple(space, fc.array(fc.tuple(tie('string'), tie('value'), space, space, space), { maxLength: 3 }))
    .map(([empty, members]) => {
      const body = members.map(([key, value, a, b, c]) => `${a}${key.text}${b}:${c}${value.text}`).join(',');
      const object = `{${empty}${body}}`;
      return { value: JSON.parse(object) as unknown, text: object };
    }),
}));

/** Members with keys that are often among `names`, and the text of an object of them, piece by piece. */
export function objectText(
  names: readonly string[],
): fc.Arbitrary<{ members: TextMember[]; pieces: string[] }> {
  const key = fc
    .oneof(fc.constantFrom(...names), text)
    .chain((value) => stringText(value).map((written_) => ({ key: value, keyText: written_ })));
  const member = fc.tuple(key, written.value, space, space, space, space);
  return fc
    .tuple(space, fc.array(member, { maxLength: 6 }), space, space)
    .map(([lead, members, inner, trail]) => {
      const pieces: string[] = [`${lead}{${members.length === 0 ? inner : ''}`];
      members.forEach(([{ keyText }, value, a, b, c, d], index) => {
        pieces.push(`${index > 0 ? ',' : ''}${a}${keyText}${b}:${c}`, value.text, d);
      });
      pieces.push(`}${trail}`);
      return {
        members: members.map(([name, value]) => ({ ...name, value: value.value, valueText: value.text })),
        pieces,
      };
    });
}
