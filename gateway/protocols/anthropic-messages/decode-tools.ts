/** Reads `tools` and `tool_choice`. */
import type { FunctionTool, HostedTool, Tool, ToolChoice } from '../canonical/request.ts';
import { asText, isObject, type JsonObject } from '../json.ts';
import {
  asksForSomething,
  readBoolean,
  readList,
  readObject,
  readText,
  requireText,
  wrong,
} from './fields.ts';
import { markOf, PROTOCOL } from './words.ts';

/** Wishes of a tool that only the calls' side could follow. How it is loaded or streamed asks nothing of others. */
const UNPLACED = ['input_examples', 'allowed_callers'] as const;

export function decodeTools(tools: unknown, unplaced: Set<string>): Tool[] {
  return readList(tools, 'tools').map((tool, index) => {
    const path = `tools[${index}]`;
    if (!isObject(tool)) throw wrong(path, 'an object');
    const type = readText(tool.type, `${path}.type`);
    return type === null || type === 'custom' ? decodeFunction(tool, path, unplaced) : hosted(tool, type);
  });
}

function decodeFunction(tool: JsonObject, path: string, unplaced: Set<string>): FunctionTool {
  for (const field of UNPLACED) {
    if (asksForSomething(tool[field]) && !isDirectOnly(tool[field])) unplaced.add(`tools.${field}`);
  }
  return {
    kind: 'function',
    name: requireText(tool.name, `${path}.name`),
    description: readText(tool.description, `${path}.description`),
    schema: readObject(tool.input_schema, `${path}.input_schema`) ?? { type: 'object', properties: {} },
    strict: readBoolean(tool.strict, `${path}.strict`),
    ...markOf(tool),
  };
}

/** `allowed_callers: ["direct"]` is what holds anyway. */
function isDirectOnly(callers: unknown): boolean {
  return Array.isArray(callers) && callers.every((caller) => caller === 'direct');
}

function hosted(tool: JsonObject, type: string): HostedTool {
  return { kind: 'hosted', protocol: PROTOCOL, name: type, raw: tool };
}

/** `parallel` is null where the caller said nothing. */
export function decodeToolChoice(
  value: unknown,
  tools: readonly Tool[],
): { choice: ToolChoice | null; parallel: boolean | null } {
  const choice = readObject(value, 'tool_choice');
  if (choice === null) return { choice: null, parallel: null };
  const single = readBoolean(choice.disable_parallel_tool_use, 'tool_choice.disable_parallel_tool_use');
  return { choice: decodeChoice(choice, tools), parallel: single === true ? false : null };
}

function decodeChoice(choice: JsonObject, tools: readonly Tool[]): ToolChoice {
  switch (choice.type) {
    case 'auto':
    case 'none':
      return { type: choice.type };
    case 'any':
      return { type: 'required' };
    case 'tool':
      return named(requireText(choice.name, 'tool_choice.name'), tools);
    default:
      throw wrong('tool_choice.type', '`auto`, `any`, `tool` or `none`');
  }
}

/** A provider's own tool is named as any other, and known by its type elsewhere. */
function named(name: string, tools: readonly Tool[]): ToolChoice {
  const own = tools.find((tool) => tool.kind === 'hosted' && asText(tool.raw.name) === name);
  return own === undefined ? { type: 'tool', name } : { type: 'hosted', name: own.name };
}
