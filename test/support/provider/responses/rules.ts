/** What OpenAI refuses on `/v1/responses`, in the service's words; see `openai/words.ts` for where they are from. */
import { type ReasoningFacts, reasoningFacts } from '../openai/models.ts';
import { checkToolCount, checkToolName, toolSettingsNeedTools } from '../openai/rules.ts';
import { strictFault } from '../openai/strict-schema.ts';
import {
  invalidType,
  invalidValue,
  listed,
  missing,
  OPENAI_WORDS,
  outOfRange,
  unknownParameter,
  unsupportedParameter,
} from '../openai/words.ts';
import { type Body, firstOf, isObject, objectsOf, openaiError, type Refusal, type Rule } from '../refusal.ts';
import { checkShape } from '../shape.ts';
import { INPUT_RULES } from './input.ts';
import { BODY, TOOL_CHOICE } from './shapes.ts';

/** Chat Completions fields that have another name here. */
const MOVED: Readonly<Record<string, string>> = {
  messages: 'input',
  response_format: 'text.format',
  reasoning_effort: 'reasoning.effort',
};

export const RESPONSES_RULES: readonly Rule[] = [
  (body) => (typeof body.model === 'string' ? undefined : missing('model')),
  checkFields,
  (body) => checkShape(body, BODY, OPENAI_WORDS),
  checkTools,
  checkToolCount,
  toolSettingsNeedTools,
  checkToolChoice,
  checkLimit,
  checkFormat,
  ...INPUT_RULES,
  checkState,
  checkModelRules,
];

function checkFields(body: Body): Refusal | undefined {
  const param = Object.keys(body).find((field) => !(field in BODY.fields));
  if (param === undefined) return undefined;
  const moved = MOVED[param];
  if (moved === undefined) return unknownParameter(param);
  return openaiError(
    `Unsupported parameter: '${param}'. In the Responses API, this parameter has moved to '${moved}'. Try again with the new parameter. See the API documentation for more information: https://platform.openai.com/docs/api-reference/responses/create.`,
    { code: 'unsupported_parameter' },
  );
}

/** Tools are flat here: the name stands beside the type. A namespace holds tools in turn. */
function checkTools(body: Body): Refusal | undefined {
  return firstOf(objectsOf(body.tools), (tool, index) => {
    const at = `tools[${index}]`;
    if (tool.type !== 'namespace') return checkTool(tool, at);
    return firstOf(objectsOf(tool.tools), (inner, place) => checkTool(inner, `${at}.tools[${place}]`));
  });
}

function checkTool(tool: Body, at: string): Refusal | undefined {
  if (tool.type !== 'function' && tool.type !== 'custom') return undefined;
  const fault = tool.strict === true ? strictFault(tool.parameters) : undefined;
  return (
    checkToolName(`${at}.name`, tool.name) ??
    (fault === undefined
      ? undefined
      : openaiError(`Invalid schema for function '${String(tool.name)}': ${fault}`, {
          param: `${at}.parameters`,
          code: 'invalid_function_parameters',
        }))
  );
}

const CHOICES = ['none', 'auto', 'required'];

function checkToolChoice(body: Body): Refusal | undefined {
  const choice = body.tool_choice;
  if (choice === undefined || choice === null) return undefined;
  if (typeof choice === 'string') {
    return CHOICES.includes(choice) ? undefined : invalidValue('tool_choice', choice, CHOICES);
  }
  if (!isObject(choice)) {
    return invalidType('tool_choice', "one of an object or 'none', 'auto', or 'required'", choice);
  }
  const chosen = choice.type === 'allowed_tools' ? objectsOf(choice.tools) : [choice];
  return (
    checkShape(choice, TOOL_CHOICE, OPENAI_WORDS, ['tool_choice']) ??
    firstOf(chosen, (tool) => checkChosen(tool, objectsOf(body.tools)))
  );
}

/** What is chosen must be there. */
function checkChosen(chosen: Body, tools: readonly Body[]): Refusal | undefined {
  const named = chosen.type === 'function' || chosen.type === 'custom';
  const all = tools.flatMap((tool) => [tool, ...objectsOf(tool.tools)]);
  const found = named
    ? all.some((tool) => tool.type === chosen.type && tool.name === chosen.name)
    : all.some((tool) => tool.type === chosen.type);
  if (found) return undefined;
  const name = String(named ? chosen.name : chosen.type);
  return openaiError(`Tool choice '${name}' not found in 'tools' parameter.`, { param: 'tool_choice' });
}

const LEAST_OUTPUT = 16;

function checkLimit(body: Body): Refusal | undefined {
  const { max_output_tokens: limit, max_tool_calls: calls, temperature } = body;
  if (typeof limit === 'number' && limit < LEAST_OUTPUT) {
    return outOfRange('max_output_tokens', 'integer', limit, { least: LEAST_OUTPUT });
  }
  if (typeof calls === 'number' && calls < 1)
    return outOfRange('max_tool_calls', 'integer', calls, { least: 1 });
  return typeof temperature === 'number' && temperature > 2
    ? outOfRange('temperature', 'decimal', temperature, { most: 2 })
    : undefined;
}

function checkFormat(body: Body): Refusal | undefined {
  const format = isObject(body.text) && isObject(body.text.format) ? body.text.format : {};
  // `instructions` do not count.
  if (format.type === 'json_object' && !/json/i.test(JSON.stringify(body.input))) {
    return openaiError(
      "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
      { param: 'text.format' },
    );
  }
  const fault = format.strict === true ? strictFault(format.schema) : undefined;
  if (fault === undefined) return undefined;
  return openaiError(`Invalid schema for response_format '${String(format.name)}': ${fault}`, {
    param: 'text.format.schema',
    code: 'invalid_json_schema',
  });
}

/** This provider keeps items of answers, and nothing else. */
function checkState(body: Body): Refusal | undefined {
  const { conversation, prompt, previous_response_id: previous } = body;
  const id = isObject(conversation) ? conversation.id : conversation;
  if (typeof id === 'string') return openaiError(`Conversation with id '${id}' not found.`, { status: 404 });
  if (isObject(prompt))
    return openaiError(`Prompt with id '${String(prompt.id)}' not found.`, { status: 404 });
  if (typeof previous !== 'string') return undefined;
  return openaiError(`Previous response with id '${previous}' not found.`, {
    param: 'previous_response_id',
    code: 'previous_response_not_found',
  });
}

function checkModelRules(body: Body): Refusal | undefined {
  const facts = reasoningFacts(body.model);
  const reasoning = isObject(body.reasoning) ? body.reasoning : {};
  if (facts === undefined) return undefined;
  if (facts !== null) return checkReasoningModel(body, reasoning.effort ?? undefined, facts);
  const set = ['effort', 'summary'].find((field) => (reasoning[field] ?? undefined) !== undefined);
  if (set !== undefined) return unsupportedParameter(`reasoning.${set}`);
  return Array.isArray(body.include) && body.include.includes('reasoning.encrypted_content')
    ? openaiError('Encrypted content is not supported with this model.', { param: 'include' })
    : undefined;
}

function checkReasoningModel(body: Body, effort: unknown, facts: ReasoningFacts): Refusal | undefined {
  const efforts = [...facts.efforts, ...facts.moreEfforts];
  if (effort !== undefined && !efforts.includes(String(effort))) {
    return openaiError(
      `Unsupported value: '${String(effort)}' is not supported with the '${String(body.model)}' model. Supported values are: ${listed(efforts, 'and')}.`,
      { param: 'reasoning.effort', code: 'unsupported_value' },
    );
  }
  if ((effort ?? facts.usualEffort) === 'none') return undefined;
  const { temperature, top_p } = body;
  if (typeof temperature === 'number' && temperature !== 1)
    return unsupportedParameter('temperature', '', null);
  if (typeof top_p === 'number' && top_p !== 1) return unsupportedParameter('top_p', '', null);
  const penalty = ['presence_penalty', 'frequency_penalty'].find((field) => body[field]);
  if (penalty !== undefined) return unsupportedParameter(penalty, '', null);
  const logprobs = Array.isArray(body.include) && body.include.includes('message.output_text.logprobs');
  return logprobs || body.top_logprobs
    ? openaiError('logprobs are not supported with reasoning models.', {
        param: logprobs ? 'include' : 'top_logprobs',
        code: 'unsupported_parameter',
      })
    : undefined;
}
