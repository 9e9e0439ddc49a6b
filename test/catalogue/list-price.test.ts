import { describe, expect, it } from 'vitest';
import { listPrice } from '../../gateway/catalogue/list-price.ts';

describe('the price list', () => {
  it('knows what a model costs at its provider', () => {
    expect(listPrice('openai', 'gpt-4o')).toMatchObject({ input: 2_500_000, output: 10_000_000 });
    expect(listPrice('openai', 'gpt-4o')).toBe(listPrice('openai', 'gpt-4o'));
  });

  it('asks nothing for a model on a machine of one’s own, and knows nothing of a stranger’s', () => {
    expect(listPrice('ollama', 'gpt-4o')).toEqual({ input: 0, output: 0 });
    expect(listPrice('openai-compatible', 'gpt-4o')).toBeNull();
    expect(listPrice('openai', 'no-such-model')).toBeNull();
  });
});
