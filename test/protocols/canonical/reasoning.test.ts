import { describe, expect, it } from 'vitest';
import { effortFor, thinkingFor } from '../../../gateway/protocols/canonical/reasoning.ts';
import type { ReasoningWish } from '../../../gateway/protocols/canonical/request.ts';
import { type ModelFacts, UNKNOWN_FACTS } from '../../../gateway/protocols/model-facts.ts';

const wish = (rest: Partial<ReasoningWish>): ReasoningWish => ({
  effort: null,
  budgetTokens: null,
  mode: null,
  summary: null,
  display: null,
  ...rest,
});
const facts = (rest: Partial<ModelFacts>): ModelFacts => ({ ...UNKNOWN_FACTS, ...rest });

describe('effort', () => {
  it.each([
    [{ effort: 'high' }, 'high'],
    [{ budgetTokens: 10_000 }, 'high'],
    [{ budgetTokens: 9_999 }, 'medium'],
    [{ budgetTokens: 2_000 }, 'low'],
    [{ budgetTokens: 1_024 }, 'minimal'],
    [{ mode: 'disabled' }, 'none'],
    [{ mode: 'adaptive' }, null],
    [{ mode: 'adaptive', effort: 'max' }, 'max'],
  ] as const)('of %j is %s', (asked, effort) => {
    expect(effortFor(wish(asked), UNKNOWN_FACTS)).toBe(effort);
  });

  it('is some for a wish to think that says no more, where the model may not think unless told', () => {
    const adaptive = wish({ mode: 'adaptive' });
    expect(effortFor(adaptive, facts({ efforts: ['none', 'low', 'medium', 'high'] }))).toBe('medium');
    expect(effortFor(adaptive, facts({ efforts: ['low', 'medium', 'high'] }))).toBeNull();
    expect(effortFor(adaptive, facts({ efforts: [] }))).toBeNull();
  });

  it('is the nearest that the model takes, and none where it takes none', () => {
    const efforts = ['low', 'high'] as const;
    expect(effortFor(wish({ effort: 'max' }), facts({ efforts }))).toBe('high');
    expect(effortFor(wish({ effort: 'medium' }), facts({ efforts }))).toBe('low');
    expect(effortFor(wish({ effort: 'minimal' }), facts({ efforts }))).toBe('low');
    expect(effortFor(wish({ effort: 'high' }), facts({ efforts: [] }))).toBeNull();
    expect(effortFor(wish({ budgetTokens: 1_024 }), facts({ efforts: ['none', 'low'] }))).toBe('low');
    expect(effortFor(wish({ effort: 'none' }), facts({ efforts: ['none', 'low'] }))).toBe('none');
  });
});

describe('thinking', () => {
  const budgets = facts({ thinking: ['enabled', 'disabled'] });
  const adaptive = facts({ thinking: ['adaptive'], efforts: ['low', 'medium', 'high'] });

  it('is a budget for models that take budgets, never above half of the limit', () => {
    const { thinking } = thinkingFor(wish({ effort: 'high' }), budgets, 4_096);
    expect(thinking).toEqual({ type: 'enabled', budget_tokens: 2_048 });
    expect(thinkingFor(wish({ budgetTokens: 3_000 }), budgets, 64_000).thinking).toEqual({
      type: 'enabled',
      budget_tokens: 3_000,
    });
  });

  it('is left out and told where the limit leaves no room for the least budget', () => {
    expect(thinkingFor(wish({ effort: 'high' }), budgets, 1_500)).toEqual({
      thinking: undefined,
      effort: undefined,
      unmet: true,
    });
  });

  it('is adaptive, with the effort, for models that take that alone', () => {
    expect(thinkingFor(wish({ effort: 'xhigh' }), adaptive, 1_000)).toEqual({
      thinking: { type: 'adaptive' },
      effort: 'high',
      unmet: false,
    });
  });

  it('is switched off where the model allows it, and told where it does not', () => {
    expect(thinkingFor(wish({ effort: 'none' }), budgets, 9_000).thinking).toEqual({ type: 'disabled' });
    expect(thinkingFor(wish({ effort: 'none' }), adaptive, 9_000).unmet).toBe(true);
    expect(thinkingFor(wish({ effort: 'none' }), facts({ thinking: [] }), 9_000).unmet).toBe(false);
  });

  it('is not asked for where nobody asked', () => {
    expect(thinkingFor(null, adaptive, 9_000).thinking).toBeUndefined();
    expect(thinkingFor(wish({ summary: 'auto' }), budgets, 9_000).thinking).toBeUndefined();
  });
});
