import { isObject, type JsonObject } from '../protocols/json.ts';
import {
  EFFORTS,
  type Effort,
  type Modality,
  type ModelFacts,
  THINKING_MODES,
  type ThinkingMode,
} from '../protocols/model-facts.ts';

/** No model has more; what is above is a mistake or a word for "no limit". */
const MOST_TOKENS = 100_000_000;

/**
 * The context window in the words of LM Studio (of a model it has loaded), vLLM, OpenRouter and Together, Groq,
 * Novita, Mistral, Anthropic and Gemini. What a server runs with comes before what the model could.
 */
const WINDOWS: readonly string[] = [
  'loaded_context_length',
  'max_model_len',
  'context_length',
  'context_window',
  'context_size',
  'max_context_length',
  'max_input_tokens',
  'inputTokenLimit',
];

/** Most output in the words of Groq, Novita, Anthropic and Gemini. */
const OUTPUTS: readonly string[] = [
  'max_completion_tokens',
  'max_output_tokens',
  'max_tokens',
  'outputTokenLimit',
];

/** OpenRouter says `file` for PDF. */
const MODALITIES: ReadonlyMap<unknown, Modality> = new Map([
  ['text', 'text'],
  ['image', 'image'],
  ['file', 'pdf'],
  ['pdf', 'pdf'],
  ['audio', 'audio'],
  ['video', 'video'],
]);

/**
 * What one entry of a model listing tells, in the forms of Anthropic
 * (https://platform.claude.com/docs/en/api/models/list), OpenRouter (https://openrouter.ai/docs/models, its
 * `reasoning` in …/client-sdks), Groq, Mistral, Together, Novita, Moonshot, vLLM, LM Studio, llama.cpp, and of
 * another NoTokenLimit gateway. What it does not tell, or tells in no form known, is left out.
 */
export function factsOfEntry(entry: JsonObject): Partial<ModelFacts> {
  const told = {
    contextWindow: windowOf(entry),
    maxOutputTokens:
      firstTokens(objectAt(entry, 'top_provider'), ['max_completion_tokens']) ?? firstTokens(entry, OUTPUTS),
    inputModalities: modalitiesOf(entry),
    efforts: effortsOf(entry),
    thinking: thinkingOf(entry),
    sampling: samplingOf(entry),
  };
  return Object.fromEntries(Object.entries(told).filter(([, fact]) => fact !== undefined));
}

/** OpenRouter's own figure and that of the provider it asks first may differ: the smaller holds for both. */
function windowOf(entry: JsonObject): number | undefined {
  const window =
    firstTokens(entry, WINDOWS) ?? firstTokens(objectAt(entry, 'meta'), ['n_ctx', 'n_ctx_train']);
  const atFirst = firstTokens(objectAt(entry, 'top_provider'), ['context_length']);
  return window === undefined || atFirst === undefined ? (window ?? atFirst) : Math.min(window, atFirst);
}

function firstTokens(object: JsonObject, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = object[name];
    if (Number.isInteger(value) && Number(value) > 0 && Number(value) <= MOST_TOKENS) return Number(value);
  }
  return undefined;
}

function modalitiesOf(entry: JsonObject): Modality[] | undefined {
  const listed = objectAt(entry, 'architecture').input_modalities ?? entry.input_modalities;
  if (Array.isArray(listed)) {
    const known = new Set(listed.flatMap((name: unknown) => MODALITIES.get(name) ?? []));
    return known.size === 0 ? undefined : [...known];
  }
  const capabilities = objectAt(entry, 'capabilities');
  const flags: readonly (readonly [Modality, unknown])[] = [
    [
      'image',
      objectAt(capabilities, 'image_input').supported ?? capabilities.vision ?? entry.supports_image_in,
    ],
    ['pdf', objectAt(capabilities, 'pdf_input').supported],
    ['audio', capabilities.audio],
    ['video', entry.supports_video_in],
  ];
  if (typeof flags[0]?.[1] === 'boolean') {
    return ['text', ...flags.flatMap(([modality, flag]) => (flag === true ? [modality] : []))];
  }
  // LM Studio.
  if (entry.type === 'vlm') return ['text', 'image'];
  return entry.type === 'llm' ? ['text'] : undefined;
}

function effortsOf(entry: JsonObject): Effort[] | undefined {
  const own = objectAt(entry, 'ntl').efforts;
  if (Array.isArray(own)) return EFFORTS.filter((effort) => own.includes(effort));
  const { supported_efforts: allowed, mandatory } = objectAt(entry, 'reasoning');
  if (allowed === null || Array.isArray(allowed)) return allowedEfforts(allowed, mandatory);
  const parameters = entry.supported_parameters;
  if (Array.isArray(parameters) && parameters.length > 0) {
    const reasons = parameters.includes('reasoning') || parameters.includes('reasoning_effort');
    return reasons ? undefined : [];
  }
  if (entry.supports_reasoning === false) return [];
  const capabilities = objectAt(entry, 'capabilities');
  const effort = objectAt(capabilities, 'effort');
  const levels = EFFORTS.filter((level) => isSupported(effort, level));
  if (effort.supported === true && levels.length > 0) return levels;
  // A model may think, and take a budget in place of an effort.
  const thinks = objectAt(capabilities, 'thinking').supported;
  return effort.supported === false && thinks === false ? [] : undefined;
}

/** OpenRouter: null allows all of them, and `none` is one of them unless reasoning is `mandatory`. */
function allowedEfforts(allowed: readonly unknown[] | null, mandatory: unknown): Effort[] | undefined {
  const efforts = EFFORTS.filter((effort) => {
    if (effort === 'none' && typeof mandatory === 'boolean') return !mandatory;
    return allowed === null || allowed.includes(effort);
  });
  return efforts.length > 0 ? efforts : undefined;
}

function thinkingOf(entry: JsonObject): ThinkingMode[] | undefined {
  const own = objectAt(entry, 'ntl').thinking;
  if (Array.isArray(own)) return THINKING_MODES.filter((mode) => own.includes(mode));
  const thinking = objectAt(objectAt(entry, 'capabilities'), 'thinking');
  if (thinking.supported === false) return [];
  const types = objectAt(thinking, 'types');
  const modes = THINKING_MODES.filter((mode) => isSupported(types, mode));
  return modes.length === 0 ? undefined : modes;
}

function samplingOf(entry: JsonObject): boolean | undefined {
  const own = objectAt(entry, 'ntl').sampling;
  if (typeof own === 'boolean') return own;
  const parameters = entry.supported_parameters;
  if (!Array.isArray(parameters) || parameters.length === 0) return undefined;
  return parameters.includes('temperature') || parameters.includes('top_p');
}

function isSupported(object: JsonObject, name: string): boolean {
  return objectAt(object, name).supported === true;
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return isObject(value) ? value : {};
}
