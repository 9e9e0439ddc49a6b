/** What the edited text looks like, and what is left alone. */
import { describe, expect, it } from 'vitest';
import { jsonc } from '../../../gateway/connect/editing/jsonc.ts';
import type { SettingsFormat } from '../../../gateway/connect/editing/settings-format.ts';
import { decoded, encoded } from '../../../gateway/connect/editing/text-file.ts';
import { toml } from '../../../gateway/connect/editing/toml.ts';
import type { Entry } from '../../../gateway/connect/editing/values.ts';
import { writeEntries } from '../../../gateway/connect/editing/write-entries.ts';
import { yaml } from '../../../gateway/connect/editing/yaml.ts';

const ENV: Entry[] = [
  { path: ['env', 'A'], value: '1' },
  { path: ['env', 'B'], value: '2' },
];
const write = (format: SettingsFormat, text: string, entries: readonly Entry[] = ENV) =>
  writeEntries(format, text, entries).text;

describe('JSON', () => {
  it.each([
    ['', '{\n  "env": {\n    "A": "1",\n    "B": "2"\n  }\n}\n'],
    [
      '{\n\t"verbose": true // yes\n}',
      '{\n\t"env": {\n\t\t"A": "1",\n\t\t"B": "2"\n\t},\n\t"verbose": true // yes\n}',
    ],
    ['{"verbose":true}', '{"env": {"A": "1", "B":"2"}, "verbose":true}'],
    ['{ // top\n  "env": { "C": "3" },\n}\n', '{ // top\n  "env": { "A": "1", "B": "2", "C": "3" },\n}\n'],
    [
      '{\r\n  "env": {\r\n    "B": "9"\r\n  }\r\n}',
      '{\r\n  "env": {\r\n    "A": "1",\r\n    "B": "2"\r\n  }\r\n}',
    ],
  ])('%j becomes %j', (before, after) => {
    expect(write(jsonc, before)).toBe(after);
  });
});

describe('TOML', () => {
  const ours: Entry[] = [
    { path: ['model'], value: 'gpt' },
    { path: ['model_providers', 'ntl'], value: { name: 'N' } },
  ];
  it.each([
    ['', 'model = "gpt"\n\n[model_providers.ntl]\nname = "N"\n'],
    [
      'model = "old" # mine\n\n[tui]\nx = 1',
      'model = "gpt" # mine\n\n[tui]\nx = 1\n\n[model_providers.ntl]\nname = "N"\n',
    ],
    [
      '# mine\n\n# about\n[tui]\n',
      '# mine\n\nmodel = "gpt"\n\n# about\n[tui]\n\n[model_providers.ntl]\nname = "N"\n',
    ],
    [
      '[model_providers."ntl"]\n  other = 1\n',
      'model = "gpt"\n\n[model_providers."ntl"]\n  other = 1\n  name = "N"\n',
    ],
  ])('%j becomes %j', (before, after) => {
    expect(write(toml, before, ours)).toBe(after);
  });
});

describe('YAML', () => {
  const ours: Entry[] = [
    { path: ['models', { where: { name: 'x' } }], value: { name: 'x', roles: ['chat'] } },
  ];
  it.each([
    ['', 'models:\n  - name: "x"\n    roles:\n      - "chat"\n'],
    [
      'name: Mine\nmodels:\n# first\n- name: a\n',
      'name: Mine\nmodels:\n- name: "x"\n  roles:\n    - "chat"\n# first\n- name: a\n',
    ],
    ['models: # none yet', 'models: # none yet\n  - name: "x"\n    roles:\n      - "chat"\n'],
  ])('%j becomes %j', (before, after) => {
    expect(write(yaml, before, ours)).toBe(after);
  });
});

describe('left alone, with what is wrong and where', () => {
  it.each<[string, SettingsFormat, string, RegExp, number | null]>([
    ['JSON that ends early', jsonc, '{\n  "a": 1,\n', /no valid JSON/, 3],
    ['JSON that is a text', jsonc, '"x"', /single value/, 1],
    ['JSON with a list where an object belongs', jsonc, '{\n\n  "env": []\n}', /something else/, 3],
    ['a key that is there twice', jsonc, '{"env": {}, "env": {"C": "3"}}', /cannot be changed safely/, null],
    ['TOML that is none', toml, 'a = 1\nb = \n', /no valid TOML/, 2],
    [
      'TOML with a value where a table belongs',
      toml,
      'env = 1\n',
      /cannot be changed safely|no valid TOML/,
      null,
    ],
    [
      'TOML with an inline table',
      toml,
      'env = { C = "3" }\n',
      /cannot be changed safely|no valid TOML/,
      null,
    ],
    ['YAML that is none', yaml, 'a: 1\nb: {\n', /no valid YAML/, 3],
    ['YAML in several documents', yaml, 'a: 1\n---\nb: 2\n', /several YAML documents/, null],
    ['YAML with an alias', yaml, 'x: &x {C: 3}\nenv: *x\n', /refers to another place/, null],
  ])('%s', (_, format, text, words, line) => {
    const failed = (() => {
      try {
        return write(format, text);
      } catch (error) {
        return error;
      }
    })();
    expect(failed).toMatchObject({ name: 'BrokenSettings', message: expect.stringMatching(words) });
    if (line !== null) expect(failed).toMatchObject({ line });
  });
});

it('a byte order mark stays, and other encodings are left alone', () => {
  const bytes = Buffer.from('\ufeff{"ü": 1}');
  expect(decoded(bytes)).toEqual({ mark: true, text: '{"ü": 1}' });
  expect(encoded(decoded(bytes))).toEqual(bytes);
  expect(() => decoded(Buffer.from('\ufeff{}', 'utf16le'))).toThrow('is not UTF-8');
});
