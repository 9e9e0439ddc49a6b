/** The echo in OpenAI Chat Completions form (openai-node `resources/chat/completions/completions.ts`). */
import type { Plan, PlannedCall } from './decide.ts';
import { asObject, type JsonObject } from './json.ts';
import { type CallFacts, countCopies, type EchoEvent, type Rendered, splitIntoDeltas } from './rendered.ts';

const FINISH_REASONS = {
  end: 'stop',
  stop_sequence: 'stop',
  tool_calls: 'tool_calls',
  length: 'length',
} as const satisfies Record<Plan['ending'], string>;

export function renderChat(body: JsonObject, plan: Plan, facts: CallFacts): Rendered {
  const choices = countCopies(body.n, plan.text.length);
  const head = { id: facts.id('chatcmpl-'), created: facts.createdAt, model: facts.model };
  const tail = { service_tier: 'default', system_fingerprint: 'fp_ntl_echo' };
  const usage = openaiUsage(plan.inputTokens, plan.outputTokens * choices);

  return {
    whole: () => ({
      ...head,
      object: 'chat.completion',
      choices: Array.from({ length: choices }, (_, index) => wholeChoice(index, plan, facts)),
      usage,
      ...tail,
    }),
    *events() {
      const withUsage = asObject(body.stream_options).include_usage === true;
      const chunk = (choice: object): EchoEvent => ({
        data: {
          ...head,
          object: 'chat.completion.chunk',
          choices: [choice],
          ...(withUsage ? { usage: null } : {}),
          ...tail,
        },
      });
      for (let index = 0; index < choices; index += 1) {
        for (const delta of deltas(index, plan, facts)) {
          yield chunk({ index, delta, logprobs: null, finish_reason: null });
        }
        yield chunk({ index, delta: {}, logprobs: null, finish_reason: FINISH_REASONS[plan.ending] });
      }
      if (withUsage) {
        yield { data: { ...head, object: 'chat.completion.chunk', choices: [], usage, ...tail } };
      }
      yield { data: '[DONE]' };
    },
  };
}

/** `usage` of Chat Completions and Completions. */
export function openaiUsage(inputTokens: number, outputTokens: number): object {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function wholeChoice(index: number, plan: Plan, facts: CallFacts): object {
  const called = plan.calls.length > 0;
  return {
    index,
    message: {
      role: 'assistant',
      content: called ? null : plan.text,
      refusal: null,
      annotations: [],
      ...(called
        ? { tool_calls: plan.calls.map((call, n) => wholeCall(call, callId(facts, index, n))) }
        : {}),
    },
    logprobs: null,
    finish_reason: FINISH_REASONS[plan.ending],
  };
}

function wholeCall(call: PlannedCall, id: string): object {
  return call.kind === 'custom'
    ? { id, type: 'custom', custom: { name: call.name, input: call.input } }
    : { id, type: 'function', function: { name: call.name, arguments: call.input } };
}

/** The role first; then words, or the calls one after the other, each opened by its id and name. */
function* deltas(choice: number, plan: Plan, facts: CallFacts): Generator<object> {
  yield { role: 'assistant', content: plan.calls.length > 0 ? null : '', refusal: null };
  for (const content of splitIntoDeltas(plan.text)) yield { content };
  for (const [index, call] of plan.calls.entries()) {
    const opened = wholeCall({ ...call, input: '' }, callId(facts, choice, index));
    yield { tool_calls: [{ index, ...opened }] };
    for (const piece of splitIntoDeltas(call.input)) {
      const fragment =
        call.kind === 'custom' ? { custom: { input: piece } } : { function: { arguments: piece } };
      yield { tool_calls: [{ index, ...fragment }] };
    }
  }
}

function callId(facts: CallFacts, choice: number, index: number): string {
  return facts.id('call_', choice, index);
}
