import { asNumber, isObject, type JsonObject, objectsIn } from '../json.ts';
import { nanoseconds } from './answer-words.ts';

export interface EmbeddingFacts {
  model: string;
  /** Ms since the request came. */
  tookMs: number;
}

/** `/api/embed`: a vector for each text, in their order. @param body OpenAI's list of embeddings */
export function encodeEmbed(body: JsonObject, { model, tookMs }: EmbeddingFacts): JsonObject {
  const usage = isObject(body.usage) ? asNumber(body.usage.prompt_tokens) : null;
  return {
    ...{ model, embeddings: vectors(body) },
    ...{ total_duration: nanoseconds(tookMs), load_duration: 0 },
    ...(usage === null ? {} : { prompt_eval_count: usage }),
  };
}

/** `/api/embeddings`, the older one. */
export function encodeEmbeddings(body: JsonObject): JsonObject {
  return { embedding: vectors(body)[0] ?? [] };
}

function vectors(body: JsonObject): unknown[] {
  const place = (item: JsonObject) => asNumber(item.index) ?? 0;
  return objectsIn(body.data)
    .sort((one, other) => place(one) - place(other))
    .map(({ embedding }) => embedding);
}
