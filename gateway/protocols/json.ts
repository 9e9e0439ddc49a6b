/** A JSON object as parsed; its values are looked at before they are used. */
export type JsonObject = Record<string, unknown>;

/** Digits or an exponent that a double may not hold; a match within a string costs time alone. */
const LONG_NUMBER = /[\d.]{16}|\d[eE]/;

/** Decimal digits that a double always holds (IEEE 754). */
const SAFE_DIGITS = 15;

interface RawJson {
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): value is { rawJSON: string };
}

/** https://tc39.es/proposal-json-parse-with-source/, which TypeScript's library does not know yet. */
const { rawJSON, isRawJSON } = JSON as unknown as RawJson;

/**
 * Parses JSON so that `JSON.stringify` writes numbers with all their digits: 12345678901234567 stays itself. A
 * number that a double cannot hold becomes an object that `JSON.stringify` and `asNumber` understand.
 * @throws SyntaxError
 */
export function parseExactly(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(text, ((_key: string, value: unknown, context: { source?: string }) =>
    typeof value === 'number' && context.source !== undefined && losesDigits(value, context.source)
      ? rawJSON(context.source)
      : value) as (key: string, value: unknown) => unknown);
}

function losesDigits(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return true;
  return significantDigits(source) > SAFE_DIGITS && String(value) !== source;
}

/** Without zeros at either end. Letter by letter: a pattern that looks for the last zeros tries each run of them. */
function significantDigits(source: string): number {
  let digits = 0;
  let zeros = 0;
  for (const letter of source) {
    if (letter === 'e' || letter === 'E') break;
    if (letter === '0') zeros += digits > 0 ? 1 : 0;
    else if (letter >= '1' && letter <= '9') {
      digits += zeros + 1;
      zeros = 0;
    }
  }
  return digits;
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
  const number = isRawJSON(value) ? Number(value.rawJSON) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
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
