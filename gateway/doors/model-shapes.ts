import { EFFORTS, type ModelFacts, THINKING_MODES } from '../protocols/model-facts.ts';

/** A model as GET /models tells it. */
export interface ListedModel {
  id: string;
  /** Wall-clock ms. */
  createdAt: number;
  facts: ModelFacts;
}

/**
 * An entry of OpenAI's list, with what clients read beside it, under the names they know:
 * - `context_length` (OpenRouter, Together), `context_window` (Groq), `max_model_len` (vLLM)
 * - `max_completion_tokens` (Groq), `top_provider` (OpenRouter)
 * - `architecture.input_modalities` (OpenRouter, llama.cpp), `reasoning` (OpenRouter)
 * - `ntl`: what has no name elsewhere, for another gateway of this kind
 *
 * What is not known is left out. OpenRouter's `supported_parameters` is left out always: clients take whatever
 * is not in it, such as `tools`, for refused.
 */
export function openaiModel({ id, createdAt, facts }: ListedModel): Record<string, unknown> {
  const owner = id.includes('/') ? id.slice(0, id.indexOf('/')) : 'notokenlimit';
  return {
    ...{ id, object: 'model', created: Math.floor(createdAt / 1000), owned_by: owner },
    ...limits(facts),
    ...known('architecture', modalities(facts)),
    ...known('reasoning', reasoning(facts)),
    ...known('ntl', others(facts)),
  };
}

function limits({ contextWindow, maxOutputTokens }: ModelFacts): Record<string, unknown> {
  const window = known('context_length', contextWindow);
  const output = known('max_completion_tokens', maxOutputTokens);
  return {
    ...window,
    ...known('context_window', contextWindow),
    ...known('max_model_len', contextWindow),
    ...output,
    ...(maxOutputTokens === null ? {} : { top_provider: { ...window, ...output } }),
  };
}

/** OpenRouter's word for PDF is `file`. Answers are text, whatever the model could make. */
function modalities({ inputModalities }: ModelFacts): object | null {
  const inputs = inputModalities?.map((modality) => (modality === 'pdf' ? 'file' : modality));
  return inputs === undefined ? null : { input_modalities: inputs, output_modalities: ['text'] };
}

/** Left out for a model that takes no effort, as OpenRouter does. The strongest effort comes first. */
function reasoning({ efforts, thinking }: ModelFacts): object | null {
  if (efforts === null || efforts.length === 0) return null;
  return {
    supported_efforts: EFFORTS.filter((effort) => efforts.includes(effort)).reverse(),
    mandatory: !efforts.includes('none') && thinking?.includes('disabled') !== true,
  };
}

function others({ efforts, thinking, sampling }: ModelFacts): object | null {
  if (efforts === null && thinking === null && sampling === null) return null;
  return { ...known('efforts', efforts), ...known('thinking', thinking), ...known('sampling', sampling) };
}

function known(name: string, value: unknown): Record<string, unknown> {
  return value === null ? {} : { [name]: value };
}

/** Anthropic's ModelInfo (https://platform.claude.com/docs/en/api/models/list); null where nobody knows. */
export function anthropicModel({ id, createdAt, facts }: ListedModel): Record<string, unknown> {
  return {
    ...{ type: 'model', id, display_name: id, created_at: new Date(createdAt).toISOString() },
    max_input_tokens: facts.contextWindow,
    max_tokens: facts.maxOutputTokens,
    capabilities: capabilities(facts),
  };
}

function capabilities({ inputModalities, efforts, thinking }: ModelFacts): object | null {
  if (inputModalities === null && efforts === null && thinking === null) return null;
  return {
    // There is no such route here.
    batch: supported(false),
    ...{ citations: null, code_execution: null, context_management: null },
    ...{ server_tools: null, structured_outputs: null },
    image_input: inputModalities && supported(inputModalities.includes('image')),
    pdf_input: inputModalities && supported(inputModalities.includes('pdf')),
    effort: efforts && {
      supported: efforts.some((effort) => ANTHROPIC_EFFORTS.includes(effort)),
      ...Object.fromEntries(ANTHROPIC_EFFORTS.map((effort) => [effort, supported(efforts.includes(effort))])),
    },
    thinking: thinking && {
      supported: thinking.length > 0,
      types: {
        ...Object.fromEntries(THINKING_MODES.map((mode) => [mode, supported(thinking.includes(mode))])),
        between_tools: null,
        // A model that never thinks takes it.
        ...(thinking.length === 0 ? { disabled: supported(true) } : {}),
      },
    },
  };
}

/** Anthropic knows neither `none` nor `minimal`. */
const ANTHROPIC_EFFORTS = EFFORTS.slice(EFFORTS.indexOf('low'));

function supported(yes: boolean): { supported: boolean } {
  return { supported: yes };
}
