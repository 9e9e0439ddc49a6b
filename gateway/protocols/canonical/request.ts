/**
 * A request in no protocol's words. Each codec decodes its own bodies into this form and encodes it for its own
 * providers, so that three codecs serve every pair of protocols. What cannot be said here is reported by name,
 * never silently lost.
 */
import type { Protocol } from '../endpoint.ts';
import type { JsonObject } from '../json.ts';
import type { Effort, ThinkingMode } from '../model-facts.ts';
import type { Replay } from './replay.ts';

export interface CanonicalRequest {
  stream: boolean;
  turns: Turn[];
  tools: Tool[];
  /** Null where the caller said nothing. */
  toolChoice: ToolChoice | null;
  parallelToolCalls: boolean | null;
  maxOutputTokens: number | null;
  sampling: Sampling;
  /** Texts that end the answer; [] for none. */
  stop: string[];
  reasoning: ReasoningWish | null;
  format: OutputFormat | null;
  /** `low`, `medium`, `high`: how much the model should write. */
  verbosity: string | null;
  /** The caller's name for its own user. */
  userId: string | null;
  /** OpenAI's `prompt_cache_key`. */
  cacheKey: string | null;
  serviceTier: string | null;
  /** The caller asked a chat stream for its usage chunk. */
  usageChunk: boolean;
  /** Fields of the body that ask for something and have no place here, by their names there. */
  unplaced: string[];
}

/** Null where the caller said nothing. */
export interface Sampling {
  temperature: number | null;
  topP: number | null;
  topK: number | null;
  seed: number | null;
  presencePenalty: number | null;
  frequencyPenalty: number | null;
}

/** Turns stand in the order of the conversation; a system turn may stand anywhere. */
export type Turn = SystemTurn | UserTurn | AssistantTurn;

export interface SystemTurn {
  role: 'system';
  parts: TextPart[];
}

/** What the user said, and what the caller's tools gave back. */
export interface UserTurn {
  role: 'user';
  parts: UserPart[];
}

export interface AssistantTurn {
  role: 'assistant';
  parts: AssistantPart[];
}

export type UserPart = TextPart | ImagePart | DocumentPart | AudioPart | ToolResultPart | OpaquePart;
export type AssistantPart = TextPart | ReasoningPart | ToolCallPart | RefusalPart | OpaquePart;

/** Anthropic's `cache_control`: what stands before it may be kept by the provider. */
export interface CacheMark {
  ttl: '5m' | '1h' | null;
}

export interface TextPart {
  type: 'text';
  text: string;
  cache?: CacheMark | undefined;
  /** Sources of an answer's text. */
  citations?: Citation[] | undefined;
}

export interface Citation {
  url: string | null;
  title: string | null;
  quote: string | null;
}

/** The gateway fetches no address: it passes them on. */
export type Source =
  | { kind: 'base64'; mediaType: string; data: string }
  | { kind: 'url'; url: string }
  /** A file that the provider of this protocol keeps. */
  | { kind: 'file'; protocol: Protocol; id: string };

export interface ImagePart {
  type: 'image';
  source: Source;
  /** OpenAI's `detail`. */
  detail?: string | undefined;
  cache?: CacheMark | undefined;
}

export interface DocumentPart {
  type: 'document';
  source: Source | { kind: 'text'; text: string };
  name?: string | undefined;
  cache?: CacheMark | undefined;
}

export interface AudioPart {
  type: 'audio';
  format: string;
  /** Base64. */
  data: string;
}

export interface ToolResultPart {
  type: 'tool_result';
  callId: string;
  parts: (TextPart | ImagePart | DocumentPart)[];
  isError: boolean;
  /** Answers a call of a custom tool. */
  custom?: boolean | undefined;
  cache?: CacheMark | undefined;
}

export interface ToolCallPart {
  type: 'tool_call';
  id: string;
  /** Without its namespace. */
  name: string;
  namespace?: string | undefined;
  kind: 'function' | 'custom';
  /** As the model wrote it: JSON text for a function ('' stands for no arguments), free text for a custom tool. */
  input: string;
  cache?: CacheMark | undefined;
}

/** What the model thought. Only the provider that made it can take it back, by its replay. */
export interface ReasoningPart {
  type: 'reasoning';
  /** '' where the provider hides it. */
  text: string;
  replay: Replay | null;
}

export interface RefusalPart {
  type: 'refusal';
  text: string;
}

/** A part that only its own protocol knows, such as the result of a provider's own tool. */
export interface OpaquePart {
  type: 'opaque';
  protocol: Protocol;
  /** Its `type` there. */
  name: string;
  raw: JsonObject;
}

export type Tool = FunctionTool | CustomTool | HostedTool;

interface ToolFacts {
  name: string;
  /** Codex groups tools in namespaces; a call names both. */
  namespace?: string | undefined;
  description: string | null;
  cache?: CacheMark | undefined;
}

export interface FunctionTool extends ToolFacts {
  kind: 'function';
  /** JSON Schema as it came. */
  schema: JsonObject;
  strict: boolean | null;
}

/** A tool that takes free text, by a grammar if there is one. */
export interface CustomTool extends ToolFacts {
  kind: 'custom';
  /** OpenAI's `format`, as it came. */
  format: JsonObject | null;
  /** The caller expects calls in the form of a function's, with the text in place of arguments (Cursor does). */
  calledAsFunction?: boolean | undefined;
}

/** A tool that the provider runs itself. */
export interface HostedTool {
  kind: 'hosted';
  protocol: Protocol;
  /** Its `type` there. */
  name: string;
  raw: JsonObject;
}

export type ToolChoice =
  | { type: 'auto' | 'none' | 'required' }
  | { type: 'tool'; name: string; namespace?: string | undefined }
  /** A provider's own tool, by its `type`. */
  | { type: 'hosted'; name: string };

export interface ReasoningWish {
  effort: Effort | null;
  /** Most tokens to think with. */
  budgetTokens: number | null;
  /** As Anthropic's `thinking.type` says it; null where the caller's protocol has no such thing. */
  mode: ThinkingMode | null;
  /** OpenAI's `summary`: `auto`, `concise`, `detailed`; null where none was asked for. */
  summary: string | null;
  /** Anthropic's `display`: `summarized` or `omitted`. */
  display: string | null;
}

export type OutputFormat =
  | { type: 'json_object' }
  | {
      type: 'json_schema';
      name: string | null;
      description: string | null;
      schema: JsonObject;
      strict: boolean | null;
    };
