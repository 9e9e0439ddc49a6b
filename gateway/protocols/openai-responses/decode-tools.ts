/** Tools as callers define them. */
import { GatewayError } from '../../errors.ts';
import type { CustomTool, FunctionTool, Tool } from '../canonical/request.ts';
import { keyOf } from '../canonical/tool-names.ts';
import { asBoolean, asText, isObject, type JsonObject, objectsIn } from '../json.ts';
import { objectsField } from './fields.ts';

/** Codex takes a call without a namespace and one in `functions` for the same, and sends either (`ToolName`). */
const DEFAULT_NAMESPACE = 'functions';

/** Items that bring tools along: Codex puts all of them there for some models, or those that a search found. */
const TOOL_ITEMS: readonly unknown[] = ['additional_tools', 'tool_search_output'];

export interface ToolReading {
  /** The caller expects calls of free-text tools in a function's form. */
  calledAsFunction: boolean;
}

/**
 * @param input its items may bring tools along; a later definition takes the place of an earlier one
 * @throws GatewayError `invalid_request`
 */
export function decodeTools(tools: unknown, input: unknown, reading: ToolReading): Tool[] {
  const found = objectsField(tools, 'tools').flatMap((tool, index) =>
    toolsOf(tool, `tools[${index}]`, reading),
  );
  const brought = Array.isArray(input) ? input.flatMap((item, index) => broughtBy(item, index, reading)) : [];
  const unique = new Map<string, Tool>();
  for (const tool of [...found, ...brought]) unique.set(identityOf(tool), tool);
  return [...unique.values()];
}

function broughtBy(item: unknown, index: number, reading: ToolReading): Tool[] {
  if (!isObject(item) || !TOOL_ITEMS.includes(item.type)) return [];
  return objectsIn(item.tools).flatMap((tool, at) => toolsOf(tool, `input[${index}].tools[${at}]`, reading));
}

function identityOf(tool: Tool): string {
  return tool.kind === 'hosted' ? JSON.stringify(tool.raw) : keyOf(tool);
}

function toolsOf(tool: JsonObject, path: string, reading: ToolReading): Tool[] {
  return tool.type === 'namespace' ? toolsWithin(tool, path, reading) : [toolOf(tool, path, reading)];
}

/**
 * What is said of the namespace stands at its first tool: once, as it may be long. The name of each tool will
 * begin with the namespace's.
 */
function toolsWithin(group: JsonObject, path: string, reading: ToolReading): Tool[] {
  const namespace = namespaceOf(nameIn(group, path));
  const about = asText(group.description)?.trim() ?? '';
  return objectsField(group.tools, `${path}.tools`).map((inner, index): Tool => {
    const tool = toolOf(inner, `${path}.tools[${index}]`, reading);
    if (tool.kind === 'hosted') return tool;
    const described =
      index > 0 || about === '' || namespace === undefined
        ? tool.description
        : [tool.description, `All tools of ${namespace}: ${about}`].filter(Boolean).join('\n\n');
    return { ...tool, namespace, description: described };
  });
}

/** @returns undefined for the namespace of tools that have none */
export function namespaceOf(name: unknown): string | undefined {
  return typeof name !== 'string' || name === '' || name === DEFAULT_NAMESPACE ? undefined : name;
}

function toolOf(tool: JsonObject, path: string, reading: ToolReading): Tool {
  const type = asText(tool.type);
  if (type === 'function' || (type === null && typeof tool.name === 'string'))
    return functionTool(tool, path);
  if (type === 'custom') return customTool(tool, path, reading);
  if (type === null) throw new GatewayError('invalid_request', `\`${path}.type\` must be a string.`);
  return { kind: 'hosted', protocol: 'openai-responses', name: type, raw: tool };
}

/** Flat as this protocol has it, or nested as Chat Completions has it, which people send as well. */
function functionTool(tool: JsonObject, path: string): FunctionTool {
  const facts = isObject(tool.function) ? tool.function : tool;
  const schema = facts.parameters ?? facts.input_schema;
  return {
    kind: 'function',
    name: nameIn(facts, path),
    description: asText(facts.description),
    schema: isObject(schema) ? schema : { type: 'object', properties: {} },
    strict: asBoolean(facts.strict),
  };
}

function customTool(tool: JsonObject, path: string, reading: ToolReading): CustomTool {
  const facts = isObject(tool.custom) ? tool.custom : tool;
  const format = isObject(facts.format) ? facts.format : null;
  return {
    kind: 'custom',
    name: nameIn(facts, path),
    description: asText(facts.description),
    // Chat Completions keeps a grammar one level deeper.
    format: isObject(format?.grammar) ? { type: 'grammar', ...format.grammar } : format,
    ...(reading.calledAsFunction ? { calledAsFunction: true } : {}),
  };
}

function nameIn({ name }: JsonObject, path: string): string {
  if (typeof name === 'string' && name !== '') return name;
  throw new GatewayError('invalid_request', `\`${path}.name\` must be a text.`);
}
