/**
 * How OpenAI says that a request does not fit its schema: message, param and code as the API gave them in the
 * records of kangminlee-maker/local-OAuth-CLI-API-adapter (`test/openai-*-validation-parity.test.mjs`, taken
 * against the API in August 2026).
 */
import { openaiError, type Refusal } from '../refusal.ts';
import type { Path, Shape, Words } from '../shape.ts';

/** `messages[0].content[1].type`; tags do not show. */
export function openaiPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (typeof step === 'string') text += text === '' ? step : `.${step}`;
  }
  return text;
}

export const OPENAI_WORDS: Words = {
  unknown: (path, field) => unknownParameter(openaiPath([...path, field])),
  missing: (path, field) => missing(openaiPath([...path, field])),
  type: (path, shape, value) => invalidType(openaiPath(path), expected(shape), value),
  tag: (path, value, tags) => invalidValue(openaiPath([...path, 'type']), value, tags),
  enum: (path, value, values) => invalidValue(openaiPath(path), value, values),
};

function expected(shape: Shape): string {
  if (shape === 'number') return 'a decimal';
  if (shape === 'map') return 'an object';
  if (typeof shape === 'string') return `${shape === 'integer' ? 'an' : 'a'} ${shape}`;
  if (Array.isArray(shape))
    return typeof shape[0] === 'string' ? `an array of ${shape[0]}s` : 'an array of objects';
  const compound = shape as Exclude<Shape, string | readonly [Shape]>;
  if (compound.kind === 'text_or') return 'one of a string or array of objects';
  return compound.kind === 'enum' ? `one of ${listed(compound.values, 'or')}` : 'an object';
}

export function unknownParameter(param: string): Refusal {
  return openaiError(`Unknown parameter: '${param}'.`, { param, code: 'unknown_parameter' });
}

export function missing(param: string): Refusal {
  return openaiError(`Missing required parameter: '${param}'.`, {
    param,
    code: 'missing_required_parameter',
  });
}

export function emptyArray(param: string): Refusal {
  return openaiError(
    `Invalid '${param}': empty array. Expected an array with minimum length 1, but got an empty array instead.`,
    { param, code: 'empty_array' },
  );
}

export function tooLong(param: string, kind: 'array' | 'string', most: number, length: number): Refusal {
  const some = kind === 'array' ? 'an array' : 'a string';
  return openaiError(
    `Invalid '${param}': ${kind} too long. Expected ${some} with maximum length ${most}, but got ${some} with length ${length} instead.`,
    { param, code: `${kind}_above_max_length` },
  );
}

export function outOfRange(
  param: string,
  kind: 'integer' | 'decimal',
  value: number,
  bound: { least: number } | { most: number },
): Refusal {
  const below = 'least' in bound;
  const limit = below ? `>= ${bound.least}` : `<= ${bound.most}`;
  return openaiError(
    `Invalid '${param}': ${kind} ${below ? 'below minimum' : 'above maximum'} value. Expected a value ${limit}, but got ${value} instead.`,
    { param, code: `${kind}_${below ? 'below_min' : 'above_max'}_value` },
  );
}

export function invalidType(param: string, expectation: string, value: unknown): Refusal {
  return openaiError(
    `Invalid type for '${param}': expected ${expectation}, but got ${describe(value)} instead.`,
    { param, code: 'invalid_type' },
  );
}

export function invalidValue(param: string, value: unknown, supported: readonly string[]): Refusal {
  return openaiError(
    `Invalid value: '${String(value)}'. Supported values are: ${listed(supported, 'and')}.`,
    { param, code: 'invalid_value' },
  );
}

export function unsupportedParameter(
  param: string,
  hint = '',
  code: string | null = 'unsupported_parameter',
): Refusal {
  return openaiError(`Unsupported parameter: '${param}' is not supported with this model.${hint}`, {
    param,
    code,
  });
}

/** `'a', 'b', and 'c'`. */
export function listed(values: readonly string[], word: 'and' | 'or'): string {
  const quoted = values.map((value) => `'${value}'`);
  if (quoted.length < 2) return quoted.join('');
  if (quoted.length === 2) return quoted.join(` ${word} `);
  return `${quoted.slice(0, -1).join(', ')}, ${word} ${quoted.at(-1)}`;
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (Number.isInteger(value)) return 'an integer';
  if (typeof value === 'number') return 'a decimal number';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
