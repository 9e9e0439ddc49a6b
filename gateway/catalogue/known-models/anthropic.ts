import type { ModelFacts } from '../../protocols/model-facts.ts';
import { type Family, LOW_TO_HIGH, LOW_TO_MAX, NO_EFFORT, TEXT_IMAGE_PDF } from './family.ts';

/*
 * Windows and most output: the models' pages under https://platform.claude.com/docs/en/models/overview.
 * Efforts: https://platform.claude.com/docs/en/build-with-claude/effort.
 * Thinking and sampling: the migration guides there, such as …/docs/en/models/opus-5/migration-guide; where a page
 * is silent, what Anthropic's API answers as @ai-sdk/anthropic 4.0.105 has it.
 */

const CLAUDE: Partial<ModelFacts> = { inputModalities: TEXT_IMAGE_PDF };

/** Thinks on a budget alone. Takes no effort, which is not the same as not reasoning: so `efforts` stays unknown. */
const BUDGET: Partial<ModelFacts> = {
  ...CLAUDE,
  contextWindow: 200_000,
  maxOutputTokens: 64_000,
  thinking: ['enabled', 'disabled'],
  sampling: true,
};

const MILLION = { ...CLAUDE, contextWindow: 1_000_000, maxOutputTokens: 128_000 };

/** `enabled` with a budget, and any sampling parameter, are refused with 400. */
const ADAPTIVE: Partial<ModelFacts> = {
  ...MILLION,
  efforts: LOW_TO_MAX,
  thinking: ['adaptive', 'disabled'],
  sampling: false,
};

/** `disabled` is refused as well. */
const ALWAYS_THINKS: Partial<ModelFacts> = { ...ADAPTIVE, thinking: ['adaptive'] };

const NO_THINKING: Partial<ModelFacts> = {
  contextWindow: 200_000,
  efforts: NO_EFFORT,
  thinking: [],
  sampling: true,
};

export const ANTHROPIC: readonly Family[] = [
  {
    names: ['claude-3-haiku', 'claude-3-sonnet', 'claude-3-opus'],
    facts: { ...NO_THINKING, maxOutputTokens: 4_096 },
  },
  {
    names: ['claude-3-5-sonnet', 'claude-3-5-haiku'],
    facts: { ...NO_THINKING, ...CLAUDE, maxOutputTokens: 8_192 },
  },
  { names: ['claude-3-7-sonnet'], facts: BUDGET },
  {
    names: ['claude-opus-4', 'claude-opus-4-0', 'claude-4-opus', 'claude-opus-4-1', 'claude-4-1-opus'],
    facts: { ...BUDGET, maxOutputTokens: 32_000 },
  },
  {
    names: [
      'claude-sonnet-4',
      'claude-sonnet-4-0',
      'claude-4-sonnet',
      'claude-sonnet-4-5',
      'claude-4-5-sonnet',
    ],
    facts: BUDGET,
  },
  { names: ['claude-haiku-4-5', 'claude-4-5-haiku'], facts: BUDGET },
  { names: ['claude-opus-4-5', 'claude-4-5-opus'], facts: { ...BUDGET, efforts: LOW_TO_HIGH } },
  {
    names: ['claude-opus-4-6', 'claude-4-6-opus', 'claude-sonnet-4-6', 'claude-4-6-sonnet'],
    facts: {
      ...MILLION,
      efforts: [...LOW_TO_HIGH, 'max'],
      thinking: ['adaptive', 'enabled', 'disabled'],
      sampling: true,
    },
  },
  {
    names: ['claude-mythos-preview'],
    facts: { ...CLAUDE, efforts: [...LOW_TO_HIGH, 'max'], thinking: ['adaptive'] },
  },
  {
    names: ['claude-opus-4-7', 'claude-4-7-opus', 'claude-opus-4-8', 'claude-4-8-opus'],
    facts: ADAPTIVE,
  },
  // Opus 5 and Haiku 5.5 take `disabled` up to the effort high, and refuse it above.
  { names: ['claude-sonnet-5', 'claude-opus-5', 'claude-haiku-5-5'], facts: ADAPTIVE },
  {
    names: ['claude-fable-5', 'claude-fable-5-1', 'claude-fable-5-2', 'claude-opus-5-5'],
    facts: ALWAYS_THINKS,
  },
  // Mythos is Fable without its classifiers.
  {
    names: ['claude-mythos-5', 'claude-mythos-5-1', 'claude-mythos-5-2'],
    facts: ALWAYS_THINKS,
  },
  // In place of `disabled` it takes `between_tools`, which no translation asks for.
  { names: ['claude-sonnet-5-5'], facts: ALWAYS_THINKS },
];
