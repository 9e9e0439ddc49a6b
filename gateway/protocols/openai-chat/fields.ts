/** Readers of fields that may hold anything. `null` counts as absent everywhere. */
import { GatewayError } from '../../errors.ts';
import { isObject, type JsonObject } from '../json.ts';

/** An error in the conversation, at a path such as `messages[2].content[0]`. */
export function badMessage(path: string, what: string): GatewayError {
  return new GatewayError('invalid_messages', `${path} ${what}`);
}

/** An error in any other field of the body. */
export function badField(path: string, what: string): GatewayError {
  return new GatewayError('invalid_request', `\`${path}\` ${what}`);
}

export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/**
 * A number, also one that `parseExactly` kept with its digits (1.0, 1e2).
 * @throws GatewayError `invalid_request` for anything else
 */
export function numberField(body: JsonObject, field: string): number | null {
  const value = body[field];
  if (isAbsent(value)) return null;
  const number = isRawNumber(value) ? Number(JSON.stringify(value)) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw badField(field, 'must be a number.');
  return number;
}

function isRawNumber(value: unknown): boolean {
  return (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON(value);
}

/** @throws GatewayError `invalid_request` for anything but a string */
export function textField(body: JsonObject, field: string): string | null {
  const value = body[field];
  if (isAbsent(value)) return null;
  if (typeof value !== 'string') throw badField(field, 'must be a string.');
  return value;
}

/** @throws GatewayError `invalid_request` for anything but true and false */
export function booleanField(body: JsonObject, field: string): boolean | null {
  const value = body[field];
  if (isAbsent(value)) return null;
  if (typeof value !== 'boolean') throw badField(field, 'must be true or false.');
  return value;
}

/** @returns {} for nothing. @throws GatewayError `invalid_request` for anything but an object */
export function objectField(body: JsonObject, field: string): JsonObject {
  const value = body[field];
  if (isAbsent(value)) return {};
  if (!isObject(value)) throw badField(field, 'must be an object.');
  return value;
}

/** @returns [] for nothing. @throws GatewayError `invalid_request` for anything but an array of objects */
export function objectsField(body: JsonObject, field: string): JsonObject[] {
  const value = body[field];
  if (isAbsent(value)) return [];
  if (!Array.isArray(value)) throw badField(field, 'must be an array.');
  return value.map((item: unknown, index) => {
    if (!isObject(item)) throw badField(`${field}[${index}]`, 'must be an object.');
    return item;
  });
}

/** A text of a message. @returns '' for nothing. @throws GatewayError `invalid_messages` for anything but a string */
export function messageText(value: unknown, path: string): string {
  if (isAbsent(value)) return '';
  if (typeof value !== 'string') throw badMessage(path, 'must be a string.');
  return value;
}

/** A text that a message cannot do without. @throws GatewayError `invalid_messages` */
export function neededText(value: unknown, path: string): string {
  if (isAbsent(value) || value === '') throw badMessage(path, 'is missing.');
  return messageText(value, path);
}
