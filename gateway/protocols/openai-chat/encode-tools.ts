/** Tools and how to use them, in a provider's words. */
import type { CanonicalRequest, CustomTool, FunctionTool, Tool, ToolChoice } from '../canonical/request.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Encoding } from './encode-content.ts';

/** @returns members of the body; {} without tools, since providers refuse a choice among none */
export function encodeTools(request: CanonicalRequest, encoding: Encoding): JsonObject {
  const { tools, toolChoice, parallelToolCalls } = request;
  if (tools.length === 0) return {};
  return {
    tools: tools.map((tool) => encodeTool(tool, encoding)),
    ...encodeChoice(toolChoice, tools, encoding),
    ...encodeParallel(parallelToolCalls, encoding),
  };
}

function encodeTool(tool: Tool, encoding: Encoding): JsonObject {
  if (tool.kind === 'hosted') return tool.raw;
  // No chat service documents marks on tools; one behind them, on the first message, keeps them too.
  if (tool.cache !== undefined) encoding.dropped.add('cache_control');
  return tool.kind === 'custom' ? encodeCustom(tool) : encodeFunction(tool, encoding);
}

function encodeFunction(tool: FunctionTool, { target, dropped }: Encoding): JsonObject {
  const { name, description, schema, strict } = tool;
  const takesStrict = target.traits.chat.strictTools;
  if (strict === true && !takesStrict) dropped.add('strict');
  return {
    type: 'function',
    function: {
      name,
      ...(description === null ? {} : { description }),
      parameters: schema,
      ...(strict === null || !takesStrict ? {} : { strict }),
    },
  };
}

function encodeCustom({ name, description, format }: CustomTool): JsonObject {
  return {
    type: 'custom',
    custom: {
      name,
      ...(description === null ? {} : { description }),
      ...(format === null ? {} : { format: nestedFormat(format) }),
    },
  };
}

/** Chat completions put a grammar into an object of its own, the Responses API does not. */
function nestedFormat(format: JsonObject): JsonObject {
  const { type, ...grammar } = format;
  return type !== 'grammar' || isObject(grammar.grammar) ? format : { type, grammar };
}

function encodeChoice(choice: ToolChoice | null, tools: readonly Tool[], encoding: Encoding): JsonObject {
  switch (choice?.type) {
    case undefined:
      return {};
    case 'required':
      return { tool_choice: encoding.target.traits.chat.requiredChoice };
    case 'tool': {
      const { name } = choice;
      const isCustom = tools.some((tool) => tool.kind === 'custom' && tool.name === name);
      return {
        tool_choice: isCustom
          ? { type: 'custom', custom: { name } }
          : { type: 'function', function: { name } },
      };
    }
    case 'hosted':
      return { tool_choice: { type: choice.name } };
    default:
      return { tool_choice: choice?.type };
  }
}

function encodeParallel(parallel: boolean | null, { target, dropped }: Encoding): JsonObject {
  if (parallel === null) return {};
  if (target.traits.chat.parallelToolCalls) return { parallel_tool_calls: parallel };
  if (!parallel) dropped.add('parallel_tool_calls');
  return {};
}
