/** Errors in Google's form (https://cloud.google.com/apis/design/errors; https://ai.google.dev/gemini-api/docs/troubleshooting). */
import type { Refusal } from '../refusal.ts';

const BY_STATUS: Readonly<Record<number, readonly [status: string, message: string]>> = {
  400: ['INVALID_ARGUMENT', 'Request contains an invalid argument.'],
  401: ['UNAUTHENTICATED', 'Request had invalid authentication credentials.'],
  403: ['PERMISSION_DENIED', 'The caller does not have permission'],
  404: ['NOT_FOUND', 'Requested entity was not found.'],
  429: ['RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).'],
  500: ['INTERNAL', 'An internal error has occurred.'],
  503: ['UNAVAILABLE', 'The model is overloaded. Please try again later.'],
  504: ['DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.'],
};

/** `{error:{code,message,status,details}}`, status 400 unless told. */
export function googleError(
  message: string,
  code = 400,
  details?: readonly object[],
  status?: string,
): Refusal {
  const [usual] = BY_STATUS[code] ?? ['UNKNOWN'];
  const error = { code, message, status: status ?? usual, ...(details === undefined ? {} : { details }) };
  return { status: code, body: { error } };
}

export function googleUsualError(code: number, message: string | undefined): Refusal {
  return googleError(message ?? BY_STATUS[code]?.[1] ?? 'Unknown Error.', code);
}

/** HTTP status of one of Google's words; 500 for a word that is none. */
export function codeOf(status: string): number {
  const found = Object.entries(BY_STATUS).find(([, [word]]) => word === status);
  return Number(found?.[0] ?? 500);
}
