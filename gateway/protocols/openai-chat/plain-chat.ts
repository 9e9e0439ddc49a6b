import { isObject, type JsonObject, objectsIn } from '../json.ts';
import { isForeignChoice, isForeignPart, isForeignTool } from './foreign-shapes.ts';

/**
 * Whether a body posted as a chat completion is one throughout, and can go to a chat provider untouched. Fields and
 * parts that nobody knows are no sign against it; shapes known to be another protocol's are.
 */
export function isPlainChat(body: JsonObject): boolean {
  const { system, tools, tool_choice, messages } = body;
  if (typeof system === 'string' || Array.isArray(system)) return false;
  if (Array.isArray(body.stop_sequences)) return false;
  if (isObject(tool_choice) && isForeignChoice(tool_choice)) return false;
  if (objectsIn(tools).some(isForeignTool)) return false;
  return !objectsIn(messages).some(({ content }) => Array.isArray(content) && content.some(isForeign));
}

function isForeign(part: unknown): boolean {
  return isObject(part) && isForeignPart(part);
}
