/** The echo in Anthropic Messages form (anthropic-sdk-typescript `resources/messages/messages.ts`). */
import type { Plan, PlannedCall } from './decide.ts';
import { type CallFacts, type EchoEvent, type Rendered, splitIntoDeltas } from './rendered.ts';

const STOP_REASONS = {
  end: 'end_turn',
  stop_sequence: 'stop_sequence',
  tool_calls: 'tool_use',
  length: 'max_tokens',
} as const satisfies Record<Plan['ending'], string>;

export function renderMessages(plan: Plan, facts: CallFacts): Rendered {
  const ending = { stop_reason: STOP_REASONS[plan.ending], stop_sequence: plan.stopSequence };
  const message = (content: object[], end: object, outputTokens: number) => ({
    id: facts.id('msg_'),
    type: 'message',
    role: 'assistant',
    model: facts.model,
    content,
    ...end,
    stop_details: null,
    container: null,
    diagnostics: null,
    usage: {
      input_tokens: plan.inputTokens,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      output_tokens: outputTokens,
      output_tokens_details: null,
      server_tool_use: null,
      service_tier: 'standard',
      inference_geo: null,
      speed: null,
    },
  });

  return {
    whole: () => message(wholeBlocks(plan, facts), ending, plan.outputTokens),
    *events() {
      const open = { stop_reason: null, stop_sequence: null };
      yield named('message_start', { message: message([], open, 0) });
      yield named('ping', {});
      yield* blockEvents(plan, facts);
      yield named('message_delta', {
        delta: { ...ending, stop_details: null, container: null },
        usage: {
          input_tokens: plan.inputTokens,
          cache_creation_input_tokens: 0,
          cache_read_input_tokens: 0,
          output_tokens: plan.outputTokens,
          output_tokens_details: null,
          server_tool_use: null,
        },
      });
      yield named('message_stop', {});
    },
  };
}

function named(type: string, rest: object): EchoEvent {
  return { event: type, data: { type, ...rest } };
}

/** Empty text makes no block: the API refuses empty text blocks when they come back in the next request. */
function wholeBlocks(plan: Plan, facts: CallFacts): object[] {
  const texts = plan.text === '' ? [] : [{ type: 'text', text: plan.text, citations: null }];
  const calls = plan.calls.map((call, index) => toolUse(call, facts.id('toolu_', index), inputOf(call)));
  return [...texts, ...calls];
}

function toolUse(call: PlannedCall, id: string, input: unknown): object {
  return { type: 'tool_use', id, name: call.name, input, caller: { type: 'direct' } };
}

/** Free text goes into an object: this protocol has no custom tools. */
function inputOf(call: PlannedCall): unknown {
  return call.kind === 'custom' ? { input: call.input } : JSON.parse(call.input);
}

/** One block open at a time, numbered in order. */
function* blockEvents(plan: Plan, facts: CallFacts): Generator<EchoEvent> {
  let index = 0;
  if (plan.text !== '') {
    yield named('content_block_start', { index, content_block: { type: 'text', text: '', citations: null } });
    for (const text of splitIntoDeltas(plan.text)) {
      yield named('content_block_delta', { index, delta: { type: 'text_delta', text } });
    }
    yield named('content_block_stop', { index });
    index += 1;
  }
  for (const [number, call] of plan.calls.entries()) {
    yield named('content_block_start', {
      index,
      content_block: toolUse(call, facts.id('toolu_', number), {}),
    });
    for (const partial_json of splitIntoDeltas(JSON.stringify(inputOf(call)))) {
      yield named('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json } });
    }
    yield named('content_block_stop', { index });
    index += 1;
  }
}
