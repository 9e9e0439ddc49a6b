/** Settings as people have them, made up: comments, blank lines, both line ends, tabs, commas too many. */
import fc from 'fast-check';

/** Lines are written with LF; `dressed` decides. */
export interface Dress {
  crlf: boolean;
  lastLineEnd: boolean;
}

export const dress: fc.Arbitrary<Dress> = fc.record({ crlf: fc.boolean(), lastLineEnd: fc.boolean() });

export function dressed(text: string, { crlf, lastLineEnd }: Dress): string {
  const ended = lastLineEnd ? text : text.replace(/\n$/, '');
  return crlf ? ended.replaceAll('\n', '\r\n') : ended;
}

const word = fc.constantFrom(
  'alpha',
  'beta',
  'gamma',
  'delta',
  'eta',
  'theta',
  'iota',
  'with space',
  'ümlaut',
  'a.b',
  'no',
);
const words = fc.uniqueArray(word, { maxLength: 4 });
const said = fc.constantFrom(
  'x',
  '',
  'it’s',
  'say "hi"',
  'back\\slash',
  '# no comment',
  '// neither',
  '/* nor */',
  'a: b',
  '[1]',
  '💡',
  "'",
);
const scalar = fc.oneof(said, fc.integer({ min: -9, max: 9_999 }), fc.boolean());
const comment = fc.constantFrom('', '', ' ', 'note', 'a "quoted" one', '{ [', 'x = 1', '- y: z', '💡');

type Plain = string | number | boolean | Plain[] | { [name: string]: Plain };
const value = fc.letrec<{ value: Plain; table: Plain }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 2 },
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    tie('table'),
  ),
  table: words.chain((names) =>
    fc
      .tuple(...names.map(() => tie('value')))
      .map((values) => Object.fromEntries(names.map((name, at) => [name, values[at] as Plain]))),
  ),
}));

/** A JSON text with comments and trailing commas. */
export const jsonText = fc
  .record({
    root: value.table,
    unit: fc.constantFrom('  ', '    ', '\t'),
    notes: fc.array(comment, { minLength: 3, maxLength: 3 }),
    trailing: fc.boolean(),
    oneLine: fc.boolean(),
    head: fc.boolean(),
    dress,
  })
  .map(({ root, unit, notes, trailing, oneLine, head, dress: how }) => {
    let turn = 0;
    const note = () => notes[turn++ % notes.length] ?? '';
    const shown = (one: Plain, indent: string, flat: boolean): string => {
      if (typeof one !== 'object') return JSON.stringify(one);
      const [open, close] = Array.isArray(one) ? '[]' : '{}';
      const items = Array.isArray(one)
        ? one.map((inner) => shown(inner, indent + unit, true))
        : Object.entries(one).map(
            ([name, inner]) =>
              `${JSON.stringify(name)}: ${shown(inner, indent + unit, flat || note() === 'x = 1')}`,
          );
      if (flat || items.length === 0) {
        const inner = note();
        const gap = inner.includes('*') || inner === '' ? '' : ` /* ${inner} */ `;
        return `${open}${gap}${items.join(', ')}${close}`;
      }
      const lines = items.map((item, at) => {
        const last = at === items.length - 1;
        const after = note();
        const above = note() === 'note' ? `${indent}${unit}// above\n` : '';
        return `${above}${indent}${unit}${item}${!last || trailing ? ',' : ''}${after === '' ? '' : ` // ${after}`}\n`;
      });
      const opening = note();
      return `${open}${opening === '' ? '' : ` // ${opening}`}\n${lines.join('')}${indent}${close}`;
    };
    const top = head ? '// mine\n/* over\n lines */\n' : '';
    return dressed(`${top}${shown(root, '', oneLine)}\n`, how);
  });

const bare = fc.constantFrom('alpha', 'beta', 'gamma', 'delta', 'eta', '"with space"', '"a.b"', "'c d'");
const tomlScalar = fc
  .oneof(
    said.map((text) => JSON.stringify(text)),
    fc.constantFrom(
      "'literal \\ # x'",
      '"""\nlong # no\n[neither]\n"""',
      "'''\nraw ''' ",
      '1_000',
      '1.5',
      'true',
      '2026-01-01T00:00:00Z',
    ),
  )
  .map((text) => (text === "'''\nraw ''' " ? "'''\nraw'''" : text));
const tomlValue = fc.oneof(
  tomlScalar,
  fc
    .array(tomlScalar, { maxLength: 3 })
    .map((items) => `[\n  # inner ]\n${items.map((item) => `  ${item},\n`).join('')}]`),
  fc.constantFrom('{ x = 1, y = "}" }', '[]'),
);
const tomlNote = comment.map((text) => (text === '' ? '' : ` # ${text}`));
const tomlPairs = fc
  .uniqueArray(bare, { maxLength: 3 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc.tuple(fc.constant(name), tomlValue, tomlNote, fc.constantFrom('', '', '  ', '\t')),
      ),
    ),
  )
  .map((pairs) =>
    pairs.map(([name, inner, note, indent]) => `${indent}${name} = ${inner}${note}\n`).join(''),
  );
const tomlGap = fc.constantFrom('', '\n', '\n# about\n', '# about [x]\n', '\n\n');

/** A TOML text with tables, lists of tables, long strings and comments. */
export const tomlText = fc
  .tuple(
    fc.constantFrom('', '# mine\n\n', '# mine\n'),
    tomlPairs,
    fc
      .uniqueArray(
        fc.constantFrom(
          'one',
          'two',
          'model_providers.other',
          'providers',
          'tui',
          'projects."/home/me"',
          '[list]',
        ),
        { maxLength: 4 },
      )
      .chain((names) =>
        fc.tuple(...names.map((name) => fc.tuple(tomlGap, fc.constant(name), tomlNote, tomlPairs))),
      ),
    dress,
  )
  .map(([head, root, tables, how]) =>
    dressed(
      head + root + tables.map(([gap, name, note, pairs]) => `${gap}[${name}]${note}\n${pairs}`).join(''),
      how,
    ),
  );

const yamlScalar = fc.oneof(
  said.map((text) => JSON.stringify(text)),
  fc.constantFrom('plain words', "'single ''quoted'''", '1', 'true', '~'),
);
const yamlNote = tomlNote;

/** A YAML text with block and flow collections, long strings and comments. */
export const yamlText = fc
  .record({
    head: fc.constantFrom('', '# mine\n\n', '# mine\n', '---\n'),
    names: fc.uniqueArray(fc.constantFrom('alpha', 'beta', '"with space"', 'models', 'eta'), {
      maxLength: 4,
    }),
    values: fc.array(
      fc.oneof(
        yamlScalar.map((text) => ` ${text}`),
        fc.constantFrom(' |\n  long\n  # text\n', ' >-\n  folded\n  text\n', '', ' {a: 1, b: [2]}', ' []'),
        fc
          .tuple(yamlScalar, yamlScalar, yamlNote)
          .map(
            ([one, two, note]) =>
              `\n  - name: ${one}${note}\n    # inner\n    roles: [x]\n  - name: ${two}\n`,
          ),
        fc.tuple(yamlScalar, yamlNote).map(([one, note]) => `\n- name: ${one}${note}\n`),
        fc.tuple(yamlScalar, yamlNote).map(([one, note]) => `\n    deep: ${one}${note}\n    # tail\n`),
      ),
      { minLength: 4, maxLength: 4 },
    ),
    notes: fc.array(yamlNote, { minLength: 4, maxLength: 4 }),
    gaps: fc.array(fc.constantFrom('', '\n', '# about\n'), { minLength: 4, maxLength: 4 }),
    dress,
  })
  .map(({ head, names, values, notes, gaps, dress: how }) => {
    const lines = names.map((name, at) => {
      const inner = values[at] ?? '';
      const ended = inner.endsWith('\n') ? inner : `${inner}${notes[at]}\n`;
      // A list of plain values under the name that ours has is no list of models.
      return `${gaps[at]}${name}:${name === 'models' && !/^(\n *- |$| \[\])/.test(inner) ? '\n' : ended}`;
    });
    return dressed(head + lines.join(''), how);
  });
