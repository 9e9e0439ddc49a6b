/** What OpenAI refuses on `/v1/chat/completions`, in the service's words. */
import { type Body, isObject, objectsOf, openaiError, type Refusal, type Rule } from './refusal.ts';
import {
  checkToolName,
  emptyArray,
  idsOf,
  invalidType,
  invalidValue,
  missing,
  needsModel,
  streamOptionsNeedStream,
  toolSettingsNeedTools,
  unanswered,
  unknownArguments,
} from './rules-openai.ts';

/** Fields of `ChatCompletionCreateParams` (openai-node `resources/chat/completions/completions.ts`). */
const FIELDS = new Set(
  `messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens
   metadata modalities moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_options
   prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier stop store stream
   stream_options temperature tool_choice tools top_logprobs top_p user verbosity web_search_options`.split(
    /\s+/,
  ),
);

const ROLES = ['system', 'assistant', 'user', 'function', 'tool', 'developer'];
const USER_PARTS = ['text', 'image_url', 'input_audio', 'file'];
const PARTS: Record<string, readonly string[]> = {
  user: USER_PARTS,
  assistant: ['text', 'refusal'],
  system: ['text'],
  developer: ['text'],
  tool: ['text'],
};

export const CHAT_RULES: readonly Rule[] = [
  unknownArguments(FIELDS),
  needsModel,
  checkMessages,
  checkToolPairs,
  checkTools,
  toolSettingsNeedTools,
  streamOptionsNeedStream,
  checkMaxTokens,
];

function checkMessages(body: Body): Refusal | undefined {
  const { messages } = body;
  if (messages === undefined) return missing('messages');
  if (!Array.isArray(messages)) return invalidType('messages', 'an array of objects', messages);
  if (messages.length === 0) return emptyArray('messages');
  for (const [index, message] of messages.entries()) {
    const refusal = isObject(message)
      ? checkMessage(message, `messages[${index}]`)
      : invalidType(`messages[${index}]`, 'an object', message);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function checkMessage(message: Body, at: string): Refusal | undefined {
  const role = String(message.role);
  if (message.role === undefined) return missing(`${at}.role`);
  if (!ROLES.includes(role)) return invalidValue(`${at}.role`, role, ROLES);
  if (role === 'tool' && typeof message.tool_call_id !== 'string') return missing(`${at}.tool_call_id`);
  return checkContent(message, role, at) ?? checkCalls(message, at);
}

/** Only an assistant message may lack content, and only when it says something in another way. */
function checkContent(message: Body, role: string, at: string): Refusal | undefined {
  const { content } = message;
  if (content === null || content === undefined) {
    const saysOtherwise = ['tool_calls', 'function_call', 'refusal', 'audio'].some((field) => message[field]);
    if (role === 'function' || (role === 'assistant' && saysOtherwise)) return undefined;
    return openaiError("Invalid value for 'content': expected a string, got null.", {
      param: `${at}.content`,
    });
  }
  if (typeof content === 'string') return undefined;
  if (!Array.isArray(content))
    return invalidType(`${at}.content`, 'one of an array of objects or string', content);
  if (content.length === 0) return emptyArray(`${at}.content`);
  const supported = PARTS[role] ?? USER_PARTS;
  for (const [index, part] of content.entries()) {
    const type = isObject(part) ? part.type : undefined;
    if (!supported.includes(String(type)))
      return invalidValue(`${at}.content[${index}].type`, type, supported);
  }
  return undefined;
}

function checkCalls(message: Body, at: string): Refusal | undefined {
  if (message.tool_calls === undefined || message.tool_calls === null) return undefined;
  if (Array.isArray(message.tool_calls) && message.tool_calls.length === 0)
    return emptyArray(`${at}.tool_calls`);
  for (const [index, call] of objectsOf(message.tool_calls).entries()) {
    const here = `${at}.tool_calls[${index}]`;
    if (typeof call.id !== 'string') return missing(`${here}.id`);
    if (call.type === 'custom') continue;
    if (!isObject(call.function)) return missing(`${here}.function`);
    const { arguments: input, name } = call.function;
    const badName = checkToolName(`${here}.function.name`, name);
    if (badName !== undefined) return badName;
    if (typeof input !== 'string') return invalidType(`${here}.function.arguments`, 'a string', input);
  }
  return undefined;
}

/** Every call is answered by tool messages right behind it, and no tool message stands elsewhere. */
function checkToolPairs(body: Body): Refusal | undefined {
  const messages = objectsOf(body.messages);
  let open: unknown[] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (!open.includes(message.tool_call_id)) return strayToolMessage(index);
      continue;
    }
    open = idsOf(message.tool_calls, 'id');
    const behind = messages.slice(index + 1);
    const end = behind.findIndex((next) => next.role !== 'tool');
    const left = unanswered(open, idsOf(end < 0 ? behind : behind.slice(0, end), 'tool_call_id'));
    if (left.length > 0) return unansweredCalls(index + 1, left);
  }
  return undefined;
}

function strayToolMessage(index: number): Refusal {
  return openaiError(
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
    { param: `messages.[${index}].role` },
  );
}

function unansweredCalls(index: number, ids: string[]): Refusal {
  return openaiError(
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(', ')}`,
    { param: `messages.[${index}].role` },
  );
}

function checkTools(body: Body): Refusal | undefined {
  for (const [index, tool] of objectsOf(body.tools).entries()) {
    if (tool.type !== 'function' && tool.type !== 'custom') {
      return invalidValue(`tools[${index}].type`, tool.type, ['function', 'custom']);
    }
    const inner = tool[tool.type];
    if (!isObject(inner)) return missing(`tools[${index}].${tool.type}`);
    const refusal = checkToolName(`tools[${index}].${tool.type}.name`, inner.name);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Reasoning models take only the newer field. */
function checkMaxTokens(body: Body): Refusal | undefined {
  if (body.max_tokens === undefined || !/^(o\d|gpt-5)/.test(String(body.model))) return undefined;
  return openaiError(
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    { param: 'max_tokens', code: 'unsupported_parameter' },
  );
}
