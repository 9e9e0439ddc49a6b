import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../gateway/protocols/json.ts';
import type { ModelFacts } from '../../gateway/protocols/model-facts.ts';
import { factsOfEntry } from '../../gateway/providers/model-entry.ts';

const yes = { supported: true };
const no = { supported: false };

/** As https://platform.claude.com/docs/en/api/models/list has it. */
const CLAUDE = {
  id: 'claude-opus-4-7',
  type: 'model',
  max_input_tokens: 1_000_000,
  max_tokens: 128_000,
  capabilities: {
    batch: yes,
    image_input: yes,
    pdf_input: yes,
    effort: { supported: true, low: yes, medium: yes, high: yes, xhigh: yes, max: yes },
    thinking: { supported: true, types: { adaptive: yes, enabled: no, disabled: yes, between_tools: no } },
  },
};

/** As GET https://openrouter.ai/api/v1/models answers. */
const ROUTED = {
  id: 'openai/gpt-6-luna',
  context_length: 1_050_000,
  architecture: {
    modality: 'text+image->text',
    input_modalities: ['text', 'image', 'file'],
    output_modalities: ['text'],
  },
  top_provider: { context_length: 400_000, max_completion_tokens: 128_000, is_moderated: true },
  supported_parameters: ['max_tokens', 'reasoning', 'include_reasoning', 'tools'],
  reasoning: { supported_efforts: ['max', 'xhigh', 'high', 'medium', 'low', 'none'], mandatory: false },
};

describe('an entry of', () => {
  it.each<[string, JsonObject, Partial<ModelFacts>]>([
    [
      'Anthropic',
      CLAUDE,
      {
        contextWindow: 1_000_000,
        maxOutputTokens: 128_000,
        inputModalities: ['text', 'image', 'pdf'],
        efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
        thinking: ['adaptive', 'disabled'],
      },
    ],
    [
      'OpenRouter',
      ROUTED,
      {
        contextWindow: 400_000,
        maxOutputTokens: 128_000,
        inputModalities: ['text', 'image', 'pdf'],
        efforts: ['none', 'low', 'medium', 'high', 'xhigh', 'max'],
        sampling: false,
      },
    ],
    ['vLLM', { id: 'qwen', object: 'model', root: 'qwen', max_model_len: 32_768 }, { contextWindow: 32_768 }],
    [
      'llama.cpp',
      {
        id: 'gemma',
        meta: { vocab_type: 2, n_vocab: 262_144, n_ctx: 8_192, n_ctx_train: 131_072 },
        architecture: { input_modalities: ['text', 'image', 'audio'], output_modalities: ['text'] },
      },
      { contextWindow: 8_192, inputModalities: ['text', 'image', 'audio'] },
    ],
    ['an older llama.cpp', { id: 'g', meta: { n_ctx_train: 131_072 } }, { contextWindow: 131_072 }],
    [
      'LM Studio',
      { id: 'v', type: 'vlm', state: 'loaded', max_context_length: 131_072, loaded_context_length: 4_096 },
      { contextWindow: 4_096, inputModalities: ['text', 'image'] },
    ],
    [
      'Mistral',
      {
        id: 'mistral-large-2512',
        max_context_length: 262_144,
        capabilities: { completion_chat: true, vision: true },
      },
      { contextWindow: 262_144, inputModalities: ['text', 'image'] },
    ],
    [
      'Groq',
      { id: 'llama', context_window: 131_072, max_completion_tokens: 32_768, active: true },
      { contextWindow: 131_072, maxOutputTokens: 32_768 },
    ],
    ['Together', { id: 'm', type: 'chat', context_length: 131_072 }, { contextWindow: 131_072 }],
    [
      'Novita',
      { id: 'm', context_size: 163_840, max_output_tokens: 65_536, input_modalities: ['text'] },
      { contextWindow: 163_840, maxOutputTokens: 65_536, inputModalities: ['text'] },
    ],
    [
      'Moonshot',
      {
        id: 'm',
        context_length: 8_192,
        supports_image_in: false,
        supports_video_in: false,
        supports_reasoning: false,
      },
      { contextWindow: 8_192, inputModalities: ['text'], efforts: [] },
    ],
    [
      'Gemini',
      { id: 'models/gemini', inputTokenLimit: 1_048_576, outputTokenLimit: 65_536 },
      { contextWindow: 1_048_576, maxOutputTokens: 65_536 },
    ],
    ['OpenAI', { id: 'gpt-4o', object: 'model', created: 1, owned_by: 'system' }, {}],
  ])('%s is read', (_service, entry, facts) => {
    expect(factsOfEntry(entry)).toEqual(facts);
  });
});

describe('a model', () => {
  const { capabilities } = CLAUDE;

  it('that takes a budget in place of an effort still reasons', () => {
    const effort = { supported: false, low: no, medium: no, high: no, xhigh: null, max: no };
    const types = { adaptive: no, enabled: yes, disabled: yes };
    const budget = factsOfEntry({
      capabilities: { ...capabilities, effort, thinking: { supported: true, types } },
    });
    expect(budget.thinking).toEqual(['enabled', 'disabled']);
    expect(budget).not.toHaveProperty('efforts');
    const plain = factsOfEntry({
      capabilities: { effort, thinking: { supported: false, types: { disabled: yes } } },
    });
    expect(plain).toEqual({ efforts: [], thinking: [] });
  });

  it('that must reason, or may with any effort, has the efforts that leaves', () => {
    const efforts = (reasoning: unknown) => factsOfEntry({ reasoning }).efforts;
    expect(efforts({ supported_efforts: null, mandatory: true })).not.toContain('none');
    expect(efforts({ supported_efforts: null, mandatory: false })).toContain('none');
    expect(efforts({ supported_efforts: ['high', 'ultra'], mandatory: true })).toEqual(['high']);
    expect(efforts({ supported_efforts: ['high'], mandatory: false })).toEqual(['none', 'high']);
    expect(efforts({ mandatory: false })).toBeUndefined();
  });

  it('without a parameter for reasoning or sampling takes neither', () => {
    const taking = (...supported_parameters: string[]) => factsOfEntry({ supported_parameters });
    expect(taking('tools')).toEqual({ efforts: [], sampling: false });
    expect(taking('tools', 'reasoning', 'temperature')).toEqual({ sampling: true });
    expect(taking()).toEqual({});
  });

  it.each([0, -1, 1.5, 1e12, '131072', null, true, [5], { max: 5 }])(
    'whose window is %j has none that counts',
    (window) => {
      expect(factsOfEntry({ context_length: window, max_tokens: window })).toEqual({});
      expect(factsOfEntry({ context_length: window, context_window: 9 })).toEqual({ contextWindow: 9 });
    },
  );
});
