/** What OpenAI refuses on `/v1/responses`, in the service's words. */
import { encryptedFor } from './proof.ts';
import { type Body, isObject, objectsOf, openaiError, type Refusal, type Rule } from './refusal.ts';
import {
  checkToolName,
  idsOf,
  invalidType,
  invalidValue,
  missing,
  toolSettingsNeedTools,
  unanswered,
} from './rules-openai.ts';

/** Fields of `ResponseCreateParams` (openai-node `resources/responses/responses.ts`), and Codex's `client_metadata`. */
const FIELDS = new Set(
  `access_programs background client_metadata context_management conversation image include input instructions
   max_output_tokens max_tool_calls metadata model moderation parallel_tool_calls previous_response_id prompt
   prompt_cache_key prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream
   stream_options temperature text tool_choice tools top_logprobs top_p truncation user`.split(/\s+/),
);

/** Chat Completions fields that have another name here. */
const MOVED: Record<string, string> = {
  messages: 'input',
  max_tokens: 'max_output_tokens',
  max_completion_tokens: 'max_output_tokens',
  response_format: 'text.format',
  reasoning_effort: 'reasoning.effort',
};

const INPUT_PARTS = ['input_text', 'input_image', 'input_file', 'input_audio'];
const OUTPUT_PARTS = ['output_text', 'refusal'];
const ID_PREFIXES: Record<string, string> = {
  message: 'msg',
  function_call: 'fc',
  custom_tool_call: 'ctc',
  reasoning: 'rs',
};

export const RESPONSES_RULES: readonly Rule[] = [
  checkFields,
  (body) => (typeof body.model === 'string' ? undefined : missing('model')),
  checkInput,
  checkItems,
  checkPairs,
  checkTools,
  toolSettingsNeedTools,
  checkLimit,
  checkPrevious,
];

function checkFields(body: Body): Refusal | undefined {
  const param = Object.keys(body).find((field) => !FIELDS.has(field));
  if (param === undefined) return undefined;
  const moved = MOVED[param];
  if (moved !== undefined) {
    return openaiError(
      `Unsupported parameter: '${param}'. In the Responses API, this parameter has moved to '${moved}'.`,
      { param, code: 'unsupported_parameter' },
    );
  }
  return openaiError(`Unknown parameter: '${param}'.`, { param, code: 'unknown_parameter' });
}

function checkInput(body: Body): Refusal | undefined {
  if (typeof body.input === 'string' || Array.isArray(body.input)) return undefined;
  if (body.input !== undefined)
    return invalidType('input', 'one of an array of objects or string', body.input);
  return openaiError(
    'One of "input" or "previous_response_id" or \'prompt\' or \'conversation_id\' must be provided.',
    { code: 'missing_required_parameter' },
  );
}

function checkItems(body: Body): Refusal | undefined {
  for (const [index, item] of objectsOf(body.input).entries()) {
    const refusal = checkItem(item, `input[${index}]`);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function checkItem(item: Body, at: string): Refusal | undefined {
  const type = String(item.type ?? 'message');
  const prefix = ID_PREFIXES[type];
  if (prefix !== undefined && typeof item.id === 'string' && !item.id.startsWith(prefix)) {
    return openaiError(`Invalid '${at}.id': '${item.id}'. Expected an ID that begins with '${prefix}'.`, {
      param: `${at}.id`,
      code: 'invalid_value',
    });
  }
  switch (type) {
    case 'message':
      return checkMessage(item, at);
    case 'function_call':
      return requireStrings(item, at, ['call_id', 'name', 'arguments']);
    case 'custom_tool_call':
      return requireStrings(item, at, ['call_id', 'name', 'input']);
    case 'function_call_output':
    case 'custom_tool_call_output':
      return (
        requireStrings(item, at, ['call_id']) ??
        (item.output === undefined ? missing(`${at}.output`) : undefined)
      );
    case 'reasoning':
      return checkReasoning(item, at);
    default:
      return undefined;
  }
}

function requireStrings(item: Body, at: string, fields: string[]): Refusal | undefined {
  const field = fields.find((name) => typeof item[name] !== 'string');
  if (field === undefined) return undefined;
  const here = `${at}.${field}`;
  return item[field] === undefined ? missing(here) : invalidType(here, 'a string', item[field]);
}

/** What a role may say: the assistant `output_text`, the others `input_text`. */
function checkMessage(item: Body, at: string): Refusal | undefined {
  if (typeof item.role !== 'string') return missing(`${at}.role`);
  if (typeof item.content === 'string') return undefined;
  if (!Array.isArray(item.content)) return missing(`${at}.content`);
  const supported = item.role === 'assistant' ? OUTPUT_PARTS : INPUT_PARTS;
  for (const [index, part] of item.content.entries()) {
    const type = isObject(part) ? part.type : undefined;
    if (!supported.includes(String(type))) return invalidValue(`${at}.content[${index}]`, type, supported);
  }
  return undefined;
}

function checkReasoning(item: Body, at: string): Refusal | undefined {
  if (!Array.isArray(item.summary)) return missing(`${at}.summary`);
  if (item.encrypted_content === undefined || item.encrypted_content === null) return undefined;
  const thinking = objectsOf(item.summary)
    .map((part) => part.text)
    .join('');
  if (item.encrypted_content === encryptedFor(thinking)) return undefined;
  return openaiError(`The encrypted content for item ${String(item.id)} could not be verified.`, {
    code: 'invalid_encrypted_content',
  });
}

/** Every call has its output somewhere in the input, and every output its call. */
function checkPairs(body: Body): Refusal | undefined {
  const items = objectsOf(body.input);
  for (const [call, output] of [
    ['function_call', 'function_call_output'],
    ['custom_tool_call', 'custom_tool_call_output'],
  ]) {
    const asked = idsOf(
      items.filter((item) => item.type === call),
      'call_id',
    );
    const answered = idsOf(
      items.filter((item) => item.type === output),
      'call_id',
    );
    const kind = call === 'function_call' ? 'function call' : 'custom tool call';
    const [open] = unanswered(asked, answered);
    if (open !== undefined)
      return openaiError(`No tool output found for ${kind} ${open}.`, { param: 'input' });
    const [stray] = unanswered(answered, asked);
    if (stray !== undefined) {
      return openaiError(`No tool call found for ${kind} output with call_id ${stray}.`, { param: 'input' });
    }
  }
  return undefined;
}

/** Tools are flat here: the name stands beside the type. */
function checkTools(body: Body): Refusal | undefined {
  for (const [index, tool] of objectsOf(body.tools).entries()) {
    if (typeof tool.type !== 'string') return missing(`tools[${index}].type`);
    if (tool.type !== 'function' && tool.type !== 'custom') continue;
    const refusal = checkToolName(`tools[${index}].name`, tool.name);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function checkLimit(body: Body): Refusal | undefined {
  const limit = body.max_output_tokens;
  if (typeof limit !== 'number' || limit >= 16) return undefined;
  return openaiError(
    `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got ${limit} instead.`,
    { param: 'max_output_tokens', code: 'integer_below_min_value' },
  );
}

/** This provider stores nothing. */
function checkPrevious(body: Body): Refusal | undefined {
  if (typeof body.previous_response_id !== 'string') return undefined;
  return openaiError(`Previous response with id '${body.previous_response_id}' not found.`, {
    param: 'previous_response_id',
    code: 'previous_response_not_found',
  });
}
