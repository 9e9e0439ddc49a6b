/** The echo in OpenAI Responses form (openai-node `resources/responses/responses.ts`). */
import type { Plan, PlannedCall } from './decide.ts';
import { asObject, type JsonObject } from './json.ts';
import { type CallFacts, type EchoEvent, type Rendered, splitIntoDeltas } from './rendered.ts';

export function renderResponses(body: JsonObject, plan: Plan, facts: CallFacts): Rendered {
  const ended = plan.ending === 'length' ? 'incomplete' : 'completed';
  const finished = () => ({
    ...responseHead(body, facts),
    status: ended,
    completed_at: ended === 'completed' ? facts.createdAt : null,
    incomplete_details: ended === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    output: outputItems(plan, facts, ended),
    usage: {
      input_tokens: plan.inputTokens,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: plan.outputTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: plan.inputTokens + plan.outputTokens,
    },
  });

  return {
    whole: finished,
    *events() {
      const begun = { ...responseHead(body, facts), status: 'in_progress', output: [], usage: null };
      let sequence_number = 0;
      for (const [type, rest] of steps(plan, facts, begun, finished())) {
        yield { event: type, data: { type, sequence_number, ...rest } } satisfies EchoEvent;
        sequence_number += 1;
      }
    },
  };
}

/** A response repeats the settings of its request, with the API's defaults for those left out. */
function responseHead(body: JsonObject, facts: CallFacts): JsonObject {
  return {
    id: facts.id('resp_'),
    object: 'response',
    created_at: facts.createdAt,
    background: false,
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: body.max_tool_calls ?? null,
    metadata: body.metadata ?? {},
    model: facts.model,
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: null,
    prompt_cache_key: body.prompt_cache_key ?? null,
    reasoning: { effort: null, summary: null, ...asObject(body.reasoning) },
    safety_identifier: null,
    service_tier: 'default',
    store: body.store ?? true,
    temperature: body.temperature ?? 1,
    text: { format: { type: 'text' }, verbosity: 'medium', ...asObject(body.text) },
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    top_logprobs: 0,
    top_p: body.top_p ?? 1,
    truncation: body.truncation ?? 'disabled',
    user: null,
  };
}

type ItemStatus = 'in_progress' | 'completed' | 'incomplete';
type Step = [type: string, rest: object];

/** The events of a response in order: each item is opened, filled and closed before the next. */
function* steps(plan: Plan, facts: CallFacts, begun: object, finished: JsonObject): Generator<Step> {
  yield ['response.created', { response: begun }];
  yield ['response.in_progress', { response: begun }];
  if (plan.calls.length === 0) yield* messageSteps(plan, facts, finished.status as ItemStatus);
  for (const [index, call] of plan.calls.entries()) yield* callSteps(call, index, facts);
  yield [`response.${finished.status}`, { response: finished }];
}

function* messageSteps(plan: Plan, facts: CallFacts, ended: ItemStatus): Generator<Step> {
  const place = { item_id: facts.id('msg_'), output_index: 0, content_index: 0 };
  yield ['response.output_item.added', { output_index: 0, item: messageItem([], facts, 'in_progress') }];
  yield ['response.content_part.added', { ...place, part: outputText('') }];
  for (const delta of splitIntoDeltas(plan.text)) {
    yield ['response.output_text.delta', { ...place, delta, logprobs: [] }];
  }
  yield ['response.output_text.done', { ...place, text: plan.text, logprobs: [] }];
  yield ['response.content_part.done', { ...place, part: outputText(plan.text) }];
  yield [
    'response.output_item.done',
    { output_index: 0, item: messageItem([outputText(plan.text)], facts, ended) },
  ];
}

function* callSteps(call: PlannedCall, output_index: number, facts: CallFacts): Generator<Step> {
  const custom = call.kind === 'custom';
  const event = custom ? 'response.custom_tool_call_input' : 'response.function_call_arguments';
  const place = { item_id: callItemId(call, output_index, facts), output_index };
  const opened = callItem({ ...call, input: '' }, output_index, facts, 'in_progress');
  yield ['response.output_item.added', { output_index, item: opened }];
  for (const delta of splitIntoDeltas(call.input)) yield [`${event}.delta`, { ...place, delta }];
  yield [`${event}.done`, custom ? { ...place, input: call.input } : { ...place, arguments: call.input }];
  yield [
    'response.output_item.done',
    { output_index, item: callItem(call, output_index, facts, 'completed') },
  ];
}

function outputItems(plan: Plan, facts: CallFacts, ended: ItemStatus): object[] {
  if (plan.calls.length === 0) return [messageItem([outputText(plan.text)], facts, ended)];
  return plan.calls.map((call, index) => callItem(call, index, facts, 'completed'));
}

function messageItem(content: object[], facts: CallFacts, status: ItemStatus): object {
  return { id: facts.id('msg_'), type: 'message', status, role: 'assistant', content };
}

function outputText(text: string): object {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

/** `call_id` links the call to its output; `id` names the item. */
function callItem(call: PlannedCall, index: number, facts: CallFacts, status: ItemStatus): object {
  const head = {
    id: callItemId(call, index, facts),
    status,
    call_id: facts.id('call_', index),
    name: call.name,
    ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
  };
  return call.kind === 'custom'
    ? { ...head, type: 'custom_tool_call', input: call.input }
    : { ...head, type: 'function_call', arguments: call.input };
}

function callItemId(call: PlannedCall, index: number, facts: CallFacts): string {
  return facts.id(call.kind === 'custom' ? 'ctc_' : 'fc_', index);
}
