import fc from 'fast-check';
import { expect, it } from 'vitest';
import { diffOf, masked } from '../../../gateway/connect/setup/diff.ts';

const shown = (before: string, after: string) =>
  diffOf(before, after).lines.map(
    ({ kind, text }) => `${{ same: ' ', added: '+', removed: '-', gap: '…' }[kind]}${text}`,
  );

it('shows what comes and goes with a little around it', () => {
  const before = `${Array.from({ length: 20 }, (_, at) => `line ${at}`).join('\n')}\n`;
  const after = before.replace('line 10\n', 'other\nmore\n');
  expect(shown(before, after)).toEqual([
    ...[
      '…',
      ' line 7',
      ' line 8',
      ' line 9',
      '-line 10',
      '+other',
      '+more',
      ' line 11',
      ' line 12',
      ' line 13',
      '…',
    ],
  ]);
  expect(diffOf(before, after)).toMatchObject({ added: 2, removed: 1 });
  expect(shown('', 'a\n')).toEqual(['+a']);
  expect(shown('a', 'a')).toEqual(['…']);
});

it('tells every line of both sides', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (old, fresh) => {
      const { lines: told, added, removed } = diffOf(old.join('\n'), fresh.join('\n'));
      const count = (kind: string) => told.filter((line) => line.kind === kind).length;
      expect([count('added'), count('removed')]).toEqual([added, removed]);
      if (old.length > 0 && fresh.length > 0) expect(fresh.length - old.length).toBe(added - removed);
    }),
  );
});

it.each([
  ['"ANTHROPIC_AUTH_TOKEN": "ntl_live_abcdefghij0123456789"', '"ANTHROPIC_AUTH_TOKEN": "ntl_live_…"'],
  ['"ANTHROPIC_AUTH_TOKEN": "my own secret"', '"ANTHROPIC_AUTH_TOKEN": "my…"'],
  ['api_key = "plainsecret"', 'api_key = "pl…"'],
  ['  openai-api-key: plainsecret # x', '  openai-api-key: pl…'],
  ['export OPENAI_API_KEY=plainsecret', 'export OPENAI_API_KEY=pl…'],
  ['Authorization: Bearer abcdefgh', 'Authorization: Bearer ab…'],
  ['url = "https://x/sk-abcdefghijk"', 'url = "https://x/sk-…"'],
  ['"baseUrl": "http://127.0.0.1:7411/api/v1"', '"baseUrl": "http://127.0.0.1:7411/api/v1"'],
  ['"max_tokens": 400000,', '"max_tokens": 400000,'],
  ['env_key = "NTL_KEY"', 'env_key = "NTL_KEY"'],
])('%s is shown as %s', (line, text) => {
  expect(masked(line)).toBe(text);
});
