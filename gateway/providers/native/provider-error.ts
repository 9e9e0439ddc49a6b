/** What Gemini and Bedrock say went wrong. */
import type { ProviderError } from '../../protocols/canonical/answer.ts';
import { asText, isObject, type JsonObject, objectsIn, parseObject } from '../../protocols/json.ts';
import { UpstreamFailure } from '../upstream.ts';
import type { NativeKind } from './kinds.ts';

/** An answer whose status is not good. */
export interface Refusal {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  error: ProviderError;
}

/** How the SDK's fetch tells that the provider refused; the SDK hands it on as it is. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`HTTP ${refusal.status}`);
    this.name = 'Refused';
    this.refusal = refusal;
  }
}

/** Longest text of an error that is not JSON; it may be a proxy's page. */
const LONGEST_TEXT = 300;

export function refusalOf(
  kind: NativeKind,
  status: number,
  headers: Record<string, string>,
  text: string,
): Refusal {
  const body = bodyOf(text);
  const refusal = { status, headers, error: errorOf(body, headers, status, text) };
  return kind === 'bedrock' ? refusal : googleRefusal(refusal, body);
}

/** A stream that is refused may come as an array of errors. */
function bodyOf(text: string): JsonObject {
  const inner = /^\s*\[/.test(text) ? text.trim().slice(1, -1) : text;
  return parseObject(inner) ?? {};
}

function errorOf(
  body: JsonObject,
  headers: Record<string, string>,
  status: number,
  text: string,
): ProviderError {
  const error = isObject(body.error) ? body.error : body;
  const message = asText(error.message) ?? asText(error.Message);
  return {
    message: message ?? (text.trim().slice(0, LONGEST_TEXT) || `The provider answered with HTTP ${status}.`),
    // Bedrock names the kind in a header, with an address behind a colon.
    type: asText(error.status) ?? headers['x-amzn-errortype']?.split(':', 1)[0] ?? asText(error.type),
    code: typeof error.code === 'number' ? String(error.code) : asText(error.code),
  };
}

/**
 * Google answers a wrong key with 400, which would be the caller's fault, and tells in the body how long to wait
 * (https://cloud.google.com/apis/design/errors: ErrorInfo, RetryInfo).
 */
function googleRefusal(refusal: Refusal, body: JsonObject): Refusal {
  const details = objectsIn(isObject(body.error) ? body.error.details : undefined);
  const badKey = details.some(({ reason }) => reason === 'API_KEY_INVALID');
  const delay = details.map(({ retryDelay }) => /^(\d+(?:\.\d+)?)s$/.exec(asText(retryDelay) ?? '')?.[1]);
  const seconds = Math.ceil(Number(delay.find((found) => found !== undefined) ?? 0));
  const wait = seconds > 0 && refusal.headers['retry-after'] === undefined;
  return {
    ...refusal,
    status: badKey && refusal.status === 400 ? 401 : refusal.status,
    headers: wait ? { ...refusal.headers, 'retry-after': String(seconds) } : refusal.headers,
  };
}

/** @param told by the AI SDK in place of an event */
export function streamError(told: unknown): ProviderError {
  if (told instanceof Refused) return told.refusal.error;
  if (told instanceof UpstreamFailure) return { message: told.message, type: null, code: null };
  const { message, type, code, statusCode } = isObject(told) ? told : {};
  const isProviders = isObject(told) && told.data !== undefined && !(told instanceof Error);
  if (!isProviders) {
    return { message: 'The provider sent something that is not of its protocol.', type: null, code: null };
  }
  return {
    message: asText(message) ?? 'The provider broke its answer off.',
    type: asText(type),
    code: String(code ?? statusCode ?? '') || null,
  };
}
