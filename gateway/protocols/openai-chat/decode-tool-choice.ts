/** `tool_choice` in every form that is posted to chat completions, and the old `function_call`. */
import type { Tool, ToolChoice } from '../canonical/request.ts';
import { asText, isObject, type JsonObject, objectsIn } from '../json.ts';
import { badField, booleanField, isAbsent } from './fields.ts';
import { isAnthropicChoice } from './foreign-shapes.ts';

export interface ToolUse {
  /** Those the model may call. */
  tools: Tool[];
  choice: ToolChoice | null;
  parallel: boolean | null;
}

/**
 * `allowed_tools` is kept by leaving the other tools out.
 * @throws GatewayError `invalid_request`
 */
export function decodeToolUse(body: JsonObject, tools: Tool[]): ToolUse {
  const { tool_choice: choice, function_call: legacy } = body;
  const parallel = booleanField(body, 'parallel_tool_calls');
  if (isAbsent(choice)) return { tools, choice: legacyChoice(legacy), parallel };
  if (typeof choice === 'string') return { tools, choice: modeOf(choice), parallel };
  if (!isObject(choice)) throw badField('tool_choice', 'must be a string or an object.');
  if (isAnthropicChoice(choice)) {
    const disabled = choice.disable_parallel_tool_use;
    return {
      tools,
      choice: choice.type === 'tool' ? toolNamed(choice.name) : modeOf(asText(choice.type)),
      parallel: parallel ?? (typeof disabled === 'boolean' ? !disabled : null),
    };
  }
  if (choice.type === 'allowed_tools') return { ...allowedOnly(choice, tools), parallel };
  return { tools, choice: oneTool(choice), parallel };
}

function legacyChoice(value: unknown): ToolChoice | null {
  if (isAbsent(value)) return null;
  return isObject(value) ? toolNamed(value.name) : modeOf(asText(value));
}

/** Mistral and Anthropic say `any` for `required`. */
function modeOf(mode: string | null): ToolChoice {
  switch (mode) {
    case 'auto':
    case 'none':
    case 'required':
      return { type: mode };
    case 'any':
      return { type: 'required' };
    default:
      throw badField('tool_choice', 'must be "auto", "none", "required" or an object that names a tool.');
  }
}

function oneTool(choice: JsonObject): ToolChoice {
  const nested = isObject(choice.function) ? choice.function : choice.custom;
  if (isObject(nested)) return toolNamed(nested.name);
  if (choice.type === 'function' || choice.type === 'custom') return toolNamed(choice.name);
  const type = asText(choice.type);
  if (type === null) throw badField('tool_choice.type', 'must be a string.');
  return { type: 'hosted', name: type };
}

function toolNamed(name: unknown): ToolChoice {
  if (typeof name !== 'string' || name === '') throw badField('tool_choice', 'must name a tool.');
  return { type: 'tool', name };
}

/** Nested in chat completions, flat in the Responses API; so are the tools within. */
function allowedOnly(choice: JsonObject, tools: Tool[]): Pick<ToolUse, 'tools' | 'choice'> {
  const { mode, tools: allowed } = isObject(choice.allowed_tools) ? choice.allowed_tools : choice;
  const names = new Set(objectsIn(allowed).map(allowedName));
  return {
    tools: tools.filter(({ name }) => names.has(name)),
    choice: modeOf(asText(mode) ?? 'auto'),
  };
}

function allowedName(entry: JsonObject): string | null {
  const nested = isObject(entry.function) ? entry.function : entry.custom;
  return asText(isObject(nested) ? nested.name : entry.name) ?? asText(entry.type);
}
