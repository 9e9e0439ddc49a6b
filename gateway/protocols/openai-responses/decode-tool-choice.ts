/** Which tools the model may or must call. */
import type { Tool, ToolChoice } from '../canonical/request.ts';
import { asText, isObject, type JsonObject, objectsIn } from '../json.ts';
import { namespaceOf } from './decode-tools.ts';

export interface Choice {
  toolChoice: ToolChoice | null;
  /** Those among which the model may choose. */
  tools: Tool[];
}

/** @param unplaced is told of a choice that cannot be understood */
export function decodeToolChoice(choice: unknown, tools: Tool[], unplaced: string[]): Choice {
  if (choice === undefined || choice === null) return { toolChoice: null, tools };
  if (isObject(choice) && choice.type === 'allowed_tools') return allowed(choice, tools);
  const toolChoice = isObject(choice) ? named(choice) : mode(choice);
  if (toolChoice === null) unplaced.push('tool_choice');
  return { toolChoice, tools };
}

function mode(choice: unknown): ToolChoice | null {
  if (choice === 'any') return { type: 'required' };
  return choice === 'auto' || choice === 'none' || choice === 'required' ? { type: choice } : null;
}

function named(choice: JsonObject): ToolChoice | null {
  const type = asText(choice.type);
  if (type !== 'function' && type !== 'custom') return type === null ? null : { type: 'hosted', name: type };
  const name = nameOf(choice);
  return name === null ? null : { type: 'tool', name, namespace: namespaceOf(choice.namespace) };
}

/** Chat Completions nests what this protocol has flat; both are read. */
function allowed(choice: JsonObject, tools: Tool[]): Choice {
  const facts = isObject(choice.allowed_tools) ? choice.allowed_tools : choice;
  const entries = objectsIn(facts.tools);
  return {
    toolChoice: { type: facts.mode === 'required' ? 'required' : 'auto' },
    tools: tools.filter((tool) => entries.some((entry) => names(entry, tool))),
  };
}

function names(entry: JsonObject, tool: Tool): boolean {
  if (tool.kind === 'hosted') {
    return entry.type === tool.name && entry.server_label === tool.raw.server_label;
  }
  if (entry.type === 'namespace') return namespaceOf(entry.name) === tool.namespace;
  if (entry.type !== 'function' && entry.type !== 'custom') return false;
  const isThere = entry.namespace === undefined || namespaceOf(entry.namespace) === tool.namespace;
  return isThere && nameOf(entry) === tool.name;
}

function nameOf(entry: JsonObject): string | null {
  const nested = isObject(entry.function) ? entry.function : isObject(entry.custom) ? entry.custom : entry;
  return asText(nested.name);
}
