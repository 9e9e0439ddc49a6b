/** Requests, turns and targets in short, for the tests of the hub. */
import type {
  AssistantPart,
  CanonicalRequest,
  FunctionTool,
  ToolCallPart,
  ToolResultPart,
  Turn,
  UserPart,
} from '../../../gateway/protocols/canonical/request.ts';
import type { Target } from '../../../gateway/protocols/canonical/target.ts';
import { type ModelFacts, UNKNOWN_FACTS } from '../../../gateway/protocols/model-facts.ts';
import type { ProviderKind } from '../../../gateway/providers/provider-kinds.ts';
import { traitsOf } from '../../../gateway/providers/traits.ts';

export const user = (...parts: (UserPart | string)[]): Turn => ({
  role: 'user',
  parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
});

export const assistant = (...parts: (AssistantPart | string)[]): Turn => ({
  role: 'assistant',
  parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
});

export const system = (text: string): Turn => ({ role: 'system', parts: [{ type: 'text', text }] });

export const call = (id: string, rest: Partial<ToolCallPart> = {}): ToolCallPart => ({
  type: 'tool_call',
  id,
  name: 'read',
  kind: 'function',
  input: '{}',
  ...rest,
});

export const result = (
  callId: string,
  text = 'done',
  rest: Partial<ToolResultPart> = {},
): ToolResultPart => ({
  type: 'tool_result',
  callId,
  parts: [{ type: 'text', text }],
  isError: false,
  ...rest,
});

export const tool = (name: string, rest: Partial<FunctionTool> = {}): FunctionTool => ({
  kind: 'function',
  name,
  description: null,
  schema: { type: 'object' },
  strict: null,
  ...rest,
});

/** Asks for nothing. */
export const NOTHING_ASKED: Omit<CanonicalRequest, 'turns'> = {
  stream: false,
  tools: [],
  toolChoice: null,
  parallelToolCalls: null,
  maxOutputTokens: null,
  sampling: {
    temperature: null,
    topP: null,
    topK: null,
    seed: null,
    presencePenalty: null,
    frequencyPenalty: null,
  },
  stop: [],
  reasoning: null,
  format: null,
  verbosity: null,
  userId: null,
  cacheKey: null,
  serviceTier: null,
  usageChunk: false,
  unplaced: [],
};

export function request(turns: Turn[], rest: Partial<CanonicalRequest> = {}): CanonicalRequest {
  return { ...NOTHING_ASKED, turns, ...rest };
}

export function target(kind: ProviderKind = 'openai', facts: Partial<ModelFacts> = {}): Target {
  const known = { ...UNKNOWN_FACTS, ...facts };
  return { providerId: '7', upstreamModel: 'upstream', facts: known, traits: traitsOf(kind, known) };
}
