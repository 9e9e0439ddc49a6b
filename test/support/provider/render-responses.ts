/** Turns in OpenAI Responses form (openai-node `resources/responses/responses.ts`). */
import type {
  Response,
  ResponseOutputItem,
  ResponseOutputText,
  ResponseStreamEvent,
  ResponseUsage,
} from 'openai/resources/responses/responses';
import { encryptedFor } from './proof.ts';
import type { Body } from './refusal.ts';
import {
  finishOf,
  inputOf,
  type RenderedTurn,
  type ScriptedCall,
  type ScriptedUsage,
  type Turn,
  textDeltas,
  textOf,
  usageOf,
  words,
} from './turn.ts';

/** An event without its `sequence_number`, which is given last. */
type Unnumbered<E> = E extends unknown ? Omit<E, 'sequence_number'> : never;
type Step = Unnumbered<ResponseStreamEvent>;
type WireResponse = Omit<Response, 'output_text' | 'usage'> & { usage: ResponseUsage | null };

interface ItemScript {
  steps(output_index: number): Step[];
  done: ResponseOutputItem;
}

export function renderResponses(turn: Turn, body: Body): RenderedTurn {
  const items = itemScripts(turn);
  const finish = finishOf(turn);
  const incomplete = finish === 'length' || finish === 'content_filter';
  const begun = responseHead(body);
  const usage = usageOf(turn);
  const ended: WireResponse = {
    ...begun,
    status: incomplete ? 'incomplete' : 'completed',
    incomplete_details: incomplete
      ? { reason: finish === 'length' ? 'max_output_tokens' : 'content_filter' }
      : null,
    output: items.map((item) => item.done),
    usage: usage === null ? null : responseUsage(usage),
  };
  const filling: Step[] = [
    { type: 'response.created', response: begun as Response },
    { type: 'response.in_progress', response: begun as Response },
    ...items.flatMap((item, index) => item.steps(index)),
  ];
  const last: Step = {
    type: incomplete ? 'response.incomplete' : 'response.completed',
    response: ended as Response,
  };
  return {
    whole: ended,
    events: [...filling, last].map((step, sequence_number) => ({
      name: step.type,
      data: { ...step, sequence_number },
    })),
    endsAt: filling.length,
  };
}

function responseHead(body: Body): WireResponse {
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
    reasoning: { effort: null, summary: null },
    service_tier: 'default',
    temperature: 1,
    text: { format: { type: 'text' } },
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

function itemScripts(turn: Turn): ItemScript[] {
  const scripts: ItemScript[] = [];
  if (turn.thinking !== undefined) scripts.push(reasoningScript(turn.thinking));
  if (turn.text !== undefined) scripts.push(messageScript(turn));
  return [...scripts, ...(turn.toolCalls ?? []).map(callScript)];
}

/** The encrypted form is complete only in `output_item.done`. */
function reasoningScript(thinking: string): ItemScript {
  const id = 'rs_scripted';
  const part = (text: string) => ({ type: 'summary_text' as const, text });
  const done: ResponseOutputItem = {
    id,
    type: 'reasoning',
    summary: [part(thinking)],
    encrypted_content: encryptedFor(thinking),
  };
  return {
    done,
    steps: (output_index) => {
      const place = { item_id: id, output_index, summary_index: 0 };
      return [
        {
          type: 'response.output_item.added',
          output_index,
          item: { id, type: 'reasoning', summary: [], encrypted_content: '' },
        },
        { type: 'response.reasoning_summary_part.added', ...place, part: part('') },
        ...words(thinking).map(
          (delta): Step => ({ type: 'response.reasoning_summary_text.delta', ...place, delta }),
        ),
        { type: 'response.reasoning_summary_text.done', ...place, text: thinking },
        { type: 'response.reasoning_summary_part.done', ...place, part: part(thinking) },
        { type: 'response.output_item.done', output_index, item: done },
      ];
    },
  };
}

function messageScript(turn: Turn): ItemScript {
  const id = 'msg_scripted';
  const text = textOf(turn);
  const part = (said: string): ResponseOutputText => ({
    type: 'output_text',
    text: said,
    annotations: [],
    logprobs: [],
  });
  const head = { id, type: 'message' as const, role: 'assistant' as const };
  const status = finishOf(turn) === 'length' ? 'incomplete' : 'completed';
  const done: ResponseOutputItem = { ...head, status, content: [part(text)] };
  return {
    done,
    steps: (output_index) => {
      const place = { item_id: id, output_index, content_index: 0 };
      return [
        {
          type: 'response.output_item.added',
          output_index,
          item: { ...head, status: 'in_progress', content: [] },
        },
        { type: 'response.content_part.added', ...place, part: part('') },
        ...textDeltas(turn).map(
          (delta): Step => ({ type: 'response.output_text.delta', ...place, delta, logprobs: [] }),
        ),
        { type: 'response.output_text.done', ...place, text, logprobs: [] },
        { type: 'response.content_part.done', ...place, part: part(text) },
        { type: 'response.output_item.done', output_index, item: done },
      ];
    },
  };
}

function callScript(call: ScriptedCall, index: number): ItemScript {
  const input = inputOf(call);
  const item = (value: string, status: 'in_progress' | 'completed'): ResponseOutputItem => {
    const head = {
      call_id: call.id ?? `call_${index}`,
      name: call.name,
      ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
    };
    return call.custom
      ? { ...head, type: 'custom_tool_call', id: `ctc_${index}`, input: value }
      : { ...head, type: 'function_call', id: `fc_${index}`, arguments: value, status };
  };
  const done = item(input, 'completed');
  return {
    done,
    steps: (output_index) => {
      const place = { item_id: done.id ?? '', output_index };
      const filling: Step[] = call.custom
        ? [
            ...words(input).map(
              (delta): Step => ({ type: 'response.custom_tool_call_input.delta', ...place, delta }),
            ),
            { type: 'response.custom_tool_call_input.done', ...place, input },
          ]
        : [
            ...words(input).map(
              (delta): Step => ({ type: 'response.function_call_arguments.delta', ...place, delta }),
            ),
            { type: 'response.function_call_arguments.done', ...place, arguments: input },
          ];
      return [
        { type: 'response.output_item.added', output_index, item: item('', 'in_progress') },
        ...filling,
        { type: 'response.output_item.done', output_index, item: done },
      ];
    },
  };
}
