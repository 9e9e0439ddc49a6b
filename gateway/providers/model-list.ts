import { isObject, type JsonObject } from '../protocols/json.ts';
import type { ModelFacts } from '../protocols/model-facts.ts';
import { factsOfEntry } from './model-entry.ts';

/** One model of a provider's own listing, with what it told of it. */
export interface ListedModel {
  id: string;
  facts: Partial<ModelFacts>;
}

/** One page of a provider's model listing. */
export interface ModelPage {
  models: ListedModel[];
  /** Cursor for `after_id`, or null on the last page (https://docs.claude.com/en/api/models-list). */
  next: string | null;
}

/**
 * Reads a model listing in any of the forms seen: `{data: [{id}]}` (OpenAI, Anthropic), `{models: [{id}]}`,
 * or a bare array (Together AI).
 * @throws Error when it is none of them
 */
export function parseModelPage(text: string): ModelPage {
  const json = parseJson(text);
  const list = listOf(json);
  if (list === undefined) throw new Error('The model listing has an unknown form.');
  const more = isObject(json) && json.has_more === true && typeof json.last_id === 'string';
  return { models: list.filter(isObject).flatMap(modelOf), next: more ? String(json.last_id) : null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('The model listing is not JSON.');
  }
}

function listOf(json: unknown): unknown[] | undefined {
  const found = isObject(json) ? (json.data ?? json.models) : json;
  return Array.isArray(found) ? found : undefined;
}

function modelOf(entry: JsonObject): ListedModel[] {
  if (typeof entry.id !== 'string' || entry.id === '') return [];
  // Gemini lists `models/gemini-…` and takes both forms; prices know the short one.
  const id = entry.id.startsWith('models/') ? entry.id.slice('models/'.length) : entry.id;
  return [{ id, facts: factsOfEntry(entry) }];
}
