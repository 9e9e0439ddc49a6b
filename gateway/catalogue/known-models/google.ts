import type { Modality, ModelFacts } from '../../protocols/model-facts.ts';
import { type Family, LOW_TO_HIGH, NO_EFFORT } from './family.ts';

/*
 * Windows and most output: https://ai.google.dev/gemini-api/docs/models.
 * Efforts: https://ai.google.dev/gemini-api/docs/openai and …/docs/thinking. The OpenAI-style endpoint refuses
 * `minimal` whatever its table says; only the smaller 2.5 models can be kept from thinking.
 */

const ALL_INPUTS: readonly Modality[] = ['text', 'image', 'pdf', 'audio', 'video'];

const GEMINI: Partial<ModelFacts> = {
  contextWindow: 1_048_576,
  maxOutputTokens: 65_536,
  inputModalities: ALL_INPUTS,
  sampling: true,
};

export const GOOGLE: readonly Family[] = [
  {
    names: ['gemini-2-0-flash', 'gemini-2-0-flash-lite'],
    facts: { ...GEMINI, maxOutputTokens: 8_192, efforts: NO_EFFORT },
  },
  {
    names: ['gemini-2-5-flash', 'gemini-2-5-flash-lite'],
    facts: { ...GEMINI, efforts: ['none', ...LOW_TO_HIGH] },
  },
  { names: ['gemini-2-5-pro'], facts: { ...GEMINI, efforts: LOW_TO_HIGH } },
  // Medium came with 3.1.
  { names: ['gemini-3-pro'], facts: { ...GEMINI, efforts: ['low', 'high'] } },
  {
    names: ['gemini-3-flash', 'gemini-3-1-pro', 'gemini-3-5-flash', 'gemini-3-7-flash', 'gemini-3-8-flash'],
    facts: { ...GEMINI, efforts: LOW_TO_HIGH },
  },
];
