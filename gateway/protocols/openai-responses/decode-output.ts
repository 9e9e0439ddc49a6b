/** What a provider's output items say, whether they came whole or in pieces. */
import type { FinishReason, ProviderError } from '../canonical/answer.ts';
import { asText, isObject, type JsonObject } from '../json.ts';
import { errorOf } from './decode-error.ts';

/** A call as its item names it; undefined while it does not yet. */
export interface CallHead {
  id: string;
  name: string;
  kind: 'function' | 'custom';
}

/** @returns undefined for an item that is no call of a caller's tool, or names none */
export function callHead(item: JsonObject): CallHead | undefined {
  const name = asText(item.name);
  if (!isCall(item.type) || name === null || name === '') return undefined;
  const id = asText(item.call_id) || asText(item.id);
  return id === null || id === ''
    ? undefined
    : { id, name, kind: item.type === 'custom_tool_call' ? 'custom' : 'function' };
}

export function isCall(type: unknown): boolean {
  return type === 'function_call' || type === 'custom_tool_call';
}

/** @returns a call's input; some servers send arguments as an object */
export function inputOf(item: JsonObject): string {
  const input = item.type === 'custom_tool_call' ? item.input : item.arguments;
  return isObject(input) ? JSON.stringify(input) : (asText(input) ?? '');
}

/** @returns what the response says went wrong; undefined where it is whole, or as whole as it will be */
export function failureOf(response: JsonObject): ProviderError | undefined {
  if (isObject(response.error)) return errorOf(response.error);
  if (response.status !== 'failed' && response.status !== 'cancelled') return undefined;
  return errorOf({ message: `The provider ended the response as ${response.status}.` });
}

/** @param has what the answer holds: the service ends calls and refusals like any other answer */
export function finishReason(response: JsonObject, has: { call: boolean; refusal: boolean }): FinishReason {
  const reason = isObject(response.incomplete_details) ? response.incomplete_details.reason : undefined;
  if (reason === 'content_filter') return 'content_filter';
  if (response.status === 'incomplete' || typeof reason === 'string') return 'length';
  if (has.call) return 'tool_calls';
  return has.refusal ? 'refusal' : 'stop';
}
