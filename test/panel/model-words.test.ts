import { describe, expect, it } from 'vitest';
import type { Model, Provider } from '../../gateway/doors/admin/contract.ts';
import { microsOf, perMillion } from '../../renderer/pages/models/dollars.ts';
import { rowsFound, rowsOf } from '../../renderer/pages/models/model-rows.ts';
import { parsed } from '../../renderer/pages/models/preset-values.ts';
import { meanwhile } from '../../renderer/pages/providers/meanwhile.ts';
import { contextSize } from '../../renderer/pages/providers/publish.ts';

const target = (providerId: string, priority = 0) => ({
  ...{ providerId, priority, weight: 1, upstreamModel: `of-${providerId}`, providerName: null },
  listPrice: { input: 1, output: 2 },
});
const model = (id: string, facts: Partial<Model>) =>
  ({
    id,
    targets: [],
    aliasOf: null,
    multiplier: 1,
    price: null,
    enabled: true,
    ...facts,
  }) as unknown as Model;
const provider = (id: string, kind: Provider['state']['kind']) =>
  ({ id, name: `P${id}`, priority: 0, state: { kind } }) as Provider;

describe('prices', () => {
  it('are dollars a million tokens, with as many decimals as they need', () => {
    expect([3_000_000, 75_000, 0, 12_345_600_000].map(perMillion)).toEqual([
      '3.00',
      '0.075',
      '0.00',
      '12,345.60',
    ]);
  });

  it('are whole micros again', () => {
    expect([0.075, 1.1, 19.99].map(microsOf)).toEqual([75_000, 1_100_000, 19_990_000]);
  });
});

describe('a context size', () => {
  it('is told in the thousands it was made of', () => {
    expect([131_072, 200_000, 1_048_576, 1_000_000, 512, 8_192].map(contextSize)).toEqual([
      ...['128 k', '200 k', '1 M', '1 M', '512', '8 k'],
    ]);
  });
});

describe('the rows of models', () => {
  const models = [
    model('quota/fast', {}),
    model('of-b', { aliasOf: 'b' }),
    model('ntl/echo', {}),
    model('b', { targets: [target('2', 1), target('1')] }),
    model('round', { aliasOf: 'round-too' }),
    model('round-too', { aliasOf: 'round' }),
  ];
  const rows = rowsOf(models, [provider('1', 'answers'), provider('2', 'answers')], 'of-b');
  const find = (id: string) => rows.find((row) => row.id === id);

  it('stand in groups: models, aliases, what is built in', () => {
    expect(rows.map(({ id, group }) => `${group} ${id}`)).toEqual([
      ...['model b', 'alias quota/fast', 'alias of-b', 'alias round', 'alias round-too'],
      ...['built-in ntl/echo', 'built-in auto'],
    ]);
  });

  it('lead to the model that answers in the end, or nowhere', () => {
    expect(find('of-b')?.served?.id).toBe('b');
    expect(find('auto')?.served?.id).toBe('b');
    expect(find('quota/fast')?.served).toBeNull();
    expect(find('round')?.served).toBeNull();
  });

  it('are found by name, by what they lead to, by the provider’s name, and by provider', () => {
    const found = (search: string, at: string | null = null) =>
      rowsFound(rows, search, at).map(({ id }) => id);
    expect(found('FAST')).toEqual(['quota/fast']);
    expect(found('of-2')).toEqual(['b']);
    expect(found('', '2')).toEqual(['b', 'of-b', 'auto']);
    expect(found('', '9')).toEqual([]);
  });
});

describe('where models go while a provider is in trouble', () => {
  const told = (kinds: readonly Provider['state']['kind'][], models: readonly Model[]) =>
    meanwhile(
      kinds.map((kind, index) => provider(String(index + 1), kind)),
      models,
    );
  const both = model('b', { targets: [target('1'), target('2', 1)] });

  it('is told only then', () => {
    expect(told(['answers', 'answers'], [both])).toEqual([]);
    expect(told(['cooling_down', 'answers'], [both])).toEqual([]);
  });

  it('names the provider that takes over, and counts those that nobody takes', () => {
    expect(told(['failing', 'answers'], [both])).toEqual(['P1’s models go to P2 meanwhile.']);
    expect(told(['failing', 'off'], [both])).toEqual(['1 model of P1 has no other provider.']);
    const alone = model('c', { targets: [target('1')] });
    expect(told(['credential_refused', 'answers'], [both, alone])).toEqual([
      'Of P1’s models some go to P2 meanwhile.',
      '1 model of P1 has no other provider.',
    ]);
  });
});

describe('parameters as JSON', () => {
  it('are taken, or it is said what is wrong', () => {
    expect(parsed('{"temperature": 1}')).toEqual({ parameters: { temperature: 1 } });
    expect(parsed(' ')).toEqual({ parameters: {} });
    expect(parsed('{')).toEqual({ wrong: expect.stringContaining('This is no JSON') });
    expect(parsed('{"n": 2}')).toEqual({ wrong: expect.stringContaining('n: there is no such parameter') });
    expect(parsed('{"top_p": 2}')).toEqual({ wrong: expect.stringContaining('top_p: ') });
  });
});
