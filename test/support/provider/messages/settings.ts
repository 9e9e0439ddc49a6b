/** What Anthropic refuses of thinking, sampling, limits, formats and tools; model by model where they differ. */
import {
  anthropicError,
  type Body,
  firstOf,
  isObject,
  objectsOf,
  type Refusal,
  type Rule,
  type RuleContext,
} from '../refusal.ts';
import { claudeFacts } from './models.ts';
import { outputSchemaFault } from './schemas.ts';

export const SETTINGS_RULES: readonly Rule[] = [
  checkMaxTokens,
  checkSampling,
  checkThinking,
  checkEffort,
  checkFormat,
  checkStops,
];

/** Tools are looked at for counting too. */
export const TOOL_RULES: readonly Rule[] = [checkTools, checkToolChoice];

const MIN_THINKING_BUDGET = 1024;

/** 0 fills the cache and answers nothing (`MessageCreateParamsBase`). */
function checkMaxTokens(body: Body): Refusal | undefined {
  const limit = body.max_tokens as number;
  if (limit < 0) return anthropicError('max_tokens: must be greater than or equal to 0');
  const most = claudeFacts(body.model)?.maxTokens;
  if (most === undefined || limit <= most) return undefined;
  return anthropicError(
    `max_tokens: ${limit} > ${most}, which is the maximum allowed number of output tokens for ${String(body.model)}`,
  );
}

function checkSampling(body: Body): Refusal | undefined {
  const { temperature, top_p, top_k } = body;
  const sampling = claudeFacts(body.model)?.sampling;
  if (typeof temperature === 'number' && (temperature < 0 || temperature > 1)) {
    return anthropicError('temperature: range: 0..1');
  }
  if (typeof top_p === 'number' && (top_p < 0 || top_p > 1)) return anthropicError('top_p: range: 0..1');
  if (sampling === 'none') return checkNoSampling(body);
  if (sampling === 'one' && typeof temperature === 'number' && typeof top_p === 'number') {
    return anthropicError(
      '`temperature` and `top_p` cannot both be specified for this model. Please use only one.',
    );
  }
  if (!isThinking(body)) return undefined;
  if (typeof temperature === 'number' && temperature !== 1) {
    return anthropicError('`temperature` may only be set to 1 when thinking is enabled.');
  }
  if (typeof top_p === 'number' && top_p < 0.95) {
    return anthropicError('`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.');
  }
  return typeof top_k === 'number'
    ? anthropicError('`top_k` must be unset when thinking is enabled or in adaptive mode.')
    : undefined;
}

/** The values that change nothing are still taken. */
function checkNoSampling({ temperature, top_p, top_k }: Body): Refusal | undefined {
  const deprecated = (field: string) => anthropicError(`\`${field}\` is deprecated for this model.`);
  if (typeof temperature === 'number' && temperature !== 1) return deprecated('temperature');
  if (typeof top_p === 'number' && top_p < 0.99) return deprecated('top_p');
  return typeof top_k === 'number' ? deprecated('top_k') : undefined;
}

function isThinking(body: Body): boolean {
  return isObject(body.thinking) && (body.thinking.type === 'enabled' || body.thinking.type === 'adaptive');
}

function checkThinking(body: Body, { betas }: RuleContext): Refusal | undefined {
  if (!isObject(body.thinking)) return undefined;
  const { type, budget_tokens: budget } = body.thinking;
  const modes = claudeFacts(body.model)?.thinking;
  if (modes !== undefined && !modes.includes(String(type))) {
    return anthropicError(
      type === 'adaptive'
        ? 'adaptive thinking is not supported on this model'
        : `"thinking.type.${String(type)}" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.`,
    );
  }
  if (type !== 'enabled' || typeof budget !== 'number') return undefined;
  if (budget < MIN_THINKING_BUDGET) {
    return anthropicError('thinking.enabled.budget_tokens: Input should be greater than or equal to 1024');
  }
  // Interleaved thinking may spend more than one answer's limit.
  const interleaved = betas.some((beta) => beta.startsWith('interleaved-thinking'));
  if (budget >= (body.max_tokens as number) && !interleaved) {
    return anthropicError('`max_tokens` must be greater than `thinking.budget_tokens`.');
  }
  return undefined;
}

function checkEffort(body: Body): Refusal | undefined {
  const effort = isObject(body.output_config) ? body.output_config.effort : undefined;
  const facts = claudeFacts(body.model);
  if (typeof effort !== 'string' || facts === undefined) return undefined;
  if (facts.efforts.length === 0) return anthropicError('This model does not support the effort parameter.');
  if (!facts.efforts.includes(effort)) {
    const levels = facts.efforts.toSorted().join(', ');
    return anthropicError(
      `This model does not support effort level '${effort}'. Supported levels: ${levels}.`,
    );
  }
  const off = isObject(body.thinking) && body.thinking.type === 'disabled';
  if (!off || facts.effortUnthought === undefined || facts.effortUnthought.includes(effort)) return undefined;
  return anthropicError(
    `output_config.effort '${effort}' is not supported when thinking is disabled on this model. Use effort 'high' or below, or enable thinking.`,
  );
}

function checkFormat(body: Body): Refusal | undefined {
  const format = isObject(body.output_config) ? body.output_config.format : undefined;
  const fault = isObject(format) ? outputSchemaFault(format.schema) : undefined;
  return fault === undefined ? undefined : anthropicError(`output_config.format.schema: ${fault}`);
}

function checkStops(body: Body): Refusal | undefined {
  const stops = Array.isArray(body.stop_sequences) ? body.stop_sequences : [];
  return stops.some((stop) => String(stop).trim() === '')
    ? anthropicError('stop_sequences: each stop sequence must contain non-whitespace')
    : undefined;
}

/** Tools without a type, or of type `custom`, carry their own schema. */
function checkTools(body: Body): Refusal | undefined {
  const names = new Set<unknown>();
  return firstOf(objectsOf(body.tools), (tool, index) => {
    const custom = tool.type === undefined || tool.type === null || tool.type === 'custom';
    const refusal = custom ? checkCustomTool(tool, `tools.${index}.custom`) : undefined;
    if (refusal !== undefined) return refusal;
    if (names.has(tool.name)) return anthropicError('tools: Tool names must be unique.');
    names.add(tool.name);
    return undefined;
  });
}

function checkCustomTool(tool: Body, at: string): Refusal | undefined {
  const schema = isObject(tool.input_schema) ? tool.input_schema : {};
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(String(tool.name))) {
    return anthropicError(`${at}.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`);
  }
  if (schema.type !== 'object') return anthropicError(`${at}.input_schema.type: Input should be 'object'`);
  if (['oneOf', 'allOf', 'anyOf'].some((word) => word in schema)) {
    return anthropicError(
      `${at}.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level`,
    );
  }
  const fault = tool.strict === true ? outputSchemaFault(schema) : undefined;
  return fault === undefined ? undefined : anthropicError(`${at}: ${fault}`);
}

function checkToolChoice(body: Body): Refusal | undefined {
  if (!isObject(body.tool_choice)) return undefined;
  if (objectsOf(body.tools).length === 0) {
    return anthropicError('tool_choice may only be specified while providing tools');
  }
  const { type, name } = body.tool_choice;
  const forces = type === 'any' || type === 'tool';
  if (forces && claudeFacts(body.model)?.forcesTools === false) {
    return anthropicError('tool_choice: type "tool" and "any" are not supported for this model.');
  }
  if (forces && isThinking(body)) {
    return anthropicError('Thinking may not be enabled when tool_choice forces tool use.');
  }
  if (type === 'tool' && !objectsOf(body.tools).some((tool) => tool.name === name)) {
    return anthropicError(`Tool '${String(name)}' not found in provided tools`);
  }
  return undefined;
}
