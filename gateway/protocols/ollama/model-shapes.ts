/** Models as Ollama tells them: https://github.com/ollama/ollama/blob/main/docs/api.md#list-local-models */
import { hash } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import type { ModelFacts } from '../model-facts.ts';

/**
 * The version of Ollama that this comes near to. Clients ask for a least one (VS Code's for 0.6.4, some agents for
 * 0.14.2, the first that answers Anthropic's messages and OpenAI's responses too); later ones have routes that are
 * not here.
 */
export const OLLAMA_VERSION = '0.14.2';

/** Clients reckon with a window, so one must be told where nobody knows it. */
const UNKNOWN_WINDOW = 32_768;

export interface OllamaModel {
  id: string;
  /** Wall-clock ms. */
  createdAt: number;
  facts: ModelFacts;
  /** A provider of it takes completions, and so a suffix. */
  completes: boolean;
}

/** An entry of `/api/tags`. Nothing lies on this computer, so nothing has a size; the digest is the name's. */
export function listedModel({ id, createdAt }: OllamaModel): JsonObject {
  return {
    ...{ name: id, model: id, modified_at: new Date(createdAt).toISOString(), size: 0 },
    ...{ digest: hash('sha256', id, 'hex'), details: details(id) },
  };
}

/** The answer of `/api/show`. */
export function shownModel(model: OllamaModel): JsonObject {
  const { id, createdAt, facts, completes } = model;
  const family = familyOf(id);
  const template = completes ? '{{ .Prompt }}{{ .Suffix }}' : '{{ .Prompt }}';
  return {
    ...{ license: '', modelfile: `FROM ${id}\n`, parameters: '', template, system: '' },
    details: details(id),
    model_info: {
      'general.architecture': family,
      'general.basename': id,
      [`${family}.context_length`]: facts.contextWindow ?? UNKNOWN_WINDOW,
    },
    ...{ capabilities: capabilities(model), modified_at: new Date(createdAt).toISOString() },
  };
}

function details(id: string): JsonObject {
  const family = familyOf(id);
  const nowhere = { parent_model: '', format: '', parameter_size: '', quantization_level: '' };
  return { ...nowhere, family, families: [family] };
}

/** `claude` of `anthropic/claude-haiku-4-5`: a word that may stand in a name. */
function familyOf(id: string): string {
  const name = id.slice(id.lastIndexOf('/') + 1);
  return /[a-z0-9]+/i.exec(name)?.[0].toLowerCase() ?? 'model';
}

/**
 * Clients take what is not named for refused. So tools are named, of which nothing is known; what is told of a model
 * is named where it is known.
 */
function capabilities({ id, facts, completes }: OllamaModel): string[] {
  const { inputModalities, efforts, thinking } = facts;
  if (/embed/i.test(id)) return ['embedding'];
  const thinks =
    efforts?.some((effort) => effort !== 'none') === true ||
    thinking?.some((mode) => mode !== 'disabled') === true;
  return [
    ...['completion', 'tools'],
    ...(inputModalities?.includes('image') ? ['vision'] : []),
    ...(thinks ? ['thinking'] : []),
    ...(completes ? ['insert'] : []),
  ];
}
