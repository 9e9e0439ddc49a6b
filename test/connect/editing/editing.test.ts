/** Whatever a settings file looks like: only our values differ, nothing else moves, and it can be taken back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonc } from '../../../gateway/connect/editing/jsonc.ts';
import { markedBlock } from '../../../gateway/connect/editing/marked-block.ts';
import type { SettingsFormat } from '../../../gateway/connect/editing/settings-format.ts';
import { toml } from '../../../gateway/connect/editing/toml.ts';
import { type Entry, valueAt, withValue } from '../../../gateway/connect/editing/values.ts';
import { retractEntries, writeEntries } from '../../../gateway/connect/editing/write-entries.ts';
import { yaml } from '../../../gateway/connect/editing/yaml.ts';
import { jsonText, tomlText, yamlText } from './texts.ts';

const OURS: Readonly<Record<string, readonly Entry[]>> = {
  jsonc: [
    { path: ['env', 'BASE_URL'], value: 'http://127.0.0.1:7411/api' },
    { path: ['env', 'TOKEN'], value: 'ntl_live_“x”\\' },
    { path: ['provider', 'ntl'], value: { npm: 'x', models: { 'a/b': { limit: 1 } } } },
    { path: ['customModels', { where: { name: 'ntl' } }], value: { name: 'ntl', on: true } },
    { path: ['model'], value: 'ntl/x' },
  ],
  toml: [
    { path: ['model'], value: 'x "y" # z' },
    { path: ['model_provider'], value: 'ntl' },
    {
      path: ['model_providers', 'ntl'],
      value: { name: 'NTL', base_url: 'http://127.0.0.1', on: true, list: ['a', 1] },
    },
    { path: ['models', 'a b'], value: { size: 1 } },
  ],
  yaml: [
    { path: ['openai-api-base'], value: 'http://127.0.0.1 # x' },
    {
      path: ['models', { where: { name: 'ntl' } }],
      value: { name: 'ntl', roles: ['chat'], deep: { size: 1 } },
    },
    { path: ['model'], value: 'x: y' },
  ],
};

const FORMATS: readonly (readonly [string, SettingsFormat, fc.Arbitrary<string>])[] = [
  ['jsonc', jsonc, jsonText],
  ['toml', toml, tomlText],
  ['yaml', yaml, yamlText],
];

const without = (root: unknown, entries: readonly Entry[]) =>
  entries.reduce((left, { path }) => withValue(left, path, undefined), root);

/** What of a text is no longer there once another has come in one place. */
function lost(before: string, after: string): string {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return before.slice(start, before.length - end);
}

describe.each(FORMATS)('%s', (name, format, texts) => {
  const ours = OURS[name] ?? [];
  const RUNS = { numRuns: 25 };

  it('gets our values and keeps all others', () => {
    fc.assert(
      fc.property(texts, (before) => {
        const { text } = writeEntries(format, before, ours);
        const [was, is] = [format.read(before), format.read(text)];
        for (const { path, value } of ours) expect(valueAt(is, path)).toEqual(value);
        expect(without(is, ours)).toEqual(without(was ?? {}, ours));
        if (before.includes('\r\n')) expect(text.replaceAll('\r\n', '')).not.toContain('\n');
        else expect(text).not.toContain('\r');
      }),
      RUNS,
    );
  });

  it('loses no character but blanks by each of them', () => {
    fc.assert(
      fc.property(texts, (before) => {
        let now = before;
        for (const { path, value } of format.order(ours)) {
          const after = format.set(now, path, value);
          expect(lost(now, after).trim()).toBe('');
          now = after;
        }
      }),
      RUNS,
    );
  });

  it('is left as it is by a second time', () => {
    fc.assert(
      fc.property(texts, (before) => {
        const { text } = writeEntries(format, before, ours);
        expect(writeEntries(format, text, ours).text).toBe(text);
      }),
      RUNS,
    );
  });

  it('gets back what it was by taking ours out, comments and all', () => {
    fc.assert(
      fc.property(texts, (before) => {
        const { text, written } = writeEntries(format, before, ours);
        const { text: after, kept } = retractEntries(format, text, written);
        expect(kept).toEqual([]);
        // Braces, line ends and blanks around what was empty may differ.
        expect(after.replaceAll(/\s/g, '')).toBe(before.replaceAll(/\s/g, '') || after.replaceAll(/\s/g, ''));
      }),
      RUNS,
    );
  });

  it('keeps what somebody wrote since, and says so', () => {
    fc.assert(
      fc.property(texts, fc.nat(ours.length - 1), (before, at) => {
        const { text, written } = writeEntries(format, before, ours);
        const { path } = written[at % written.length] as Entry;
        const mine = { name: 'ntl', note: 'mine' };
        const changed = format.set(text, path, typeof path.at(-1) === 'string' ? 'mine' : mine);
        const { text: after, kept } = retractEntries(format, changed, written);
        expect(kept).toEqual([path]);
        expect(valueAt(format.read(after), path)).toEqual(typeof path.at(-1) === 'string' ? 'mine' : mine);
      }),
      RUNS,
    );
  });

  it('puts back a value that was there', () => {
    fc.assert(
      fc.property(texts, (before) => {
        const mine = format.order(ours).map(({ path }) => ({
          path,
          value: typeof path.at(-1) === 'string' ? 'mine' : { name: 'ntl' },
        }));
        const own = writeEntries(format, before, mine).text;
        const { text, written } = writeEntries(format, own, ours);
        const { text: after } = retractEntries(format, text, written);
        expect(format.read(after)).toEqual(format.read(own));
      }),
      RUNS,
    );
  });
});

it('a block of lines comes, changes and goes', () => {
  fc.assert(
    fc.property(fc.string(), fc.boolean(), fc.boolean(), (line, crlf, ended) => {
      const eol = crlf ? '\r\n' : '\n';
      const own = `# mine${eol}${line.replaceAll(/[\r\n]/g, '')}${eol}export A=1${ended ? eol : ''}`;
      const block = markedBlock('x');
      const first = block.set(own, ['lines'], ['export B=2']);
      expect(first.startsWith(own)).toBe(true);
      const second = block.set(first, ['lines'], ['export B=3', 'export C=4']);
      expect(block.read(second)).toEqual({ lines: ['export B=3', 'export C=4'] });
      expect(block.remove(second, ['lines'])).toBe(ended ? own : `${own}${eol}`);
    }),
  );
});
