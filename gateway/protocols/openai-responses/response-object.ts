/** The `response` object of an answer: what the request asked for, said again as the service does it. */
import type { AnswerContext } from '../canonical/codec.ts';
import type { CanonicalRequest, Tool, ToolChoice } from '../canonical/request.ts';
import type { JsonObject } from '../json.ts';
import type { TokenUsage } from '../usage.ts';
import { formatJson } from './encode-format.ts';
import { toolChoiceJson, toolJson } from './encode-tools.ts';

/** Ids of the answer and its items, made of the request's. */
export class AnswerIds {
  readonly #request: string;
  #items = 0;

  constructor(requestId: string) {
    this.#request = requestId.replaceAll('-', '');
  }

  get response(): string {
    return `resp_${this.#request}`;
  }

  /** @param prefix as the service has it for the item's type: `msg`, `rs`, `fc`, `ctc` */
  item(prefix: string): string {
    this.#items += 1;
    return `${prefix}_${this.#request}_${this.#items}`;
  }
}

/** All but `status`, `output`, `usage` and how it ended. Nothing is stored, whatever was asked. */
export function responseHead({ model, at, request }: AnswerContext, ids: AnswerIds): JsonObject {
  const { sampling, reasoning } = request;
  return {
    id: ids.response,
    object: 'response',
    created_at: Math.floor(at / 1_000),
    model,
    background: false,
    instructions: instructionsOf(request),
    max_output_tokens: request.maxOutputTokens,
    max_tool_calls: null,
    metadata: {},
    parallel_tool_calls: request.parallelToolCalls ?? true,
    previous_response_id: null,
    prompt_cache_key: request.cacheKey,
    reasoning: { effort: reasoning?.effort ?? null, summary: reasoning?.summary ?? null },
    safety_identifier: null,
    service_tier: request.serviceTier,
    store: false,
    temperature: sampling.temperature,
    text: textOf(request),
    tool_choice: choiceOf(request.toolChoice, request.tools),
    tools: toolsOf(request.tools),
    top_logprobs: 0,
    top_p: sampling.topP,
    truncation: 'disabled',
    user: request.userId,
  };
}

/** A first turn of the system, as `instructions` become one. */
function instructionsOf({ turns: [first] }: CanonicalRequest): string | null {
  return first?.role === 'system' ? first.parts.map(({ text }) => text).join('\n\n') : null;
}

function textOf({ format, verbosity }: CanonicalRequest): JsonObject {
  return {
    format: format === null ? { type: 'text' } : formatJson(format),
    ...(verbosity === null ? {} : { verbosity }),
  };
}

function choiceOf(choice: ToolChoice | null, tools: readonly Tool[]): string | JsonObject {
  return choice === null ? 'auto' : toolChoiceJson(choice, tools);
}

function toolsOf(tools: readonly Tool[]): JsonObject[] {
  const groups = new Map<string, JsonObject[]>();
  return tools.flatMap((tool) => {
    const namespace = tool.kind === 'hosted' ? undefined : tool.namespace;
    if (namespace === undefined) return [toolJson(tool)];
    const known = groups.get(namespace);
    if (known !== undefined) {
      known.push(toolJson(tool));
      return [];
    }
    const group = [toolJson(tool)];
    groups.set(namespace, group);
    return [{ type: 'namespace', name: namespace, description: '', tools: group }];
  });
}

/** Null where the provider told none: invented figures would be taken for true. */
export function usageJson(usage: TokenUsage | null): JsonObject | null {
  if (usage === null) return null;
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cachedTokens,
      cache_write_tokens: usage.cacheWriteTokens,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
