import { describe, expect, it } from 'vitest';
import { ANTHROPIC } from '../../gateway/catalogue/known-models/anthropic.ts';
import { GOOGLE } from '../../gateway/catalogue/known-models/google.ts';
import { OPENAI } from '../../gateway/catalogue/known-models/openai.ts';
import { OTHERS } from '../../gateway/catalogue/known-models/others.ts';
import { knownModel } from '../../gateway/catalogue/known-models.ts';

const FAMILIES = [...ANTHROPIC, ...OPENAI, ...GOOGLE, ...OTHERS];

describe('a shipped name', () => {
  it('stands in one family alone, written as names are compared', () => {
    const names = FAMILIES.flatMap((family) => family.names);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]+$/);
  });

  it('finds its own family, not a shorter one', () => {
    for (const { names, facts } of FAMILIES) for (const name of names) expect(knownModel(name)).toBe(facts);
  });

  it('has limits that fit each other', () => {
    for (const { facts } of FAMILIES) {
      const { contextWindow, maxOutputTokens } = facts;
      if (contextWindow && maxOutputTokens) expect(maxOutputTokens).toBeLessThanOrEqual(contextWindow);
    }
  });
});

describe('a name', () => {
  it.each([
    ['claude-sonnet-4-5', 'claude-sonnet-4-5-20250929'],
    ['claude-sonnet-4-5', 'anthropic/claude-sonnet-4.5'],
    ['claude-sonnet-4-5', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
    ['claude-sonnet-4-5', 'global.anthropic.claude-sonnet-4-5-v1'],
    ['claude-opus-4-1', 'claude-opus-4-1@20250805'],
    ['claude-opus-4-7', 'Claude-Opus-4.7'],
    ['claude-opus-4-6', 'anthropic/claude-4.6-opus-20260205'],
    ['claude-3-7-sonnet', 'anthropic/claude-3.7-sonnet:thinking'],
    ['claude-opus-4', 'claude-opus-4-20250514'],
    ['gpt-4o', 'openai/gpt-4o-2024-08-06'],
    ['gpt-4o-2024-05-13', 'gpt-4o-2024-05-13'],
    ['gpt-4-1106', 'gpt-4-1106-preview'],
    ['gpt-5-chat', 'gpt-5-chat-latest'],
    ['gpt-5-4-mini', 'gpt-5.4-mini-2026-03-17'],
    ['gpt-oss-120b', 'openai.gpt-oss-120b-1:0'],
    ['gpt-oss-20b', 'openai/gpt-oss-20b:free'],
    ['gemini-2-5-flash', 'models/gemini-2.5-flash-preview-09-2025'],
    ['gemini-3-pro', 'google/gemini-3-pro-preview'],
    ['deepseek-v4-pro', 'deepseek-v4-pro-0813'],
    ['grok-4', 'grok-4-0709'],
  ])('of %s is also %s', (name, other) => {
    expect(knownModel(other)).toBe(knownModel(name));
    expect(knownModel(other)).toBeDefined();
  });

  it.each([
    ...[
      'gpt-4o-audio-preview',
      'gpt-5-image',
      'gpt-4o-search-preview',
      'gpt-4-32k',
      'o1-mini',
      'o3-deep-research',
    ],
    ...[
      'gemini-2.5-flash-image',
      'gemini-2.5-flash-preview-tts',
      'claude-opus-4.6-fast',
      'grok-4.20-0309-reasoning',
    ],
    // A version that nobody knew when the table was written is not the one before it.
    ...['claude-opus-4-9', 'claude-opus-4.9', 'gpt-5.7', 'gpt-5-7', 'grok-4.20-0309', 'gemini-3.9-pro'],
    ...['my-gpt-4o', 'gpt-4o.gguf', 'deepseek-r1:8b', 'claude', 'gpt', '', '/', 'anthropic/'],
  ])('%j tells nothing', (name) => {
    expect(knownModel(name)).toBeUndefined();
  });
});

/** What a wrong word here would cost: a refused request. */
describe('of Anthropic', () => {
  it.each([
    ['claude-3-5-haiku', [], true],
    ['claude-haiku-4-5', ['enabled', 'disabled'], true],
    ['claude-opus-4-5', ['enabled', 'disabled'], true],
    ['claude-sonnet-4-6', ['adaptive', 'enabled', 'disabled'], true],
    ['claude-opus-4-7', ['adaptive', 'disabled'], false],
    ['claude-opus-4-8', ['adaptive', 'disabled'], false],
    ['claude-mythos-preview', ['adaptive'], undefined],
    ['claude-sonnet-5', ['adaptive', 'disabled'], false],
    ['claude-opus-5', ['adaptive', 'disabled'], false],
    ['claude-fable-5', ['adaptive'], false],
    ['claude-mythos-5', ['adaptive'], false],
    ['claude-opus-5-5', ['adaptive'], false],
    ['claude-sonnet-5-5', ['adaptive'], false],
    ['claude-haiku-5-5', ['adaptive', 'disabled'], false],
  ])('%s takes the thinking %j, and sampling: %s', (name, thinking, sampling) => {
    expect(knownModel(name)?.thinking).toEqual(thinking);
    expect(knownModel(name)?.sampling).toBe(sampling);
  });

  it('efforts begin with Opus 4.5, max with 4.6, xhigh with 4.7', () => {
    expect(knownModel('claude-sonnet-4-5')?.efforts).toBeUndefined();
    expect(knownModel('claude-opus-4-5')?.efforts).toEqual(['low', 'medium', 'high']);
    expect(knownModel('claude-opus-4-6')?.efforts).toEqual(['low', 'medium', 'high', 'max']);
    expect(knownModel('claude-opus-4-7')?.efforts).toEqual(['low', 'medium', 'high', 'xhigh', 'max']);
  });
});

describe('of OpenAI', () => {
  it.each([
    ['gpt-4o', [], true],
    ['gpt-4.1-mini', [], true],
    ['o3', ['low', 'medium', 'high'], false],
    ['gpt-5', ['minimal', 'low', 'medium', 'high'], false],
    ['gpt-5.1', ['none', 'low', 'medium', 'high'], false],
    ['gpt-5.2', ['none', 'low', 'medium', 'high', 'xhigh'], false],
    ['gpt-5.6-sol', ['none', 'low', 'medium', 'high', 'xhigh', 'max'], false],
    ['gpt-6-astra', ['low', 'medium', 'high', 'xhigh', 'max'], false],
    ['gpt-6-luna', ['none', 'low', 'medium', 'high', 'xhigh', 'max'], false],
  ])('%s takes the efforts %j, and sampling: %s', (name, efforts, sampling) => {
    expect(knownModel(name)).toMatchObject({ efforts, sampling });
  });
});
