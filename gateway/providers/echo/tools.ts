/** The tools a request offers and how it wants them used, in the shapes of every protocol. */
import { asArray, asObject, asString, isObject, type JsonObject } from './json.ts';

export interface OfferedTool {
  /** `custom` takes free text; `function` takes a JSON object. */
  kind: 'function' | 'custom';
  name: string;
  /** The group it stands in, for tools inside a Responses `namespace` tool. */
  namespace: string | undefined;
  schema: unknown;
}

export interface ToolChoice {
  mode: 'auto' | 'none' | 'required';
  /** The only names that may be called; undefined means all. */
  allowed: ReadonlySet<string> | undefined;
  parallel: boolean;
}

/** Tools that the caller runs. Hosted ones, such as web search, are left out: the echo cannot run them. */
export function readTools(body: JsonObject): OfferedTool[] {
  return asArray(body.tools).flatMap((tool) => readTool(asObject(tool), undefined));
}

function readTool(tool: JsonObject, namespace: string | undefined): OfferedTool[] {
  const name = asString(tool.name);
  if (isObject(tool.function)) {
    const { name: inner, parameters } = tool.function;
    return offer('function', asString(inner), namespace, parameters);
  }
  if (isObject(tool.custom)) return offer('custom', asString(tool.custom.name), namespace, undefined);
  if (tool.type === 'namespace' && namespace === undefined) {
    return asArray(tool.tools).flatMap((member) => readTool(asObject(member), name));
  }
  // Anthropic's own function tools may carry `type: "custom"` as well; their schema tells them apart.
  if ('input_schema' in tool) return offer('function', name, namespace, tool.input_schema);
  if (tool.type === 'function') return offer('function', name, namespace, tool.parameters);
  if (tool.type === 'custom') return offer('custom', name, namespace, undefined);
  return [];
}

function offer(
  kind: OfferedTool['kind'],
  name: string,
  namespace: string | undefined,
  schema: unknown,
): OfferedTool[] {
  return name === '' ? [] : [{ kind, name, namespace, schema }];
}

/** Reads `tool_choice`, `parallel_tool_calls` and `disable_parallel_tool_use`; odd values mean `auto`. */
export function readToolChoice(body: JsonObject): ToolChoice {
  const choice = asObject(body.tool_choice);
  const parallel = body.parallel_tool_calls !== false && choice.disable_parallel_tool_use !== true;
  const word = asString(body.tool_choice) || asString(choice.type);
  if (word === 'none') return { mode: 'none', allowed: undefined, parallel };
  if (word === 'required' || word === 'any') return { mode: 'required', allowed: undefined, parallel };
  if (word === 'allowed_tools') {
    const list = isObject(choice.allowed_tools) ? choice.allowed_tools : choice;
    const allowed = new Set(asArray(list.tools).map((tool) => nameOf(asObject(tool))));
    return { mode: list.mode === 'required' ? 'required' : 'auto', allowed, parallel };
  }
  const named = nameOf(choice);
  if (named !== '') return { mode: 'required', allowed: new Set([named]), parallel };
  return { mode: 'auto', allowed: undefined, parallel };
}

function nameOf(choice: JsonObject): string {
  return (
    asString(choice.name) ||
    asString(asObject(choice.function).name) ||
    asString(asObject(choice.custom).name)
  );
}
