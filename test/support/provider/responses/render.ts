/** Turns in OpenAI Responses form (openai-node `resources/responses/responses.ts`). */
import type { Response, ResponseUsage } from 'openai/resources/responses/responses';
import { Ids } from '../ids.ts';
import { type Body, isObject } from '../refusal.ts';
import type { ScriptedError } from '../reply.ts';
import {
  finishOf,
  type Part,
  type ProtocolEvent,
  partsOf,
  type RenderedTurn,
  type ScriptedUsage,
  type Turn,
  usageOf,
} from '../turn.ts';
import {
  callItem,
  type ItemScript,
  messageItem,
  rawItem,
  reasoningItem,
  type Spoken,
  searchItem,
} from './items.ts';

type WireResponse = Omit<Response, 'output_text' | 'usage' | 'output'> & {
  usage: ResponseUsage | null;
  output: object[];
};
type Event = { type: string };

/** @param realm whose proofs the reasoning carries */
export function renderResponses(turn: Turn, body: Body, realm: string): RenderedTurn {
  const wire = turn.wire?.responses ?? {};
  const items = itemScripts(turn, body, realm);
  const begun = responseHead(body);
  const ended: WireResponse = { ...begun, ...endingOf(turn), output: items.map((item) => item.done) };
  const filling: Event[] = [
    { type: 'response.created', response: begun } as Event,
    { type: 'response.in_progress', response: begun } as Event,
    ...(turn.wire?.strangers ? [{ type: 'response.hologram.started', depth: 3 } as Event] : []),
    ...items.flatMap((item, index) => itemEvents(item, index, wire)),
  ];
  const last = {
    type: ended.status === 'incomplete' ? 'response.incomplete' : 'response.completed',
    response: wire.emptyOutput ? { ...ended, output: [] } : ended,
  };
  return {
    whole: ended,
    events: [...filling, last].map((event, sequence_number) => ({
      name: event.type,
      data: { ...event, sequence_number },
    })),
    endsAt: filling.length,
  };
}

function itemEvents(
  { added, steps, done }: ItemScript,
  output_index: number,
  wire: { noDeltas?: boolean; noAdded?: boolean },
): Event[] {
  const opening = { type: 'response.output_item.added', output_index, item: added } as Event;
  const closing = { type: 'response.output_item.done', output_index, item: done } as Event;
  if (wire.noDeltas) return [closing];
  return [...(wire.noAdded ? [] : [opening]), ...(steps(output_index) as Event[]), closing];
}

function endingOf(turn: Turn): Pick<WireResponse, 'status' | 'incomplete_details' | 'usage'> {
  const finish = finishOf(turn);
  const reason = finish === 'context_window' ? 'length' : finish;
  const usage = usageOf(turn);
  const told = { usage: usage === null ? null : responseUsage(usage) };
  if (turn.finishAs !== undefined) {
    const details = { reason: turn.finishAs } as Response['incomplete_details'];
    return { ...told, status: 'incomplete', incomplete_details: details };
  }
  if (reason !== 'length' && reason !== 'content_filter') {
    return { ...told, status: 'completed', incomplete_details: null };
  }
  return {
    ...told,
    status: 'incomplete',
    incomplete_details: { reason: reason === 'length' ? 'max_output_tokens' : 'content_filter' },
  };
}

function responseHead(body: Body): WireResponse {
  const reasoning = isObject(body.reasoning) ? body.reasoning : {};
  const text = isObject(body.text) ? body.text : {};
  return {
    id: 'resp_scripted',
    object: 'response',
    created_at: 1_790_000_000,
    status: 'in_progress',
    access_programs: null,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: (body.instructions as string | undefined) ?? null,
    max_output_tokens: (body.max_output_tokens as number | undefined) ?? null,
    metadata: {},
    model: String(body.model),
    output: [],
    parallel_tool_calls: body.parallel_tool_calls !== false,
    previous_response_id: null,
    reasoning: { effort: null, summary: null, ...reasoning },
    service_tier: 'default',
    temperature: 1,
    text: { format: { type: 'text' }, ...text },
    tool_choice: (body.tool_choice as Response['tool_choice'] | undefined) ?? 'auto',
    tools: (body.tools as Response['tools'] | undefined) ?? [],
    top_p: 1,
    truncation: 'disabled',
    usage: null,
  };
}

/** `input_tokens` includes cached tokens; `output_tokens` includes reasoning. */
function responseUsage(usage: ScriptedUsage): ResponseUsage {
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cached ?? 0, cache_write_tokens: usage.cacheWrite ?? 0 },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
    total_tokens: usage.input + usage.output,
  };
}

/** Texts and refusals that stand together are one message, unless their phase differs. */
function itemScripts(turn: Turn, body: Body, realm: string): ItemScript[] {
  const ids = new Ids(body);
  const cutShort = ['length', 'context_window'].includes(finishOf(turn));
  const counted = { calls: 0 };
  const scripts = groupSpoken(partsOf(turn)).flatMap((part) =>
    Array.isArray(part) ? [messageItem(part, ids, cutShort)] : itemsOf(part, ids, realm, counted),
  );
  if (turn.wire?.strangers) {
    scripts.push(rawItem({ type: 'hologram_call', id: ids.named('hc'), depth: 3, status: 'completed' }));
  }
  return scripts;
}

function itemsOf(
  part: Exclude<Part, Spoken>,
  ids: Ids,
  realm: string,
  counted: { calls: number },
): ItemScript[] {
  switch (part.type) {
    case 'thinking':
      return [reasoningItem(part, ids, realm)];
    case 'redacted_thinking':
      return [reasoningItem({ text: '', hidden: part.hidden }, ids, realm)];
    case 'tool_call':
      counted.calls += 1;
      return [callItem(part, counted.calls - 1, ids)];
    case 'web_search':
      return [searchItem(part, ids)];
    case 'raw':
      return part.responses === undefined ? [] : [rawItem(part.responses)];
  }
}

function groupSpoken(parts: readonly Part[]): (Exclude<Part, Spoken> | Spoken[])[] {
  const groups: (Exclude<Part, Spoken> | Spoken[])[] = [];
  for (const part of parts) {
    if (part.type !== 'text' && part.type !== 'refusal') {
      groups.push(part);
      continue;
    }
    const last = groups.at(-1);
    if (Array.isArray(last) && phaseOf(last[0]) === phaseOf(part)) last.push(part);
    else groups.push([part]);
  }
  return groups;
}

function phaseOf(part: Spoken | undefined): string | undefined {
  return part?.type === 'text' ? part.phase : undefined;
}

/**
 * An error in a stream that has begun: flat as the specification has it (`ResponseErrorEvent`), nested as the
 * service is also seen to send it (@ai-sdk/openai reads both), or a response that failed.
 */
export function responsesErrorEvent(
  error: ScriptedError,
  sequence_number: number,
  body: Body,
): ProtocolEvent {
  const { message, code = 'server_error', type = 'server_error' } = error;
  const event = (name: string, rest: object): ProtocolEvent => ({
    name,
    data: { type: name, ...rest, sequence_number },
  });
  switch (error.form) {
    case 'failed': {
      const response = { ...responseHead(body), status: 'failed', error: { code, message } };
      return event('response.failed', { response });
    }
    case 'nested':
      return event('error', { error: { type, code, message, param: null } });
    default:
      return event('error', { code, message, param: null });
  }
}
