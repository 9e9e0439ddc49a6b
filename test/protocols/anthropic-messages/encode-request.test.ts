import { describe, expect, it } from 'vitest';
import { anthropic, encode } from './encoding.ts';

describe('a Messages body', () => {
  it('holds no more than what was asked for and what the protocol demands', () => {
    expect(encode({}).body).toEqual({
      model: 'upstream',
      max_tokens: 32_000,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    });
    expect(encode({}).dropped).toBeNull();
  });

  it('names user, stream and tier', () => {
    const { body } = encode({ stream: true, userId: 'u', serviceTier: 'default' });
    expect(body).toMatchObject({ stream: true, metadata: { user_id: 'u' }, service_tier: 'standard_only' });
    expect(encode({ serviceTier: 'auto' })).toEqual(encode({}));
    expect(encode({ serviceTier: 'flex' })).toEqual({ ...encode({}), dropped: 'service_tier' });
  });

  it('has a limit of tokens: the caller’s, else the model’s', () => {
    const model = anthropic({ maxOutputTokens: 8_000 });
    expect(encode({ maxOutputTokens: 500 }, model)).toMatchObject({
      body: { max_tokens: 500 },
      dropped: null,
    });
    expect(encode({}, model).body.max_tokens).toBe(8_000);
    expect(encode({ maxOutputTokens: 128_000 }, model)).toMatchObject({
      body: { max_tokens: 8_000 },
      dropped: 'max_tokens',
    });
    expect(encode({ maxOutputTokens: 128_000 }).body.max_tokens).toBe(128_000);
  });

  it('keeps stops that are no blanks', () => {
    expect(encode({ stop: ['\n', 'END'] })).toMatchObject({
      body: { stop_sequences: ['END'] },
      dropped: 'stop',
    });
    expect(encode({ stop: ['\n'] }).body).not.toHaveProperty('stop_sequences');
  });

  it('reports what the protocol has no word for', () => {
    expect(encode({ verbosity: 'low', cacheKey: 'k' }).dropped).toBe('prompt_cache_key, verbosity');
  });
});

describe('sampling', () => {
  const none = {
    temperature: null,
    topP: null,
    topK: null,
    seed: null,
    presencePenalty: null,
    frequencyPenalty: null,
  };
  const sampled = (sampling: Partial<typeof none | Record<string, number>>, to = anthropic()) =>
    encode({ sampling: { ...none, ...sampling } }, to);

  it('is said as it was', () => {
    expect(sampled({ temperature: 0.2, topK: 5 })).toMatchObject({
      body: { temperature: 0.2, top_k: 5 },
      dropped: null,
    });
    expect(sampled({ topP: 0.5 })).toMatchObject({ body: { top_p: 0.5 }, dropped: null });
  });

  it('ends at a temperature of 1', () => {
    expect(sampled({ temperature: 1.7 })).toMatchObject({ body: { temperature: 1 }, dropped: 'temperature' });
    expect(sampled({ temperature: -1 })).toMatchObject({ body: { temperature: 0 }, dropped: 'temperature' });
  });

  it('is by temperature or by top_p', () => {
    const both = sampled({ temperature: 0.2, topP: 0.5 });
    expect(both.body).toMatchObject({ temperature: 0.2 });
    expect(both.body).not.toHaveProperty('top_p');
    expect(both.dropped).toBe('top_p');
    expect(sampled({ temperature: 0.2, topP: 1 }).dropped).toBeNull();
  });

  it('is left out for models that take none', () => {
    const plain = sampled({ temperature: 0.2, topP: 0.5, topK: 3 }, anthropic({ sampling: false }));
    expect(plain.body).toEqual(encode({}).body);
    expect(plain.dropped).toBe('temperature, top_k, top_p');
    expect(sampled({ temperature: 1 }, anthropic({ sampling: false })).dropped).toBeNull();
  });

  it('has no seed and no penalties; a penalty of 0 is none', () => {
    expect(sampled({ seed: 1, presencePenalty: 0.5, frequencyPenalty: 0.5 }).dropped).toBe(
      'frequency_penalty, presence_penalty, seed',
    );
    expect(sampled({ presencePenalty: 0, frequencyPenalty: 0 }).dropped).toBeNull();
  });

  it('is restricted while the model thinks', () => {
    const reasoning = {
      effort: 'high',
      budgetTokens: null,
      mode: null,
      summary: null,
      display: null,
    } as const;
    const thinking = (sampling: Record<string, number>) =>
      encode({ reasoning, maxOutputTokens: 10_000, sampling: { ...none, ...sampling } });
    expect(thinking({ temperature: 0.2, topK: 3, topP: 0.5 }).dropped).toBe('temperature, top_k, top_p');
    expect(thinking({ temperature: 1 })).toMatchObject({ body: { temperature: 1 }, dropped: null });
    expect(thinking({ topP: 0.96 })).toMatchObject({ body: { top_p: 0.96 }, dropped: null });
  });
});
