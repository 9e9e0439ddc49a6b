/** Turns in Anthropic Messages form (anthropic-sdk-typescript `resources/messages/messages.ts`). */
import type {
  ContentBlock,
  Message,
  MessageDeltaUsage,
  RawContentBlockDelta,
  RawMessageStreamEvent,
  RefusalStopDetails,
  StopReason,
} from '@anthropic-ai/sdk/resources/messages';
import { signatureFor } from './proof.ts';
import type { Body } from './refusal.ts';
import {
  type Finish,
  finishOf,
  inputOf,
  type ProtocolEvent,
  type RenderedTurn,
  type ScriptedCall,
  type ScriptedUsage,
  type Turn,
  textDeltas,
  textOf,
  usageOf,
  words,
} from './turn.ts';

const STOP_REASONS: Record<Finish, StopReason> = {
  stop: 'end_turn',
  stop_sequence: 'stop_sequence',
  pause_turn: 'pause_turn',
  tool_calls: 'tool_use',
  length: 'max_tokens',
  content_filter: 'refusal',
};

/** A content block as it is opened, the deltas that fill it, and as it is when closed. */
interface BlockScript {
  opened: ContentBlock;
  deltas: RawContentBlockDelta[];
  closed: ContentBlock;
}

export function renderMessages(turn: Turn, body: Body): RenderedTurn {
  const usage = usageOf(turn) ?? { input: 0, output: 0 };
  const blocks = blockScripts(turn);
  const opened: Message = {
    id: 'msg_scripted',
    type: 'message',
    role: 'assistant',
    model: String(body.model),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
    usage: messageUsage(usage, Math.min(usage.output, 1)),
  };
  const ending = {
    stop_reason: STOP_REASONS[finishOf(turn)],
    stop_sequence: turn.stopSequence ?? null,
    stop_details: finishOf(turn) === 'content_filter' ? refusalDetails() : null,
  };
  const filling: RawMessageStreamEvent[] = [
    { type: 'message_start', message: opened },
    ...blocks.flatMap(blockEvents),
  ];
  const closing: RawMessageStreamEvent[] = [
    { type: 'message_delta', delta: { ...ending, container: null }, usage: deltaUsage(usage) },
    { type: 'message_stop' },
  ];
  return {
    whole: {
      ...opened,
      ...ending,
      content: blocks.map((block) => block.closed),
      usage: messageUsage(usage, usage.output),
    } satisfies Message,
    events: [...filling, ...closing].map(named),
    endsAt: filling.length,
  };
}

function named(event: RawMessageStreamEvent): ProtocolEvent {
  return { name: event.type, data: event };
}

function refusalDetails(): RefusalStopDetails {
  return { type: 'refusal', category: null, explanation: null };
}

/** `input_tokens` leaves out what was read from or written to the cache. */
function messageUsage(usage: ScriptedUsage, output_tokens: number): Message['usage'] {
  return {
    input_tokens: usage.input - (usage.cached ?? 0) - (usage.cacheWrite ?? 0),
    cache_read_input_tokens: usage.cached ?? 0,
    cache_creation_input_tokens: usage.cacheWrite ?? 0,
    cache_creation: { ephemeral_5m_input_tokens: usage.cacheWrite ?? 0, ephemeral_1h_input_tokens: 0 },
    output_tokens,
    output_tokens_details: usage.reasoning === undefined ? null : { thinking_tokens: usage.reasoning },
    server_tool_use: null,
    service_tier: 'standard',
    inference_geo: null,
    speed: null,
  };
}

/** Totals of the whole message, not what was added since. */
function deltaUsage(usage: ScriptedUsage): MessageDeltaUsage {
  const {
    cache_creation: _,
    service_tier: __,
    inference_geo: ___,
    speed: ____,
    ...rest
  } = messageUsage(usage, usage.output);
  return rest;
}

function blockScripts(turn: Turn): BlockScript[] {
  const scripts: BlockScript[] = [];
  if (turn.thinking !== undefined) scripts.push(thinkingScript(turn.thinking));
  if (textOf(turn) !== '') {
    scripts.push({
      opened: { type: 'text', text: '', citations: null },
      deltas: textDeltas(turn).map((text) => ({ type: 'text_delta', text })),
      closed: { type: 'text', text: textOf(turn), citations: null },
    });
  }
  return [...scripts, ...(turn.toolCalls ?? []).map(callScript)];
}

/** The signature comes just before the block closes. */
function thinkingScript(thinking: string): BlockScript {
  const signature = signatureFor(thinking);
  return {
    opened: { type: 'thinking', thinking: '', signature: '' },
    deltas: [
      ...words(thinking).map((piece) => ({ type: 'thinking_delta' as const, thinking: piece })),
      { type: 'signature_delta', signature },
    ],
    closed: { type: 'thinking', thinking, signature },
  };
}

function callScript(call: ScriptedCall, index: number): BlockScript {
  const block = (input: unknown): ContentBlock => ({
    type: 'tool_use',
    id: call.id ?? `toolu_${index}`,
    name: call.name,
    input,
    caller: { type: 'direct' },
  });
  return {
    opened: block({}),
    deltas: ['', ...words(inputOf(call))].map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    closed: block(typeof call.input === 'string' ? parseOr(call.input, {}) : (call.input ?? {})),
  };
}

/** Arguments scripted as broken JSON only show in a stream. */
function parseOr(text: string, otherwise: object): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}

function blockEvents(block: BlockScript, index: number): RawMessageStreamEvent[] {
  return [
    { type: 'content_block_start', index, content_block: block.opened },
    ...block.deltas.map((delta) => ({ type: 'content_block_delta' as const, index, delta })),
    { type: 'content_block_stop', index },
  ];
}
