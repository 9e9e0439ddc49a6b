/** Reading JSON of unknown shape. Nothing here throws: a value of the wrong type reads as absent. */

export type JsonObject = Record<string, unknown>;

/** Deepest nesting the echo looks into; a deeper body reads as empty, so that recursion stays safe. */
const MAX_DEPTH = 200;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value itself when it is an object, else an empty one. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The value itself when it is an array, else an empty one. */
export function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value itself when it is a string, else ''. */
export function asString(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A whole number above zero, else undefined. */
export function asPositiveInteger(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined;
}

/** A request body as an object: empty when it is no JSON, no object, or nested too deeply. */
export function readBody(body: Buffer): JsonObject {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return isObject(parsed) && !isTooDeep(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

/** Works level by level, without recursion: JSON.parse accepts nesting that would overflow the stack. */
function isTooDeep(root: unknown): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    const next: unknown[] = [];
    for (const node of level) {
      for (const child of Object.values(node as object)) {
        if (typeof child === 'object' && child !== null) next.push(child);
      }
    }
    level = next;
  }
  return false;
}
