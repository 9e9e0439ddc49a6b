/**
 * What the service makes of each keyword of JSON Schema
 * (https://platform.claude.com/docs/en/build-with-claude/structured-outputs, "JSON Schema limitations").
 */

/** Kept as they are. */
export const PLAIN: ReadonlySet<string> = new Set(['type', 'title', 'description', 'default', 'required']);
/** Say nothing of the values. */
export const NOTES: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$comment',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'additionalProperties',
]);
/** Bounds that a grammar cannot hold to: the model reads of them instead. */
export const BOUNDS: ReadonlySet<string> = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'format',
  'pattern',
]);
const FORMATS: ReadonlySet<unknown> = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
]);
/** Look-around, references back, edges of words, and counts of three digits. */
const HARD_PATTERN = /\(\?|\\[1-9bB]|\{\d{3,}|,\d{3,}\}/;

/** Whether a bound is one of the few that a grammar does hold to. */
export function isSayable(name: string, value: unknown): boolean {
  switch (name) {
    case 'format':
      return FORMATS.has(value);
    case 'minItems':
      return value === 0 || value === 1;
    case 'pattern':
      return typeof value === 'string' && !HARD_PATTERN.test(value);
    default:
      return false;
  }
}
