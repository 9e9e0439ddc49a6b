/** Errors in the names of Ollama's API. */
import { GatewayError } from '../../errors.ts';

export function badField(path: string, what: string): GatewayError {
  return new GatewayError('invalid_request', `\`${path}\` ${what}`);
}

export function badMessage(path: string, what: string): GatewayError {
  return new GatewayError('invalid_messages', `${path} ${what}`);
}

/** @returns '' for nothing. @throws GatewayError `invalid_request` for anything but a string */
export function textOf(value: unknown, path: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw badField(path, 'must be a string.');
  return value;
}
