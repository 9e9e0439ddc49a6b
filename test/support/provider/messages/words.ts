/**
 * How Anthropic says that a request does not fit its schema: as the API answered in the records of
 * kangminlee-maker/local-OAuth-CLI-API-adapter (`test/anthropic-messages-validation-parity.test.mjs`, August 2026),
 * anthropics/claude-code#4378 and #31033, langchain-ai/langchain#31208, AstrBotDevs/AstrBot#4444.
 */
import { anthropicError } from '../refusal.ts';
import type { Path, Shape, Words } from '../shape.ts';

/** `messages.0.content.1.text`; the tag of an object stands in its path. */
export function anthropicPath(path: Path): string {
  return path.map((step) => (typeof step === 'object' ? step.tag : step)).join('.');
}

export const ANTHROPIC_WORDS: Words = {
  unknownLast: true,
  unknown: (path, field) => at([...path, field], 'Extra inputs are not permitted'),
  missing: (path, field) => at([...path, field], 'Field required'),
  type: (path, shape) => at(path, `Input should be ${expected(shape)}`),
  tag: (path, value, tags) =>
    at(
      path,
      `Input tag '${String(value)}' found using 'type' does not match any of the expected tags: ${tags.map((tag) => `'${tag}'`).join(', ')}`,
    ),
  enum: (path, _, values) => at(path, `Input should be ${alternatives(values)}`),
};

function at(path: Path, what: string) {
  return anthropicError(`${anthropicPath(path)}: ${what}`);
}

function expected(shape: Shape): string {
  if (shape === 'map') return 'a valid dictionary';
  if (typeof shape === 'string') return `a valid ${shape}`;
  if (Array.isArray(shape)) return 'a valid array';
  const compound = shape as Exclude<Shape, string | readonly [Shape]>;
  if (compound.kind === 'enum') return alternatives(compound.values);
  return compound.kind === 'text_or' ? 'a valid array' : 'an object';
}

/** `'a', 'b' or 'c'`. */
function alternatives(values: readonly string[]): string {
  const quoted = values.map((value) => `'${value}'`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}
