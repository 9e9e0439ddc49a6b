import { describe, expect, it } from 'vitest';
import type { ReasoningWish } from '../../../gateway/protocols/canonical/request.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import type { ModelFacts } from '../../../gateway/protocols/model-facts.ts';
import { sent } from './setup.ts';

const NOTHING: ReasoningWish = { effort: null, budgetTokens: null, mode: null, summary: null, display: null };

/** What is asked of a model, and whether the wish is reported as unmet. */
async function asked(
  model: string,
  wish: Partial<ReasoningWish>,
  {
    maxOutputTokens = null,
    facts = {},
  }: { maxOutputTokens?: number | null; facts?: Partial<ModelFacts> } = {},
) {
  const { json, dropped } = await sent(
    'google',
    { reasoning: { ...NOTHING, ...wish }, maxOutputTokens },
    { model, facts },
  );
  return [(json.generationConfig as JsonObject).thinkingConfig, dropped];
}

describe('thinking of Gemini 3 and newer', () => {
  it.each([
    ['gemini-3-flash-preview', 'minimal', 'minimal'],
    ['gemini-3-flash-preview', 'medium', 'medium'],
    ['gemini-3.1-pro-preview', 'minimal', 'low'],
    ['gemini-3-flash-preview', 'max', 'high'],
    ['gemini-99-flash', 'high', 'high'],
  ] as const)('is asked of %s for %s as %s', async (model, effort, thinkingLevel) => {
    expect(await asked(model, { effort })).toEqual([{ thinkingLevel }, null]);
  });

  it('is asked for by a level where the caller gave a budget', async () => {
    expect(await asked('gemini-3-flash-preview', { mode: 'enabled', budgetTokens: 12_000 })).toEqual([
      { thinkingLevel: 'high', includeThoughts: true },
      null,
    ]);
  });

  it('keeps to the efforts that are known of the model', async () => {
    expect(
      await asked('gemini-3-flash-preview', { effort: 'medium' }, { facts: { efforts: ['low', 'high'] } }),
    ).toEqual([{ thinkingLevel: 'low' }, null]);
  });

  it('cannot be switched off: the least is asked for and that is told', async () => {
    expect(await asked('gemini-3-flash-preview', { effort: 'none' })).toEqual([
      { thinkingLevel: 'minimal' },
      'reasoning',
    ]);
    expect(await asked('gemini-3-pro-preview', { mode: 'disabled' })).toEqual([
      { thinkingLevel: 'low' },
      'reasoning',
    ]);
  });
});

describe('thinking of Gemini 2.5', () => {
  it('is asked for by a budget within the model’s bounds', async () => {
    expect(await asked('gemini-2.5-flash', { effort: 'low' })).toEqual([{ thinkingBudget: 2_048 }, null]);
    expect(await asked('gemini-2.5-flash', { effort: 'max' })).toEqual([{ thinkingBudget: 24_576 }, null]);
    expect(await asked('gemini-2.5-pro', { mode: 'enabled', budgetTokens: 31_999 })).toEqual([
      { thinkingBudget: 31_999, includeThoughts: true },
      null,
    ]);
  });

  it('leaves half of the caller’s limit to the answer', async () => {
    expect(await asked('gemini-2.5-flash', { effort: 'high' }, { maxOutputTokens: 4_096 })).toEqual([
      { thinkingBudget: 2_048 },
      null,
    ]);
    expect(await asked('gemini-2.5-flash-lite', { effort: 'high' }, { maxOutputTokens: 600 })).toEqual([
      { thinkingBudget: 512 },
      null,
    ]);
  });

  it('is switched off where the model can do without', async () => {
    expect(await asked('gemini-2.5-flash', { effort: 'none' })).toEqual([{ thinkingBudget: 0 }, null]);
    expect(await asked('gemini-2.5-pro', { mode: 'disabled' })).toEqual([
      { thinkingBudget: 128 },
      'reasoning',
    ]);
  });

  it('is left to the model where the caller leaves it', async () => {
    expect(await asked('gemini-2.5-pro', { mode: 'adaptive' })).toEqual([{ includeThoughts: true }, null]);
  });
});

describe('thinking of a model whose name tells no generation', () => {
  it('is asked for by a budget that leaves room for the answer', async () => {
    expect(await asked('tuned-for-support', { effort: 'high' }, { maxOutputTokens: 1_000 })).toEqual([
      { thinkingBudget: 500 },
      null,
    ]);
    expect(await asked('tuned-for-support', { mode: 'disabled' })).toEqual([{ thinkingBudget: 0 }, null]);
  });
});

describe('thinking of a model that has none', () => {
  it('is not asked for, and reported where it was wanted', async () => {
    expect(await asked('gemini-2.0-flash', { effort: 'high' })).toEqual([undefined, 'reasoning']);
    expect(await asked('gemini-2.0-flash', { effort: 'none' })).toEqual([undefined, null]);
    expect(await asked('gemini-3-flash-preview', { effort: 'high' }, { facts: { efforts: [] } })).toEqual([
      undefined,
      'reasoning',
    ]);
  });
});

describe('thoughts', () => {
  it.each([
    [{ effort: 'high' }, undefined],
    [{ effort: 'high', summary: 'auto' }, true],
    [{ mode: 'enabled', budgetTokens: 2_048, display: 'omitted' }, undefined],
    [{ mode: 'adaptive', display: 'summarized' }, true],
  ] as const)('are shown to a caller who wants to see them: %j', async (wish, shown) => {
    const [config] = await asked('gemini-3-flash-preview', wish);
    expect((config as JsonObject | undefined)?.includeThoughts).toBe(shown);
  });
});
