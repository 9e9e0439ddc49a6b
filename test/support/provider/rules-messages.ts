/** What Anthropic refuses on `/v1/messages` and `/v1/messages/count_tokens`: credential, version, fields, settings. */
import type { IncomingHttpHeaders } from 'node:http';
import { anthropicError, type Body, isObject, objectsOf, type Refusal, type Rule } from './refusal.ts';
import { CONVERSATION_RULES } from './rules-messages-conversation.ts';

/** Fields of `MessageCreateParams` (anthropic-sdk-typescript `resources/messages/messages.ts`). */
const FIELDS =
  `max_tokens messages model cache_control container diagnostics inference_geo metadata output_config
  service_tier speed stop_sequences stream system temperature thinking tool_choice tools top_k top_p user_profile_id
  workspace_id`.split(/\s+/);

/** Fields taken only with an `anthropic-beta` header (`resources/beta/messages/messages.ts`; `safeguards` as Claude Code sends it). */
const BETA_FIELDS = `billing_policy compaction context_management fallback_credit_token fallbacks mcp_servers
  output_format safeguards thread`.split(/\s+/);

const COUNT_EXCLUDES = [
  'max_tokens',
  'stream',
  'temperature',
  'top_k',
  'top_p',
  'stop_sequences',
  'metadata',
];

const MIN_THINKING_BUDGET = 1024;
const MAX_CACHE_BLOCKS = 4;

/** `x-api-key` or Bearer, as the service takes both. */
export function checkAnthropicCredential(
  headers: IncomingHttpHeaders,
  credential: string,
): Refusal | undefined {
  const key = headers['x-api-key'];
  const bearer = headers.authorization?.match(/^Bearer (.*)$/i)?.[1];
  if (key === credential || (key === undefined && bearer === credential)) return undefined;
  const message =
    key !== undefined
      ? 'invalid x-api-key'
      : bearer !== undefined
        ? 'Invalid bearer token'
        : 'x-api-key header is required';
  return anthropicError(message, 401, 'authentication_error');
}

export function checkVersion(headers: IncomingHttpHeaders): Refusal | undefined {
  const version = headers['anthropic-version'];
  if (version === undefined) return anthropicError('anthropic-version: header is required');
  if (/^\d{4}-\d{2}-\d{2}$/.test(version.toString())) return undefined;
  return anthropicError(`anthropic-version: "${version}" is not a valid version`);
}

export function unknownAnthropicModel(model: unknown): Refusal {
  return anthropicError(`model: ${String(model)}`, 404, 'not_found_error');
}

/** Rules of `/v1/messages`. `beta`: the request carries `anthropic-beta`. */
export function messagesRules(beta: boolean): readonly Rule[] {
  return [
    extraFields(beta ? [...FIELDS, ...BETA_FIELDS] : FIELDS),
    requiredFields('model', 'max_tokens', 'messages'),
    ...SETTINGS_RULES,
    ...CONVERSATION_RULES,
  ];
}

/** Rules of `/v1/messages/count_tokens`. */
export function countTokensRules(beta: boolean): readonly Rule[] {
  const allowed = (beta ? [...FIELDS, ...BETA_FIELDS] : FIELDS).filter(
    (field) => !COUNT_EXCLUDES.includes(field),
  );
  return [extraFields(allowed), requiredFields('model', 'messages'), ...CONVERSATION_RULES];
}

function extraFields(allowed: readonly string[]): Rule {
  return (body) => {
    const extra = Object.keys(body).find((field) => !allowed.includes(field));
    return extra === undefined ? undefined : anthropicError(`${extra}: Extra inputs are not permitted`);
  };
}

function requiredFields(...fields: string[]): Rule {
  return (body) => {
    const field = fields.find((name) => body[name] === undefined || body[name] === null);
    return field === undefined ? undefined : anthropicError(`${field}: Field required`);
  };
}

const SETTINGS_RULES: readonly Rule[] = [
  checkMaxTokens,
  checkTemperature,
  checkThinking,
  checkTools,
  checkToolChoice,
  checkCacheBlocks,
];

function checkMaxTokens(body: Body): Refusal | undefined {
  if (Number.isInteger(body.max_tokens) && (body.max_tokens as number) >= 1) return undefined;
  return anthropicError('max_tokens: Input should be greater than or equal to 1');
}

function checkTemperature(body: Body): Refusal | undefined {
  const { temperature } = body;
  if (typeof temperature !== 'number') return undefined;
  if (temperature < 0 || temperature > 1) return anthropicError('temperature: range: 0..1');
  if (isThinking(body) && temperature !== 1) {
    return anthropicError('`temperature` may only be set to 1 when thinking is enabled.');
  }
  return undefined;
}

export function isThinking(body: Body): boolean {
  return isObject(body.thinking) && (body.thinking.type === 'enabled' || body.thinking.type === 'adaptive');
}

function checkThinking(body: Body): Refusal | undefined {
  if (!isObject(body.thinking) || body.thinking.type !== 'enabled') return undefined;
  const budget = body.thinking.budget_tokens;
  if (typeof budget !== 'number') return anthropicError('thinking.enabled.budget_tokens: Field required');
  if (budget < MIN_THINKING_BUDGET) {
    return anthropicError('thinking.enabled.budget_tokens: Input should be greater than or equal to 1024');
  }
  if (budget >= (body.max_tokens as number)) {
    return anthropicError('`max_tokens` must be greater than `thinking.budget_tokens`.');
  }
  return undefined;
}

/** Tools without a type, or of type `custom`, carry their own schema. */
function checkTools(body: Body): Refusal | undefined {
  const names = new Set<unknown>();
  for (const [index, tool] of objectsOf(body.tools).entries()) {
    if (tool.type === undefined || tool.type === null || tool.type === 'custom') {
      const at = `tools.${index}.custom`;
      if (typeof tool.name !== 'string') return anthropicError(`${at}.name: Field required`);
      if (!/^[a-zA-Z0-9_-]{1,128}$/.test(tool.name)) {
        return anthropicError(`${at}.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`);
      }
      if (!isObject(tool.input_schema)) return anthropicError(`${at}.input_schema: Field required`);
      if (tool.input_schema.type !== 'object')
        return anthropicError(`${at}.input_schema.type: Input should be 'object'`);
    }
    if (names.has(tool.name)) return anthropicError('tools: Tool names must be unique.');
    names.add(tool.name);
  }
  return undefined;
}

function checkToolChoice(body: Body): Refusal | undefined {
  if (body.tool_choice === undefined || body.tool_choice === null) return undefined;
  if (!isObject(body.tool_choice)) return anthropicError('tool_choice: Input should be an object');
  if (objectsOf(body.tools).length === 0)
    return anthropicError('tool_choice may only be specified while providing tools');
  const { type, name } = body.tool_choice;
  if (isThinking(body) && (type === 'any' || type === 'tool')) {
    return anthropicError('Thinking may not be enabled when tool_choice forces tool use.');
  }
  if (type === 'tool' && !objectsOf(body.tools).some((tool) => tool.name === name)) {
    return anthropicError(`Tool '${String(name)}' not found in provided tools`);
  }
  return undefined;
}

function checkCacheBlocks(body: Body): Refusal | undefined {
  const blocks = [
    body.system,
    body.tools,
    ...objectsOf(body.messages).map((message) => message.content),
  ].flatMap(objectsOf);
  const count = blocks.filter((block) => isObject(block.cache_control)).length;
  if (count <= MAX_CACHE_BLOCKS) return undefined;
  return anthropicError(`A maximum of 4 blocks with cache_control may be provided. Found ${count}.`);
}
