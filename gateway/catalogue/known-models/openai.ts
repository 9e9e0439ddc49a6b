import type { Effort, ModelFacts } from '../../protocols/model-facts.ts';
import {
  type Family,
  LOW_TO_HIGH,
  LOW_TO_MAX,
  LOW_TO_XHIGH,
  NO_EFFORT,
  TEXT,
  TEXT_IMAGE_PDF,
} from './family.ts';

/*
 * Windows, most output and efforts: the models' pages under https://developers.openai.com/api/docs/models, and
 * https://developers.openai.com/api/docs/guides/reasoning. Models that see take PDF as well
 * (https://developers.openai.com/api/docs/guides/pdf-files).
 * Reasoning models refuse `temperature`, `top_p` and the penalties while they reason. Some take them with the effort
 * `none`: they count as not taking them, since that is what no request is refused for.
 */

const NO_REASONING: Partial<ModelFacts> = { efforts: NO_EFFORT, sampling: true };

const GPT_4O: Partial<ModelFacts> = {
  ...NO_REASONING,
  contextWindow: 128_000,
  maxOutputTokens: 16_384,
  inputModalities: TEXT_IMAGE_PDF,
};

const O_SERIES: Partial<ModelFacts> = {
  contextWindow: 200_000,
  maxOutputTokens: 100_000,
  inputModalities: TEXT_IMAGE_PDF,
  efforts: LOW_TO_HIGH,
  sampling: false,
};

const GPT_5: Partial<ModelFacts> = {
  contextWindow: 400_000,
  maxOutputTokens: 128_000,
  inputModalities: TEXT_IMAGE_PDF,
  sampling: false,
};

const LARGE: Partial<ModelFacts> = { ...GPT_5, contextWindow: 1_050_000 };

function orNone(efforts: readonly Effort[]): readonly Effort[] {
  return ['none', ...efforts];
}

export const OPENAI: readonly Family[] = [
  {
    names: ['gpt-3-5-turbo', 'gpt-35-turbo'],
    facts: { ...NO_REASONING, contextWindow: 16_385, maxOutputTokens: 4_096, inputModalities: TEXT },
  },
  {
    names: ['gpt-4'],
    facts: { ...NO_REASONING, contextWindow: 8_192, maxOutputTokens: 8_192, inputModalities: TEXT },
  },
  {
    names: ['gpt-4-1106', 'gpt-4-0125', 'gpt-4-turbo-preview'],
    facts: { ...NO_REASONING, contextWindow: 128_000, maxOutputTokens: 4_096, inputModalities: TEXT },
  },
  { names: ['gpt-4-turbo', 'gpt-4o-2024-05-13'], facts: { ...GPT_4O, maxOutputTokens: 4_096 } },
  { names: ['gpt-4o', 'gpt-4o-mini', 'chatgpt-4o'], facts: GPT_4O },
  {
    names: ['gpt-4-1', 'gpt-4-1-mini', 'gpt-4-1-nano'],
    facts: { ...GPT_4O, contextWindow: 1_047_576, maxOutputTokens: 32_768 },
  },
  { names: ['o1', 'o1-pro', 'o3', 'o3-pro', 'o4-mini'], facts: O_SERIES },
  { names: ['o3-mini'], facts: { ...O_SERIES, inputModalities: TEXT } },
  { names: ['gpt-5', 'gpt-5-mini', 'gpt-5-nano'], facts: { ...GPT_5, efforts: ['minimal', ...LOW_TO_HIGH] } },
  {
    names: ['gpt-5-codex', 'gpt-5-1-codex', 'gpt-5-1-codex-mini'],
    facts: { ...GPT_5, efforts: LOW_TO_HIGH },
  },
  { names: ['gpt-5-pro'], facts: { ...GPT_5, maxOutputTokens: 272_000, efforts: ['high'] } },
  { names: ['gpt-5-chat'], facts: GPT_4O },
  // Which efforts these take is nowhere told.
  {
    names: ['gpt-5-1-chat', 'gpt-5-2-chat', 'gpt-5-3-chat'],
    facts: { contextWindow: 128_000, inputModalities: TEXT_IMAGE_PDF },
  },
  { names: ['gpt-5-1'], facts: { ...GPT_5, efforts: orNone(LOW_TO_HIGH) } },
  {
    names: ['gpt-5-1-codex-max', 'gpt-5-2-codex', 'gpt-5-3-codex'],
    facts: { ...GPT_5, efforts: LOW_TO_XHIGH },
  },
  { names: ['gpt-5-2', 'gpt-5-4-mini', 'gpt-5-4-nano'], facts: { ...GPT_5, efforts: orNone(LOW_TO_XHIGH) } },
  { names: ['gpt-5-2-pro'], facts: GPT_5 },
  { names: ['gpt-5-4', 'gpt-5-5'], facts: { ...LARGE, efforts: orNone(LOW_TO_XHIGH) } },
  { names: ['gpt-5-4-pro', 'gpt-5-5-pro'], facts: LARGE },
  {
    names: [
      'gpt-5-6',
      'gpt-5-6-sol',
      'gpt-5-6-terra',
      'gpt-5-6-luna',
      'gpt-6-sol',
      'gpt-6-luna',
      'gpt-6-1-terra',
    ],
    facts: { ...LARGE, efforts: orNone(LOW_TO_MAX) },
  },
  // These refuse the effort none.
  { names: ['gpt-6-astra', 'gpt-6-1-sol'], facts: { ...LARGE, efforts: LOW_TO_MAX } },
  { names: ['gpt-6-2-sol'], facts: LARGE },
  {
    names: ['gpt-oss-20b', 'gpt-oss-120b'],
    facts: { contextWindow: 131_072, inputModalities: TEXT, efforts: LOW_TO_HIGH, sampling: true },
  },
];
