/** Reads fields of a caller's body: `null` is an absent field, and a wrong type is named by its path. */
import { GatewayError } from '../../errors.ts';
import { asNumber, isObject, type JsonObject } from '../json.ts';

export function wrong(path: string, wanted: string): GatewayError {
  const code = path.startsWith('messages') ? 'invalid_messages' : 'invalid_request';
  return new GatewayError(code, `\`${path}\` must be ${wanted}.`);
}

/** @throws GatewayError for what is there and no text */
export function readText(value: unknown, path: string): string | null {
  if (isAbsent(value)) return null;
  if (typeof value !== 'string') throw wrong(path, 'a string');
  return value;
}

/** @throws GatewayError for anything but a text */
export function requireText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw wrong(path, 'a string');
  return value;
}

/** @throws GatewayError for what is there and no number */
export function readNumber(value: unknown, path: string): number | null {
  if (isAbsent(value)) return null;
  const number = asNumber(value);
  if (number === null) throw wrong(path, 'a number');
  return number;
}

/** @throws GatewayError for what is there and neither true nor false */
export function readBoolean(value: unknown, path: string): boolean | null {
  if (isAbsent(value)) return null;
  if (typeof value !== 'boolean') throw wrong(path, 'true or false');
  return value;
}

/** @throws GatewayError for what is there and no object */
export function readObject(value: unknown, path: string): JsonObject | null {
  if (isAbsent(value)) return null;
  if (!isObject(value)) throw wrong(path, 'an object');
  return value;
}

/** @throws GatewayError for what is there and no array */
export function readList(value: unknown, path: string): unknown[] {
  if (isAbsent(value)) return [];
  if (!Array.isArray(value)) throw wrong(path, 'an array');
  return value;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Whether leaving a field out changes anything: `false` and what is empty ask for nothing. */
export function asksForSomething(value: unknown): boolean {
  if (isAbsent(value) || value === false || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isObject(value) || Object.values(value).some(asksForSomething);
}

/** Names the fields of an object that are not among the `known` ones and ask for something. */
export function noteOthers(
  object: JsonObject | null,
  known: readonly string[],
  prefix: string,
  unplaced: Set<string>,
): void {
  for (const [name, value] of Object.entries(object ?? {})) {
    if (!known.includes(name) && asksForSomething(value)) unplaced.add(prefix + name);
  }
}
