import type { Effort } from '../../protocols/model-facts.ts';
import {
  type Family,
  LOW_TO_HIGH,
  LOW_TO_XHIGH,
  NO_EFFORT,
  TEXT,
  TEXT_IMAGE,
  TEXT_IMAGE_PDF,
} from './family.ts';

/*
 * https://api-docs.deepseek.com/guides/thinking_mode: the API takes every name and maps those it has no level for;
 * `none` is its switch. Sampling parameters do nothing while it thinks, and are not refused.
 */
const DEEPSEEK_EFFORTS: readonly Effort[] = ['none', 'minimal', ...LOW_TO_XHIGH, 'max'];

const DEEPSEEK: readonly Family[] = [
  {
    names: ['deepseek-v4-pro'],
    facts: {
      contextWindow: 1_000_000,
      maxOutputTokens: 384_000,
      inputModalities: TEXT,
      efforts: DEEPSEEK_EFFORTS,
      thinking: ['enabled', 'disabled'],
      sampling: true,
    },
  },
  {
    names: ['deepseek-flash', 'deepseek-v4-1-flash'],
    facts: {
      contextWindow: 1_000_000,
      maxOutputTokens: 384_000,
      inputModalities: TEXT_IMAGE,
      efforts: DEEPSEEK_EFFORTS,
      thinking: ['enabled', 'disabled'],
      sampling: true,
    },
  },
  { names: ['deepseek-chat'], facts: { inputModalities: TEXT, efforts: NO_EFFORT, sampling: true } },
  { names: ['deepseek-reasoner'], facts: { inputModalities: TEXT, sampling: true } },
];

/*
 * https://docs.mistral.ai/capabilities/reasoning/adjustable. The other models take no `reasoning_effort`, and
 * Mistral refuses fields it does not know. Windows come with its model listing.
 */
const MISTRAL: readonly Family[] = [
  {
    names: ['mistral-small-2603', 'mistral-small-latest', 'mistral-medium-3-5', 'mistral-medium-2604'],
    facts: { contextWindow: 262_144, inputModalities: TEXT_IMAGE, efforts: ['none', 'high'], sampling: true },
  },
  {
    names: ['mistral-large-2512'],
    facts: { contextWindow: 262_144, inputModalities: TEXT_IMAGE, efforts: NO_EFFORT, sampling: true },
  },
  {
    names: ['devstral-2512', 'codestral-2508'],
    facts: { inputModalities: TEXT, efforts: NO_EFFORT, sampling: true },
  },
];

/*
 * https://docs.x.ai/developers/models and …/model-capabilities/text/reasoning. Models before 4.3, but for the small
 * third, answer `reasoning_effort` with an error.
 */
const XAI: readonly Family[] = [
  {
    names: ['grok-3', 'grok-3-fast'],
    facts: { contextWindow: 131_072, inputModalities: TEXT, efforts: NO_EFFORT, sampling: true },
  },
  {
    names: ['grok-3-mini', 'grok-3-mini-fast'],
    facts: { contextWindow: 131_072, inputModalities: TEXT, efforts: ['low', 'high'], sampling: true },
  },
  {
    names: ['grok-4'],
    facts: { contextWindow: 256_000, inputModalities: TEXT_IMAGE, efforts: NO_EFFORT, sampling: true },
  },
  {
    names: ['grok-code-fast-1'],
    facts: { contextWindow: 256_000, inputModalities: TEXT, efforts: NO_EFFORT, sampling: true },
  },
  {
    names: ['grok-4-3'],
    facts: {
      contextWindow: 1_000_000,
      inputModalities: TEXT_IMAGE,
      efforts: ['none', ...LOW_TO_HIGH],
      sampling: true,
    },
  },
  {
    names: ['grok-4-5', 'grok-4-6'],
    facts: { contextWindow: 500_000, inputModalities: TEXT_IMAGE_PDF, efforts: LOW_TO_HIGH, sampling: true },
  },
  {
    names: ['grok-4-7'],
    facts: { contextWindow: 500_000, inputModalities: TEXT_IMAGE_PDF, efforts: LOW_TO_XHIGH, sampling: true },
  },
];

/*
 * https://platform.kimi.ai/docs/guide/use-reasoning-effort. Moonshot's own service fixes the sampling parameters,
 * others that run the weights do not: so that stays unknown. Before K3 there is no effort to choose.
 */
const KIMI: readonly Family[] = [
  {
    names: ['kimi-k2-5', 'kimi-k2-6'],
    facts: { contextWindow: 262_144, inputModalities: ['text', 'image', 'video'], efforts: NO_EFFORT },
  },
  {
    names: ['kimi-k2-7-code', 'kimi-k2-7-code-highspeed'],
    facts: { contextWindow: 262_144, efforts: NO_EFFORT },
  },
  {
    names: ['kimi-k3', 'kimi-k3-1-pro'],
    facts: {
      contextWindow: 1_048_576,
      inputModalities: ['text', 'image', 'video'],
      efforts: ['low', 'high', 'max'],
    },
  },
];

export const OTHERS: readonly Family[] = [...DEEPSEEK, ...MISTRAL, ...XAI, ...KIMI];
