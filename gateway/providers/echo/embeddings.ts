/** The echo in OpenAI Embeddings form (openai-node `resources/embeddings.ts`). */
import { createHash } from 'node:crypto';
import { asPositiveInteger, type JsonObject } from './json.ts';
import type { CallFacts } from './rendered.ts';
import { countInputTokens } from './tokens.ts';

const DEFAULT_DIMENSIONS = 256;
/** The API's own bounds: `text-embedding-3-large` has 3,072 dimensions, one call takes 2,048 inputs. */
const MAX_DIMENSIONS = 3072;
const MAX_INPUTS = 2048;

/** One vector of length 1 for each input: equal inputs give equal vectors, any others are far apart. */
export function renderEmbeddings(body: JsonObject, facts: CallFacts): object {
  const dimensions = Math.min(asPositiveInteger(body.dimensions) ?? DEFAULT_DIMENSIONS, MAX_DIMENSIONS);
  const tokens = countInputTokens({ input: body.input });
  return {
    object: 'list',
    data: readInputs(body.input).map((input, index) => {
      const vector = embed(input, dimensions);
      const embedding = body.encoding_format === 'base64' ? toBase64(vector) : Array.from(vector);
      return { object: 'embedding', index, embedding };
    }),
    model: facts.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** `input` is a text, texts, token numbers, or lists of token numbers: one vector for each. */
function readInputs(input: unknown): string[] {
  if (!Array.isArray(input)) return [asKey(input)];
  if (typeof input[0] === 'number') return [asKey(input)];
  return input.slice(0, MAX_INPUTS).map(asKey);
}

function asKey(input: unknown): string {
  return typeof input === 'string' ? input : (JSON.stringify(input) ?? '');
}

/** Numbers drawn from SHA-256 in counter mode, scaled to length 1. */
function embed(text: string, dimensions: number): Float32Array {
  const seed = createHash('sha256').update(text).digest();
  const drawn = Array.from({ length: Math.ceil(dimensions / 8) }, (_, block) =>
    drawEight(seed, block),
  ).flat();
  const vector = drawn.slice(0, dimensions);
  const length = Math.hypot(...vector);
  return Float32Array.from(vector, (value) => value / length);
}

function drawEight(seed: Buffer, block: number): number[] {
  const bytes = createHash('sha256').update(seed).update(String(block)).digest();
  // Odd numbers only, so that no vector is all zeros.
  return Array.from({ length: 8 }, (_, index) => bytes.readInt32LE(index * 4) | 1);
}

/** Little-endian 32-bit floats, as the SDKs decode them. */
function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
