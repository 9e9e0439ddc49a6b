/** `tools` and `tool_choice` in Anthropic's words. */
import type { Dropped } from '../canonical/dropped.ts';
import { FREE_TEXT_SCHEMA } from '../canonical/free-text-input.ts';
import type { CanonicalRequest, Tool, ToolChoice } from '../canonical/request.ts';
import type { Target } from '../canonical/target.ts';
import { asText, type JsonObject } from '../json.ts';
import { grammarOf } from './grammar.ts';
import type { GrammarLimits } from './grammar-limits.ts';
import { cacheControl } from './words.ts';

/**
 * A conversation with calls in it is refused by some services where no tool is defined ("Requests which include
 * `tool_use` or `tool_result` blocks must define tools"): the names called are defined then, and forbidden.
 */
export function encodeTools(
  request: CanonicalRequest,
  target: Target,
  limits: GrammarLimits,
  dropped: Dropped,
): JsonObject[] {
  if (request.tools.length === 0) {
    return [...calledNames(request)].map((name) => ({ name, input_schema: { type: 'object' } }));
  }
  return request.tools.map((tool) => encodeTool(tool, target, limits, dropped));
}

function calledNames({ turns }: CanonicalRequest): Set<string> {
  const parts = turns.flatMap((turn) => (turn.role === 'assistant' ? turn.parts : []));
  return new Set(parts.flatMap((part) => (part.type === 'tool_call' ? [part.name] : [])));
}

function encodeTool(tool: Tool, target: Target, limits: GrammarLimits, dropped: Dropped): JsonObject {
  if (tool.kind === 'hosted') return { ...tool.raw };
  const { name, description, cache } = tool;
  const schema = asInput(tool.kind === 'custom' ? FREE_TEXT_SCHEMA : tool.schema);
  const strict = tool.kind === 'function' && tool.strict === true;
  return {
    name,
    ...(description === null ? {} : { description }),
    ...(strict ? strictInput(schema, target, limits, dropped) : { input_schema: schema }),
    ...cacheControl(cache),
  };
}

/** The service demands `type: object` at the top. */
function asInput(schema: JsonObject): JsonObject {
  return schema.type === undefined || schema.type === null ? { ...schema, type: 'object' } : schema;
}

/** Strict as far as the service can be: a tool whose schema it cannot hold to is offered as any other. */
function strictInput(
  schema: JsonObject,
  target: Target,
  limits: GrammarLimits,
  dropped: Dropped,
): JsonObject {
  const grammar = target.traits.messages.strictTools ? grammarOf(schema) : undefined;
  if (grammar !== undefined && !grammar.loosened && limits.take(grammar, 'tool')) {
    return { input_schema: grammar.schema, strict: true };
  }
  dropped.add('strict');
  return { input_schema: schema };
}

/** @param tools as they are sent */
export function encodeToolChoice(
  request: CanonicalRequest,
  tools: readonly JsonObject[],
): JsonObject | undefined {
  if (tools.length === 0) return undefined;
  if (request.tools.length === 0) return { type: 'none' };
  const single = request.parallelToolCalls === false;
  const choice = request.toolChoice ?? (single ? ({ type: 'auto' } as const) : null);
  if (choice === null) return undefined;
  return {
    ...encodeChoice(choice, request.tools),
    ...(single && choice.type !== 'none' ? { disable_parallel_tool_use: true } : {}),
  };
}

function encodeChoice(choice: ToolChoice, tools: readonly Tool[]): JsonObject {
  switch (choice.type) {
    case 'required':
      return { type: 'any' };
    case 'tool':
      return { type: 'tool', name: choice.name };
    case 'hosted': {
      const tool = tools.find(({ kind, name }) => kind === 'hosted' && name === choice.name);
      const name = tool?.kind === 'hosted' ? asText(tool.raw.name) : null;
      return { type: 'tool', name: name ?? choice.name };
    }
    default:
      return { type: choice.type };
  }
}
