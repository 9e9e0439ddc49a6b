/** Readers for the fields of a request body. `null` counts as absent everywhere. */
import { type ErrorCode, GatewayError } from '../../errors.ts';
import { asBoolean, asNumber, asText, isObject, type JsonObject } from '../json.ts';

/** @throws GatewayError `invalid_request` for a value of another type */
export function textField(value: unknown, path: string): string | null {
  return read(value, path, 'a string', asText);
}

/** @throws GatewayError `invalid_request` for a value of another type */
export function flagField(value: unknown, path: string): boolean | null {
  return read(value, path, 'true or false', asBoolean);
}

/** @throws GatewayError `invalid_request` for a value of another type */
export function numberField(value: unknown, path: string): number | null {
  return read(value, path, 'a number', exactNumber);
}

/** @throws GatewayError `invalid_request` for a value of another type */
export function objectField(value: unknown, path: string): JsonObject | null {
  return read(value, path, 'an object', (found) => (isObject(found) ? found : null));
}

/** @throws GatewayError `invalid_request` for a value of another type, or an item that is no object */
export function objectsField(
  value: unknown,
  path: string,
  code: ErrorCode = 'invalid_request',
): JsonObject[] {
  if (isAbsent(value)) return [];
  if (!Array.isArray(value)) throw new GatewayError(code, `\`${path}\` must be an array.`);
  return value.map((item: unknown, index) => {
    if (!isObject(item)) throw new GatewayError(code, `\`${path}[${index}]\` must be an object.`);
    return item;
  });
}

/** A text that a part of the conversation cannot do without. @throws GatewayError `invalid_messages` */
export function neededText(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw new GatewayError('invalid_messages', `\`${path}\` must be a string.`);
}

export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function read<T>(
  value: unknown,
  path: string,
  wanted: string,
  reader: (value: unknown) => T | null,
): T | null {
  if (isAbsent(value)) return null;
  const found = reader(value);
  if (found === null) throw new GatewayError('invalid_request', `\`${path}\` must be ${wanted}.`);
  return found;
}

/** A body parsed exactly holds a number such as `1.0` as an object that only `JSON.stringify` reads. */
function exactNumber(value: unknown): number | null {
  return asNumber(isObject(value) ? Number(JSON.stringify(value)) : value);
}
