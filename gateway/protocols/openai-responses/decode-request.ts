import { GatewayError } from '../../errors.ts';
import type { CanonicalRequest, Tool, Turn } from '../canonical/request.ts';
import { keyOf } from '../canonical/tool-names.ts';
import type { JsonObject } from '../json.ts';
import { decodeInput } from './decode-items.ts';
import { decodeReasoningWish, decodeTextWish, refuseMemory, unplacedFields } from './decode-settings.ts';
import { decodeToolChoice } from './decode-tool-choice.ts';
import { decodeTools } from './decode-tools.ts';
import { flagField, numberField, objectField, textField } from './fields.ts';

/** How a body departs from the protocol's own form. */
export interface ResponsesReading {
  /**
   * The body came on the chat route, as Cursor sends it: calls of free-text tools come, and are to go, in a
   * function's form with the text in place of the arguments.
   */
  calledAsFunction?: boolean;
}

/**
 * Reads a body of the Responses API (https://developers.openai.com/api/reference/resources/responses).
 * @throws GatewayError `invalid_request`, `invalid_messages`
 */
export function decodeResponsesRequest(body: JsonObject, reading: ResponsesReading = {}): CanonicalRequest {
  refuseMemory(body);
  const unplaced = unplacedFields(body);
  const calledAsFunction = reading.calledAsFunction === true;
  const allTools = decodeTools(body.tools, body.input, { calledAsFunction });
  const { toolChoice, tools } = decodeToolChoice(body.tool_choice, allTools, unplaced);
  const turns = decodeInput(body.input, { calledAsFunction: functionFormed(allTools), unplaced });
  return {
    stream: flagField(body.stream, 'stream') ?? false,
    turns: [...instructionTurn(body), ...turns],
    tools,
    toolChoice,
    parallelToolCalls: flagField(body.parallel_tool_calls, 'parallel_tool_calls'),
    maxOutputTokens: tokenLimit(body),
    sampling: {
      temperature: numberField(body.temperature, 'temperature'),
      topP: numberField(body.top_p, 'top_p'),
      topK: null,
      seed: null,
      presencePenalty: null,
      frequencyPenalty: null,
    },
    stop: [],
    reasoning: decodeReasoningWish(body.reasoning, unplaced),
    ...decodeTextWish(body.text, unplaced),
    userId: textField(body.safety_identifier, 'safety_identifier') ?? textField(body.user, 'user'),
    cacheKey: textField(body.prompt_cache_key, 'prompt_cache_key'),
    serviceTier: serviceTier(body),
    usageChunk: objectField(body.stream_options, 'stream_options')?.include_usage === true,
    unplaced: [...new Set(unplaced)],
  };
}

function functionFormed(tools: readonly Tool[]): ReadonlySet<string> {
  return new Set(
    tools.flatMap((tool) => (tool.kind === 'custom' && tool.calledAsFunction === true ? [keyOf(tool)] : [])),
  );
}

/** A turn of its own, so that an answer can tell the instructions again. */
function instructionTurn(body: JsonObject): Turn[] {
  const text = textField(body.instructions, 'instructions');
  return text === null || text === '' ? [] : [{ role: 'system', parts: [{ type: 'text', text }] }];
}

/** The names that Chat Completions has for it come on the chat route. */
function tokenLimit(body: JsonObject): number | null {
  for (const name of ['max_output_tokens', 'max_completion_tokens', 'max_tokens']) {
    const limit = numberField(body[name], name);
    if (limit === null) continue;
    if (limit >= 1) return Math.floor(limit);
    throw new GatewayError('invalid_request', `\`${name}\` must be at least 1.`);
  }
  return null;
}

/** `auto` is what holds anyway. */
function serviceTier(body: JsonObject): string | null {
  const tier = textField(body.service_tier, 'service_tier');
  return tier === 'auto' ? null : tier;
}
