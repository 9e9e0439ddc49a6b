/** Makes a request's tools fit the target: names, free-text tools, and tools that a provider runs itself. */
import { GatewayError } from '../../errors.ts';
import type { Protocol } from '../endpoint.ts';
import type { Dropped } from './dropped.ts';
import { asArguments, FREE_TEXT_SCHEMA } from './free-text-input.ts';
import type {
  AssistantPart,
  CanonicalRequest,
  CustomTool,
  FunctionTool,
  Tool,
  ToolCallPart,
  ToolChoice,
  Turn,
} from './request.ts';
import { WireNames } from './tool-names.ts';

/** How the provider's calls of a tool become the caller's again. */
export interface ToolOrigin {
  name: string;
  namespace: string | undefined;
  kind: 'function' | 'custom';
  /** The provider sends the text as an argument. */
  wrapped: boolean;
}

export interface FittedTools {
  request: CanonicalRequest;
  /** By the name the provider knows. */
  origins: ReadonlyMap<string, ToolOrigin>;
}

/**
 * @param takes what the target takes: its protocol's own tools, and free-text tools or not
 * @throws GatewayError `invalid_request` where the caller cannot do without a tool that the target lacks
 */
export function fitTools(
  request: CanonicalRequest,
  takes: { protocol: Protocol | 'native'; customTools: boolean },
  dropped: Dropped,
): FittedTools {
  const names = new WireNames(takes.protocol === 'native');
  const origins = new Map<string, ToolOrigin>();
  const kept = keptTools(request, takes.protocol, dropped);
  const wrapsCustom = !takes.customTools;
  const tools = kept.map((tool): Tool => {
    if (tool.kind === 'hosted') return tool;
    const wire = names.of(tool);
    origins.set(wire, originOf(tool, wrapsCustom));
    const { namespace: _, ...rest } = tool;
    const renamed = { ...rest, name: wire };
    return renamed.kind === 'custom' && wrapsCustom ? asFunction(renamed) : renamed;
  });
  const renameCall = (call: ToolCallPart): ToolCallPart => {
    const { namespace: _, ...rest } = { ...call, name: names.of(call) };
    if (rest.kind === 'function' || !wrapsCustom) return rest;
    return { ...rest, kind: 'function', input: asArguments(rest.input) };
  };
  const turns = request.turns.map((turn) => renamedTurn(turn, renameCall, wrapsCustom));
  const toolChoice = tools.length === 0 ? null : choiceAmong(request.toolChoice, kept, names);
  return { request: { ...request, tools, turns, toolChoice }, origins: withPlainNames(origins) };
}

/** Models now and then leave a namespace out; where only one tool has the name, it is meant. */
function withPlainNames(origins: ReadonlyMap<string, ToolOrigin>): ReadonlyMap<string, ToolOrigin> {
  const grouped = Map.groupBy(origins.values(), ({ name }) => name);
  const alone = [...grouped].flatMap(([name, [origin, ...others]]) =>
    origin?.namespace === undefined || others.length > 0 || origins.has(name)
      ? []
      : [[name, origin] as const],
  );
  return new Map([...origins, ...alone]);
}

function originOf(tool: FunctionTool | CustomTool, wrapsCustom: boolean): ToolOrigin {
  const asked = tool.kind === 'custom' && tool.calledAsFunction !== true;
  return {
    name: tool.name,
    namespace: tool.namespace,
    kind: asked ? 'custom' : 'function',
    wrapped: tool.kind === 'custom' && wrapsCustom,
  };
}

function keptTools(request: CanonicalRequest, protocol: Protocol | 'native', dropped: Dropped): Tool[] {
  const lacking = request.tools.flatMap((tool) =>
    tool.kind === 'hosted' && tool.protocol !== protocol ? [tool.name] : [],
  );
  if (lacking.length === 0) return request.tools;
  const kept = request.tools.filter((tool) => tool.kind !== 'hosted' || tool.protocol === protocol);
  const choice = request.toolChoice;
  const needed =
    kept.length === 0 && choice?.type !== 'none'
      ? lacking
      : lacking.filter((name) => choice?.type === 'hosted' && choice.name === name);
  if (needed.length > 0) {
    throw new GatewayError(
      'invalid_request',
      `The provider of this model does not run the tool ${needed.join(', ')}. Leave it out, or use a model whose provider does.`,
    );
  }
  dropped.add(...lacking.map((name) => `tools.${name}`));
  return kept;
}

function asFunction(tool: CustomTool): FunctionTool {
  const { name, description, cache, format } = tool;
  const definition = typeof format?.definition === 'string' ? format.definition : null;
  const lines = [
    description ?? '',
    'Put the whole input, as plain text, into the argument "input".',
    definition === null ? '' : `It must follow this ${String(format?.syntax ?? '')} grammar:\n${definition}`,
  ];
  const text = lines.filter((line) => line !== '').join('\n\n');
  return { kind: 'function', name, description: text, schema: FREE_TEXT_SCHEMA, strict: null, cache };
}

function renamedTurn(
  turn: Turn,
  renameCall: (call: ToolCallPart) => ToolCallPart,
  wrapsCustom: boolean,
): Turn {
  if (turn.role === 'assistant') {
    const parts = turn.parts.map(
      (part): AssistantPart => (part.type === 'tool_call' ? renameCall(part) : part),
    );
    return { role: 'assistant', parts };
  }
  if (turn.role === 'system' || !wrapsCustom) return turn;
  const parts = turn.parts.map((part) => (part.type === 'tool_result' ? { ...part, custom: false } : part));
  return { role: 'user', parts };
}

function choiceAmong(choice: ToolChoice | null, kept: readonly Tool[], names: WireNames): ToolChoice | null {
  if (choice?.type !== 'tool') return choice;
  const { name, namespace } = choice;
  const there = kept.some(
    (tool) => tool.kind !== 'hosted' && tool.name === name && tool.namespace === namespace,
  );
  if (!there) {
    throw new GatewayError('invalid_request', '`tool_choice` names a tool that is not among `tools`.');
  }
  return { type: 'tool', name: names.of({ name, namespace }) };
}
