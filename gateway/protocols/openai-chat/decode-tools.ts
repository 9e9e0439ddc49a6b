/** Tools of a chat body: chat's own, the old `functions`, and those of other protocols among them. */
import type { CustomTool, FunctionTool, HostedTool, Tool } from '../canonical/request.ts';
import { asBoolean, asText, isObject, type JsonObject } from '../json.ts';
import { cacheMarkOf } from './cache-mark.ts';
import { badField, isAbsent, objectsField } from './fields.ts';
import { isAnthropicHosted, isAnthropicTool, isFlatTool } from './foreign-shapes.ts';

/** @throws GatewayError `invalid_request` */
export function decodeTools(body: JsonObject): Tool[] {
  const functions = objectsField(body, 'functions').map((entry, index) =>
    functionTool(entry, `functions[${index}]`, 'parameters'),
  );
  return [
    ...objectsField(body, 'tools').map((tool, index) => decodeTool(tool, `tools[${index}]`)),
    ...functions,
  ];
}

function decodeTool(tool: JsonObject, path: string): Tool {
  const mark = cacheMarkOf(tool);
  if (isAnthropicTool(tool)) {
    if (isAnthropicHosted(tool)) return hosted(tool, 'anthropic-messages');
    return { ...functionTool(tool, path, 'input_schema'), ...mark };
  }
  if (isFlatTool(tool)) {
    if (tool.type === 'custom') return { ...customTool(tool, path), calledAsFunction: true, ...mark };
    return { ...functionTool(tool, path, 'parameters'), ...mark };
  }
  if (isObject(tool.custom)) return { ...customTool(tool.custom, `${path}.custom`), ...mark };
  // Kimi's own tools look like functions too, but for their type.
  if (isObject(tool.function) && (isAbsent(tool.type) || tool.type === 'function')) {
    return { ...functionTool(tool.function, `${path}.function`, 'parameters'), ...mark };
  }
  if (tool.type === 'function') throw badField(`${path}.function`, 'is missing.');
  return hosted(tool, 'openai-chat');
}

function functionTool(
  entry: JsonObject,
  path: string,
  schemaField: 'parameters' | 'input_schema',
): FunctionTool {
  return {
    kind: 'function',
    name: nameOf(entry, path),
    description: asText(entry.description),
    schema: schemaOf(entry[schemaField], `${path}.${schemaField}`),
    strict: asBoolean(entry.strict),
    ...cacheMarkOf(entry),
  };
}

/** A function without `parameters` takes none (OpenAI's reference of `parameters`). */
function schemaOf(schema: unknown, path: string): JsonObject {
  if (isAbsent(schema)) return { type: 'object', properties: {} };
  if (!isObject(schema)) throw badField(path, 'must be a JSON schema.');
  return schema;
}

function customTool(entry: JsonObject, path: string): CustomTool {
  return {
    kind: 'custom',
    name: nameOf(entry, path),
    description: asText(entry.description),
    format: isObject(entry.format) ? flatFormat(entry.format) : null,
  };
}

/** Chat completions put a grammar into an object of its own, the Responses API does not. */
function flatFormat({ grammar, ...format }: JsonObject): JsonObject {
  return isObject(grammar) ? { ...format, ...grammar } : format;
}

function nameOf({ name }: JsonObject, path: string): string {
  if (typeof name !== 'string' || name === '') throw badField(`${path}.name`, 'must be a string.');
  return name;
}

function hosted(tool: JsonObject, protocol: HostedTool['protocol']): HostedTool {
  return { kind: 'hosted', protocol, name: asText(tool.type) ?? 'tool', raw: tool };
}
