/** Turns in Anthropic Messages form (anthropic-sdk-typescript `resources/messages/messages.ts`). */
import type {
  Message,
  MessageDeltaUsage,
  RefusalStopDetails,
  StopReason,
} from '@anthropic-ai/sdk/resources/messages';
import { Ids } from '../ids.ts';
import type { Body } from '../refusal.ts';
import { takingTurns } from '../taking-turns.ts';
import {
  type Finish,
  finishOf,
  joined,
  type ProtocolEvent,
  partsOfType,
  type RenderedTurn,
  type ScriptedUsage,
  type Turn,
  usageOf,
} from '../turn.ts';
import type { MessagesWire } from '../wire.ts';
import { type BlockScript, blockScripts } from './blocks.ts';

const STOP_REASONS: Record<Finish, StopReason> = {
  stop: 'end_turn',
  stop_sequence: 'stop_sequence',
  pause_turn: 'pause_turn',
  tool_calls: 'tool_use',
  length: 'max_tokens',
  context_window: 'model_context_window_exceeded',
  content_filter: 'refusal',
  refusal: 'refusal',
};

type Event = { type: string };

/** @param realm whose proofs the thinking carries */
export function renderMessages(turn: Turn, body: Body, realm: string): RenderedTurn {
  const wire = turn.wire?.messages ?? {};
  const usage = usageOf(turn) ?? { input: 0, output: 0 };
  const blocks = blockScripts(turn, new Ids(body), realm);
  const searches = partsOfType(turn, 'web_search').length;
  const opened = openedMessage(body, messageUsage(usage, Math.min(usage.output, 1), searches));
  const ending = endingOf(turn);
  const filling: Event[] = [
    { type: 'message_start', message: { ...opened, usage: startUsage(opened.usage, wire) } } as Event,
    ...(turn.wire?.strangers ? [{ type: 'hologram_start', depth: 3 } as Event] : []),
    ...blockEvents(blocks, wire),
  ];
  const closing: Event[] = [
    {
      type: 'message_delta',
      delta: { ...ending, container: null },
      usage: deltaUsage(usage, searches, wire),
    } as Event,
    { type: 'message_stop' },
  ];
  return {
    whole: {
      ...opened,
      ...ending,
      content: blocks.map((block) => block.closed),
      usage: messageUsage(usage, usage.output, searches),
    },
    events: [...filling, ...closing].map((event): ProtocolEvent => ({ name: event.type, data: event })),
    endsAt: filling.length,
  };
}

function openedMessage(body: Body, usage: Message['usage']): Message {
  return {
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
    usage,
  };
}

function endingOf(turn: Turn): object {
  const reason = turn.finishAs ?? STOP_REASONS[finishOf(turn)];
  return {
    stop_reason: reason,
    stop_sequence: turn.stopSequence ?? null,
    stop_details: reason === 'refusal' ? refusalDetails(turn) : null,
  };
}

function refusalDetails(turn: Turn): RefusalStopDetails {
  const [refusal] = partsOfType(turn, 'refusal');
  return refusal === undefined
    ? { type: 'refusal', category: null, explanation: null }
    : { type: 'refusal', category: 'general_harms', explanation: joined(refusal.text) };
}

/** `input_tokens` leaves out what was read from or written to the cache. */
function messageUsage(usage: ScriptedUsage, output_tokens: number, searches: number): Message['usage'] {
  const { cached = 0, cacheWrite = 0, cacheWrite1h = 0 } = usage;
  return {
    input_tokens: usage.input - cached - cacheWrite,
    cache_read_input_tokens: cached,
    cache_creation_input_tokens: cacheWrite,
    cache_creation: {
      ephemeral_5m_input_tokens: cacheWrite - cacheWrite1h,
      ephemeral_1h_input_tokens: cacheWrite1h,
    },
    output_tokens,
    output_tokens_details: usage.reasoning === undefined ? null : { thinking_tokens: usage.reasoning },
    server_tool_use: searches === 0 ? null : { web_search_requests: searches, web_fetch_requests: 0 },
    service_tier: 'standard',
    inference_geo: null,
    speed: null,
  };
}

function startUsage(usage: Message['usage'], { startUsage = 'full' }: MessagesWire): object | undefined {
  if (startUsage === 'absent') return undefined;
  if (startUsage === 'full') return usage;
  return startUsage === 'zero' ? { input_tokens: 0, output_tokens: 0 } : { output_tokens: 0 };
}

/** Totals of the whole message, not what was added since; without the split of the cache. */
function deltaUsage(
  usage: ScriptedUsage,
  searches: number,
  wire: MessagesWire,
): MessageDeltaUsage | { output_tokens: number } | undefined {
  if (wire.deltaUsage === 'absent') return undefined;
  if (wire.deltaUsage === 'output') return { output_tokens: usage.output };
  const {
    cache_creation: _,
    service_tier: __,
    inference_geo: ___,
    speed: ____,
    ...rest
  } = messageUsage(usage, usage.output, searches);
  return rest;
}

function blockEvents(blocks: readonly BlockScript[], wire: MessagesWire): Event[] {
  const starts = blocks.map((block, index): Event[] => [
    { type: 'content_block_start', index, content_block: block.opened } as Event,
  ]);
  const deltas = blocks.map((block, index) =>
    block.deltas.map((delta) => ({ type: 'content_block_delta', index, delta }) as Event),
  );
  const stops = blocks.map((_, index): Event[] => [{ type: 'content_block_stop', index } as Event]);
  if (wire.blocks === 'interleaved') return [...starts.flat(), ...takingTurns(deltas), ...stops.flat()];
  return blocks.flatMap((_, index) => [
    ...(starts[index] ?? []),
    ...(deltas[index] ?? []),
    ...(stops[index] ?? []),
  ]);
}
