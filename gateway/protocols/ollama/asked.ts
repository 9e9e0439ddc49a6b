/**
 * What a request of Ollama's API comes to (https://github.com/ollama/ollama/blob/main/docs/api.md). It is put into
 * the words of the gateway's own endpoints, since those have a place for everything in it: chat for `/api/chat` and
 * `/api/generate`, completions for a prompt that no template may touch, embeddings.
 */
import type { JsonObject } from '../json.ts';

/** The routes that ask a model. */
export type OllamaRoute = 'chat' | 'generate' | 'embed' | 'embeddings';

export interface OllamaAsked {
  endpoint: 'chat' | 'completions' | 'embeddings';
  /** In that endpoint's words. */
  body: JsonObject;
  /** What has no place in them; null for nothing. */
  leftOut: string | null;
  /** Ollama streams unless told not to. */
  stream: boolean;
  /** Nothing is asked: a model is loaded so, or put away. There is neither here. */
  idle: 'load' | 'unload' | null;
}

/** The fields every request has. */
export const COMMON_FIELDS: readonly string[] = ['model', 'name', 'stream', 'options'];

/** @returns the names of the fields that ask for something and are none of `known` */
export function otherFields(body: JsonObject, known: readonly string[]): string[] {
  return Object.entries(body)
    .filter(([name, value]) => !known.includes(name) && asksForSomething(value))
    .map(([name]) => name);
}

function asksForSomething(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== false && value !== '';
}

/** `name` is what older clients call it. */
export function modelOf({ model, name }: JsonObject): unknown {
  return model ?? name;
}

/** `keep_alive: 0`, in a number or as a duration of Go's, puts a model away. */
export function idleReason({ keep_alive: keepAlive }: JsonObject): 'load' | 'unload' {
  const isZero =
    Number.parseFloat(typeof keepAlive === 'string' ? keepAlive : JSON.stringify(keepAlive)) === 0;
  return isZero ? 'unload' : 'load';
}
