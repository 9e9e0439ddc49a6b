/** Turns on the routes beside conversation: legacy completions, embeddings, token count, model lists. */
import type { ModelInfo } from '@anthropic-ai/sdk/resources/models';
import type { Completion } from 'openai/resources/completions';
import type { Model } from 'openai/resources/models';
import { chatUsage, FINISH_REASONS } from './chat/render.ts';
import { type Body, isObject } from './refusal.ts';
import {
  finishOf,
  type ProtocolEvent,
  type RenderedTurn,
  type Turn,
  textDeltas,
  textOf,
  usageOf,
} from './turn.ts';

/** OpenAI legacy Completions (openai-node `resources/completions.ts`). */
export function renderCompletions(turn: Turn, body: Body): RenderedTurn {
  const usage = usageOf(turn);
  const reason = FINISH_REASONS[finishOf(turn)];
  const finish = reason === 'tool_calls' ? 'stop' : reason;
  const head = {
    id: 'cmpl-scripted',
    object: 'text_completion' as const,
    created: 1_790_000_000,
    model: String(body.model),
  };
  const withUsage = isObject(body.stream_options) && body.stream_options.include_usage === true;
  const chunk = (text: string, finish_reason: typeof finish | null): ProtocolEvent => ({
    data: {
      ...head,
      choices: [{ index: 0, text, logprobs: null, finish_reason }],
      ...(withUsage ? { usage: null } : {}),
    },
  });
  const filling = textDeltas(turn).map((text) => chunk(text, null));
  const ending = [chunk('', finish)];
  if (withUsage && usage !== null) ending.push({ data: { ...head, choices: [], usage: chatUsage(usage) } });
  return {
    whole: {
      ...head,
      choices: [{ index: 0, text: textOf(turn), logprobs: null, finish_reason: finish }],
      ...(usage === null ? {} : { usage: chatUsage(usage) }),
    } satisfies Completion,
    events: [...filling, ...ending, { data: '[DONE]' }],
    endsAt: filling.length,
  };
}

/** OpenAI Embeddings: one vector of `dimensions` (default 8) for each input, its numbers telling the input's place. */
export function renderEmbeddings(turn: Turn, body: Body): object {
  const inputs = Array.isArray(body.input) && typeof body.input[0] !== 'number' ? body.input : [body.input];
  const dimensions = typeof body.dimensions === 'number' ? body.dimensions : 8;
  const tokens = usageOf(turn)?.input ?? 0;
  return {
    object: 'list',
    model: String(body.model),
    data: inputs.map((_, index) => {
      const vector = Float32Array.from({ length: dimensions }, (__, place) =>
        place === index % dimensions ? 1 : 0,
      );
      const coded = Buffer.from(vector.buffer).toString('base64');
      return {
        object: 'embedding',
        index,
        embedding: body.encoding_format === 'base64' ? coded : [...vector],
      };
    }),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

export function renderTokenCount(turn: Turn): object {
  return { input_tokens: usageOf(turn)?.input ?? 0 };
}

export function openaiModel(id: string): Model {
  return { id, object: 'model', created: 1_790_000_000, owned_by: 'scripted' };
}

export function anthropicModel(id: string): ModelInfo {
  return {
    id,
    type: 'model',
    display_name: id,
    created_at: '2026-09-21T00:00:00Z',
    lifecycle: 'active',
    capabilities: null,
    line: null,
    max_input_tokens: 200_000,
    max_tokens: 64_000,
    deprecated_at: null,
    retires_at: null,
  };
}

export function openaiModelList(ids: readonly string[]): object {
  return { object: 'list', data: ids.map(openaiModel) };
}

export function anthropicModelList(ids: readonly string[]): object {
  return {
    data: ids.map(anthropicModel),
    has_more: false,
    first_id: ids[0] ?? null,
    last_id: ids.at(-1) ?? null,
  };
}
