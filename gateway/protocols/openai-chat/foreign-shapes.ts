/**
 * Shapes of other protocols that clients mix into chat bodies. Cursor does: Anthropic's blocks and tools for models
 * with `claude-` in their name, tools of the Responses API for others.
 */
import { isObject, type JsonObject } from '../json.ts';

/** Blocks that no other protocol has: https://platform.claude.com/docs/en/api/messages */
const ANTHROPIC_BLOCKS: ReadonlySet<unknown> = new Set([
  'tool_use',
  'tool_result',
  'redacted_thinking',
  'server_tool_use',
  'web_search_tool_result',
  'web_fetch_tool_result',
  'code_execution_tool_result',
  'bash_code_execution_tool_result',
  'text_editor_code_execution_tool_result',
  'tool_search_tool_result',
  'mcp_tool_use',
  'mcp_tool_result',
  'search_result',
  'container_upload',
  'compaction',
]);

/** Anthropic's own tools carry the date of their version: `web_search_20250305`. */
const ANTHROPIC_TOOL = /_20\d{6}$/;

const ANTHROPIC_CHOICES: ReadonlySet<unknown> = new Set(['auto', 'any', 'tool', 'none']);

const RESPONSES_PARTS: ReadonlySet<unknown> = new Set([
  'input_text',
  'output_text',
  'input_image',
  'input_file',
]);

/** Mistral has `thinking` parts too, with an array in them. */
export function isAnthropicBlock({ type, thinking, source }: JsonObject): boolean {
  if (type === 'thinking') return typeof thinking === 'string';
  if (type === 'image' || type === 'document') return isObject(source);
  return ANTHROPIC_BLOCKS.has(type);
}

export function isForeignPart(part: JsonObject): boolean {
  return isAnthropicBlock(part) || RESPONSES_PARTS.has(part.type);
}

export function isAnthropicTool(tool: JsonObject): boolean {
  return isObject(tool.input_schema) || isAnthropicHosted(tool);
}

/** A tool that Anthropic runs, or has trained its models on. */
export function isAnthropicHosted({ type }: JsonObject): boolean {
  return typeof type === 'string' && ANTHROPIC_TOOL.test(type);
}

/** A tool as the Responses API writes it: its name beside its type. */
export function isFlatTool({ type, name, function: nested, custom }: JsonObject): boolean {
  const isFlatKind = type === 'function' || type === 'custom';
  return isFlatKind && typeof name === 'string' && !isObject(nested) && !isObject(custom);
}

export function isForeignTool(tool: JsonObject): boolean {
  return isAnthropicTool(tool) || isFlatTool(tool);
}

export function isAnthropicChoice({ type }: JsonObject): boolean {
  return ANTHROPIC_CHOICES.has(type);
}

export function isForeignChoice(choice: JsonObject): boolean {
  const isFlatAllowed = choice.type === 'allowed_tools' && !isObject(choice.allowed_tools);
  return isAnthropicChoice(choice) || isFlatTool(choice) || isFlatAllowed;
}
