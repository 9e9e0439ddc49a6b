import { type JsonObject, parseObject } from '../json.ts';

export interface WrittenCall {
  id: string;
  name: string;
  /** As the model wrote it. */
  input: string;
}

/**
 * Ollama gives arguments as an object.
 * @param index among the calls of the answer
 * @returns undefined where the model wrote no object, or one so deep that nobody can write it down again
 */
export function toolCall({ id, name, input }: WrittenCall, index: number): JsonObject | undefined {
  const given = parseObject(input.trim() === '' ? '{}' : input);
  return given && canBeWritten(given) ? { id, function: { index, name, arguments: given } } : undefined;
}

function canBeWritten(json: JsonObject): boolean {
  try {
    JSON.stringify(json);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** For a call that cannot be told: an empty one would be run. */
export function brokenCall({ name }: WrittenCall): string {
  return `The model called ${JSON.stringify(name.slice(0, 100))} with arguments that are not a JSON object. Ask it again.`;
}
