/** Tools in Bedrock's words. Converse refuses calls in a conversation that declares no tools, and has no choice `none`. */
import type { CanonicalRequest, Turn } from '../../protocols/canonical/request.ts';
import { bedrockModel } from './bedrock-models.ts';
import type { CallOptions, Fields, ToolDeclaration } from './sdk.ts';
import { toToolChoice, toTools } from './to-tools.ts';
import type { Wording } from './wording.ts';

interface BedrockTools extends Pick<CallOptions, 'tools' | 'toolChoice'> {
  /** Of Anthropic's own protocol. */
  fields: Fields;
}

/**
 * The SDK would leave calls and results out of a conversation for which no tools are declared. So those that it
 * names are declared, and Anthropic's models are told not to call them; others have no way to be told.
 */
export function bedrockTools(request: CanonicalRequest, wording: Wording): BedrockTools {
  const declared = toTools(request.tools, wording);
  const forbidden = request.toolChoice?.type === 'none';
  if (declared.length > 0 && !forbidden) return { tools: declared, ...choice(request), fields: {} };
  const named = namesCalled(request.turns);
  if (named.length === 0) return { fields: {} };
  const tools = declared.length > 0 ? declared : named.map(placeholder);
  // An answer by a schema may be asked for as a call.
  if (bedrockModel(wording.target.upstreamModel).anthropic && request.format?.type !== 'json_schema') {
    return { tools, fields: { tool_choice: { type: 'none' } } };
  }
  if (forbidden) wording.dropped.add('tool_choice');
  return { tools, fields: {} };
}

/** `auto` is what all models do unasked; some refuse to be asked. */
function choice({ toolChoice }: CanonicalRequest): Pick<CallOptions, 'toolChoice'> {
  return toolChoice === null || toolChoice.type === 'auto' ? {} : toToolChoice(toolChoice);
}

function namesCalled(turns: readonly Turn[]): string[] {
  const parts = turns.flatMap((turn) => (turn.role === 'assistant' ? turn.parts : []));
  return [...new Set(parts.flatMap((part) => (part.type === 'tool_call' ? [part.name] : [])))];
}

function placeholder(name: string): ToolDeclaration {
  const description = 'Was called earlier in this conversation and is not available any more.';
  return { type: 'function', name, description, inputSchema: { type: 'object' } };
}
