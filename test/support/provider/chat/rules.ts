/** What is refused on `/v1/chat/completions`, in the service's words. */
import { type ReasoningFacts, reasoningFacts } from '../openai/models.ts';
import {
  checkToolCount,
  checkToolName,
  needsModel,
  streamOptionsNeedStream,
  toolSettingsNeedTools,
  unrecognized,
} from '../openai/rules.ts';
import { strictFault } from '../openai/strict-schema.ts';
import {
  invalidType,
  invalidValue,
  listed,
  outOfRange,
  tooLong,
  unsupportedParameter,
} from '../openai/words.ts';
import {
  type Body,
  firstOf,
  isObject,
  objectsOf,
  openaiError,
  type Refusal,
  type Rule,
  type RuleContext,
} from '../refusal.ts';
import { checkShape } from '../shape.ts';
import { MESSAGE_RULES } from './messages.ts';
import { bodyShape, TOOL_CHOICE } from './shapes.ts';
import { wordsOf } from './words.ts';

export const CHAT_RULES: readonly Rule[] = [
  needsModel,
  checkFields,
  checkBody,
  ...MESSAGE_RULES,
  checkTools,
  checkToolCount,
  toolSettingsNeedTools,
  checkToolChoice,
  streamOptionsNeedStream,
  checkRanges,
  checkFormat,
  checkMaxTokens,
  checkModelRules,
];

/** Models that reason have a newer schema with other words for it. */
function checkFields(body: Body, { dialect }: RuleContext): Refusal | undefined {
  const { fields } = bodyShape(dialect);
  const unknown = Object.keys(body).filter((field) => !(field in fields));
  const [first] = unknown;
  if (first === undefined) return undefined;
  if (dialect.words === 'openai' && dialect.unknownFields === 'refused' && !reasoningFacts(body.model)) {
    return unrecognized(unknown);
  }
  return wordsOf(dialect).unknown([], first);
}

function checkBody(body: Body, { dialect }: RuleContext): Refusal | undefined {
  return checkShape(body, bodyShape(dialect), wordsOf(dialect));
}

function checkTools(body: Body): Refusal | undefined {
  return firstOf(objectsOf(body.tools), (tool, index) => {
    const kind = tool.type === 'custom' ? 'custom' : 'function';
    const inner = isObject(tool[kind]) ? tool[kind] : {};
    const at = `tools[${index}].${kind}`;
    const fault = inner.strict === true ? strictFault(inner.parameters) : undefined;
    return (
      checkToolName(`${at}.name`, inner.name) ??
      (fault === undefined
        ? undefined
        : openaiError(`Invalid schema for function '${String(inner.name)}': ${fault}`, {
            param: `${at}.parameters`,
            code: 'invalid_function_parameters',
          }))
    );
  });
}

const CHOICES = ['none', 'auto', 'required'];

function checkToolChoice(body: Body, { dialect }: RuleContext): Refusal | undefined {
  const choice = body.tool_choice;
  if (choice === undefined || choice === null) return undefined;
  if (typeof choice === 'string') {
    // Mistral's word for `required` is `any`; it takes both.
    const known = dialect.words === 'pydantic' ? [...CHOICES, 'any'] : CHOICES;
    return known.includes(choice) ? undefined : invalidValue('tool_choice', choice, CHOICES);
  }
  if (!isObject(choice)) {
    return invalidType('tool_choice', "one of one of 'none', 'auto', or 'required' or object", choice);
  }
  return checkShape(choice, TOOL_CHOICE, wordsOf(dialect), ['tool_choice']);
}

const LIMITS: Readonly<Record<string, readonly ['integer' | 'decimal', least: number, most: number]>> = {
  temperature: ['decimal', 0, 2],
  top_p: ['decimal', 0, 1],
  presence_penalty: ['decimal', -2, 2],
  frequency_penalty: ['decimal', -2, 2],
  n: ['integer', 1, 128],
  max_tokens: ['integer', 1, Number.POSITIVE_INFINITY],
  max_completion_tokens: ['integer', 1, Number.POSITIVE_INFINITY],
};

const MOST_STOPS = 4;

function checkRanges(body: Body): Refusal | undefined {
  if (Array.isArray(body.stop) && body.stop.length > MOST_STOPS) {
    return tooLong('stop', 'array', MOST_STOPS, body.stop.length);
  }
  return firstOf(Object.entries(LIMITS), ([field, [kind, least, most]]) => {
    const value = body[field];
    if (typeof value !== 'number') return undefined;
    if (value < least) return outOfRange(field, kind, value, { least });
    return value > most ? outOfRange(field, kind, value, { most }) : undefined;
  });
}

function checkFormat(body: Body): Refusal | undefined {
  const format = body.response_format;
  if (!isObject(format)) return undefined;
  if (format.type === 'json_object' && !/json/i.test(JSON.stringify(body.messages))) {
    return openaiError(
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      { param: 'messages' },
    );
  }
  const named = isObject(format.json_schema) ? format.json_schema : {};
  const fault = named.strict === true ? strictFault(named.schema) : undefined;
  if (fault === undefined) return undefined;
  return openaiError(`Invalid schema for response_format '${String(named.name)}': ${fault}`, {
    param: 'response_format',
  });
}

/** Reasoning models take only the newer field. */
function checkMaxTokens(body: Body, { dialect }: RuleContext): Refusal | undefined {
  if (!dialect.modelRules || body.max_tokens === undefined || !reasoningFacts(body.model)) return undefined;
  return unsupportedParameter('max_tokens', " Use 'max_completion_tokens' instead.");
}

function checkModelRules(body: Body, { dialect }: RuleContext): Refusal | undefined {
  const facts = dialect.modelRules ? reasoningFacts(body.model) : undefined;
  if (facts === undefined) return undefined;
  const effort = body.reasoning_effort ?? undefined;
  if (facts === null) return effort === undefined ? undefined : unrecognized(['reasoning_effort']);
  if (effort !== undefined && !facts.efforts.includes(String(effort))) {
    return openaiError(
      `Unsupported value: 'reasoning_effort' does not support '${String(effort)}' with this model. Supported values are: ${listed(facts.efforts, 'and')}.`,
      { param: 'reasoning_effort', code: 'unsupported_value' },
    );
  }
  return checkReasoningModel(body, facts, (effort ?? facts.usualEffort) !== 'none');
}

/** What such a model never takes, and what it takes only with effort `none`. */
function checkReasoningModel(body: Body, facts: ReasoningFacts, reasons: boolean): Refusal | undefined {
  const never = ['stop', 'logit_bias', 'prediction'].find(
    (field) => body[field] !== undefined && body[field] !== null,
  );
  if (never !== undefined) return unsupportedParameter(never);
  if (!reasons) return undefined;
  const { temperature, top_p, presence_penalty, frequency_penalty, logprobs } = body;
  if (typeof temperature === 'number' && temperature !== 1) {
    return openaiError(
      `Unsupported value: 'temperature' does not support ${temperature} with this model. Only the default (1) value is supported.`,
      { param: 'temperature', code: 'unsupported_value' },
    );
  }
  if (typeof top_p === 'number' && top_p !== 1) return unsupportedParameter('top_p');
  if (presence_penalty) return unsupportedParameter('presence_penalty');
  if (frequency_penalty) return unsupportedParameter('frequency_penalty');
  if (logprobs === true) return unsupportedParameter('logprobs');
  if (facts.toolsOnlyUnreasoned && objectsOf(body.tools).some((tool) => tool.type === 'function')) {
    return openaiError(
      `Function tools with reasoning_effort are not supported for ${String(body.model)} in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.`,
      { param: 'reasoning_effort' },
    );
  }
  return undefined;
}
