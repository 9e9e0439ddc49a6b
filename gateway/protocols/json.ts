/** A JSON object as parsed; its values are looked at before they are used. */
export type JsonObject = Record<string, unknown>;

/** Digits or an exponent that a double may not hold; a match within a string costs time alone. */
const LONG_NUMBER = /[\d.]{16}|\d[eE]/;

interface RawJson {
  rawJSON(text: string): unknown;
}

/**
 * Parses JSON so that `JSON.stringify` writes every number as it came: 12345678901234567 stays itself
 * (https://tc39.es/proposal-json-parse-with-source/). A number that a double cannot hold becomes an object
 * that only `JSON.stringify` understands.
 * @throws SyntaxError
 */
export function parseExactly(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, ((_key: string, value: unknown, context: { source?: string }) =>
    typeof value === 'number' && context.source !== undefined && String(value) !== context.source
      ? (JSON as unknown as RawJson).rawJSON(context.source)
      : value) as (key: string, value: unknown) => unknown);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects among the items of an array; [] for anything else. */
export function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function asNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function asBoolean(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

/** Parses a text that should be a JSON object. @returns undefined when it is none */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value = parseExactly(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
