import { asNumber, asText, isObject, type JsonObject } from '../json.ts';

/** One piece of a call, as servers send it: with anything missing, or told again. */
export interface CallFragment {
  /** The call's place among the answer's calls, as the server counts it. */
  place: number | null;
  id: string | null;
  name: string | null;
  kind: 'function' | 'custom';
  input: string;
  /** The input came as an object, and so is whole. */
  isWhole: boolean;
}

export function readFragment(raw: JsonObject): CallFragment {
  const { function: called, custom } = raw;
  const isCustom = isObject(custom);
  const body = isCustom ? custom : isObject(called) ? called : {};
  const input = isCustom ? body.input : body.arguments;
  return {
    place: asNumber(raw.index),
    id: asText(raw.id) || null,
    name: asText(body.name) || null,
    kind: isCustom ? 'custom' : 'function',
    input: typeof input === 'string' ? input : isObject(input) ? JSON.stringify(input) : '',
    isWhole: isObject(input),
  };
}
