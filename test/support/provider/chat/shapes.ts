/** The shape of a Chat Completions request (openai-node `resources/chat/completions/completions.ts`, `shared.ts`). */
import type {
  ChatCompletionAllowedToolChoice,
  ChatCompletionAssistantMessageParam,
  ChatCompletionContentPart,
  ChatCompletionContentPartImage,
  ChatCompletionContentPartInputAudio,
  ChatCompletionContentPartRefusal,
  ChatCompletionContentPartText,
  ChatCompletionCreateParamsBase,
  ChatCompletionCustomTool,
  ChatCompletionDeveloperMessageParam,
  ChatCompletionFunctionMessageParam,
  ChatCompletionMessageCustomToolCall,
  ChatCompletionMessageFunctionToolCall,
  ChatCompletionNamedToolChoice,
  ChatCompletionNamedToolChoiceCustom,
  ChatCompletionStreamOptions,
  ChatCompletionSystemMessageParam,
  ChatCompletionToolMessageParam,
  ChatCompletionUserMessageParam,
} from 'openai/resources/chat/completions';
import type { FunctionDefinition, ResponseFormatJSONSchema } from 'openai/resources/shared';
import { type ObjectShape, object, oneOf, type Shape, tagged, textOr, widened } from '../shape.ts';
import type { Dialect } from './dialect.ts';

const TEXT_PART = object<ChatCompletionContentPartText>(
  { type: 'any', text: 'string', prompt_cache_breakpoint: 'map' },
  ['text'],
);

const PARTS: Readonly<Record<string, Shape>> = {
  text: TEXT_PART,
  image_url: object<ChatCompletionContentPartImage>(
    {
      type: 'any',
      image_url: object<ChatCompletionContentPartImage.ImageURL>(
        { url: 'string', detail: oneOf('auto', 'low', 'high', 'original') },
        ['url'],
      ),
      prompt_cache_breakpoint: 'map',
    },
    ['image_url'],
  ),
  input_audio: object<ChatCompletionContentPartInputAudio>(
    {
      type: 'any',
      input_audio: object<ChatCompletionContentPartInputAudio.InputAudio>(
        { data: 'string', format: oneOf('wav', 'mp3') },
        ['data', 'format'],
      ),
      prompt_cache_breakpoint: 'map',
    },
    ['input_audio'],
  ),
  file: object<ChatCompletionContentPart.File>(
    {
      type: 'any',
      file: object<ChatCompletionContentPart.File.File>({
        file_data: 'string',
        file_id: 'string',
        filename: 'string',
      }),
      prompt_cache_breakpoint: 'map',
    },
    ['file'],
  ),
  document_url: 'map',
};

const REFUSAL_PART = object<ChatCompletionContentPartRefusal>({ type: 'any', refusal: 'string' }, [
  'refusal',
]);

/** `parsed_arguments` comes from the SDK's own helpers. */
const FUNCTION_CALL = widened(
  object<ChatCompletionMessageFunctionToolCall.Function>({ name: 'string', arguments: 'string' }, [
    'name',
    'arguments',
  ]),
  { parsed_arguments: 'any' },
);

const TOOL_CALL = tagged(
  {
    function: object<ChatCompletionMessageFunctionToolCall>(
      { id: 'string', type: 'any', function: FUNCTION_CALL },
      ['id', 'function'],
    ),
    custom: object<ChatCompletionMessageCustomToolCall>(
      {
        id: 'string',
        type: 'any',
        custom: object<ChatCompletionMessageCustomToolCall.Custom>({ name: 'string', input: 'string' }, [
          'name',
          'input',
        ]),
      },
      ['id', 'custom'],
    ),
  },
  'function',
);

const TEXTS = textOr([tagged({ text: TEXT_PART })]);

type MessageShapes = Readonly<Record<string, ObjectShape>>;

/** Shapes are made once for each dialect. */
const made = new WeakMap<Dialect, { messages: MessageShapes; body: ObjectShape }>();

function shapesOf(dialect: Dialect): { messages: MessageShapes; body: ObjectShape } {
  const known = made.get(dialect) ?? { messages: makeMessages(dialect), body: makeBody(dialect) };
  made.set(dialect, known);
  return known;
}

/** Messages by role. */
export function messageShapes(dialect: Dialect): MessageShapes {
  return shapesOf(dialect).messages;
}

/** The whole body but its messages and tool choice. */
export function bodyShape(dialect: Dialect): ObjectShape {
  return shapesOf(dialect).body;
}

/** `annotations` and `parsed` come back where an answer's message is sent as history. */
function makeMessages(dialect: Dialect): MessageShapes {
  const more = Object.fromEntries(dialect.assistantTakes.map((field) => [field, 'any' as const]));
  const userParts = Object.fromEntries(dialect.userParts.map((type) => [type, PARTS[type] ?? 'map']));
  return {
    system: object<ChatCompletionSystemMessageParam>({ role: 'any', content: TEXTS, name: 'string' }),
    developer: object<ChatCompletionDeveloperMessageParam>({ role: 'any', content: TEXTS, name: 'string' }),
    user: object<ChatCompletionUserMessageParam>({
      role: 'any',
      content: textOr([tagged(userParts)]),
      name: 'string',
    }),
    tool: object<ChatCompletionToolMessageParam>(
      { role: 'any', content: textOr([tagged({ text: TEXT_PART })]), tool_call_id: 'string' },
      ['tool_call_id'],
    ),
    function: object<ChatCompletionFunctionMessageParam>({ role: 'any', content: 'string', name: 'string' }, [
      'name',
    ]),
    assistant: widened(
      object<ChatCompletionAssistantMessageParam>({
        role: 'any',
        content: textOr([tagged({ text: TEXT_PART, refusal: REFUSAL_PART })]),
        name: 'string',
        refusal: 'string',
        audio: 'map',
        function_call: 'map',
        tool_calls: [TOOL_CALL],
      }),
      { annotations: 'any', parsed: 'any', ...more },
    ),
  };
}

const FUNCTION = object<FunctionDefinition>(
  { name: 'any', description: 'string', parameters: 'map', strict: 'boolean' },
  ['name'],
);

const TOOLS: Readonly<Record<string, Shape>> = {
  function: object<{ type: string; function: FunctionDefinition }>({ type: 'any', function: FUNCTION }, [
    'function',
  ]),
  custom: object<ChatCompletionCustomTool>(
    {
      type: 'any',
      custom: object<ChatCompletionCustomTool.Custom>(
        { name: 'any', description: 'string', format: tagged({ text: 'any', grammar: grammar() }) },
        ['name'],
      ),
    },
    ['custom'],
  ),
};

function grammar(): Shape {
  return object<ChatCompletionCustomTool.Custom.Grammar>(
    {
      type: 'any',
      grammar: object<ChatCompletionCustomTool.Custom.Grammar.Grammar>(
        { definition: 'string', syntax: oneOf('lark', 'regex') },
        ['definition', 'syntax'],
      ),
    },
    ['grammar'],
  );
}

const CHOICE_NAME = object<ChatCompletionNamedToolChoice.Function>({ name: 'string' }, ['name']);

export const TOOL_CHOICE = tagged({
  function: object<ChatCompletionNamedToolChoice>({ type: 'any', function: CHOICE_NAME }, ['function']),
  custom: object<ChatCompletionNamedToolChoiceCustom>({ type: 'any', custom: CHOICE_NAME }, ['custom']),
  allowed_tools: object<ChatCompletionAllowedToolChoice>({ type: 'any', allowed_tools: 'map' }, [
    'allowed_tools',
  ]),
});

function formats(dialect: Dialect): Shape {
  const known: Record<string, Shape> = {
    json_schema: object<ResponseFormatJSONSchema>(
      {
        type: 'any',
        json_schema: object<ResponseFormatJSONSchema.JSONSchema>(
          { name: 'string', description: 'string', schema: 'map', strict: 'boolean' },
          ['name'],
        ),
      },
      ['json_schema'],
    ),
  };
  return tagged(Object.fromEntries(dialect.responseFormats.map((type) => [type, known[type] ?? 'map'])));
}

/** `messages` and `tool_choice` have rules of their own. */
const FIELDS = object<ChatCompletionCreateParamsBase>({
  messages: 'any',
  model: 'any',
  audio: 'map',
  frequency_penalty: 'number',
  function_call: 'any',
  functions: ['map'],
  logit_bias: 'map',
  logprobs: 'boolean',
  max_completion_tokens: 'integer',
  max_tokens: 'integer',
  metadata: 'map',
  modalities: ['string'],
  moderation: 'map',
  n: 'integer',
  parallel_tool_calls: 'boolean',
  prediction: 'map',
  presence_penalty: 'number',
  prompt_cache_key: 'string',
  prompt_cache_options: 'map',
  prompt_cache_retention: 'string',
  reasoning_effort: 'string',
  response_format: 'any',
  safety_identifier: 'string',
  seed: 'integer',
  service_tier: oneOf('auto', 'default', 'fast', 'flex', 'priority', 'scale'),
  stop: textOr(['string']),
  store: 'boolean',
  stream: 'boolean',
  stream_options: object<ChatCompletionStreamOptions>({
    include_obfuscation: 'boolean',
    include_usage: 'boolean',
  }),
  temperature: 'number',
  tool_choice: 'any',
  tools: 'any',
  top_logprobs: 'integer',
  top_p: 'number',
  user: 'string',
  verbosity: oneOf('low', 'medium', 'high'),
  web_search_options: 'map',
});

function makeBody(dialect: Dialect): ObjectShape {
  const refused = new Set(dialect.refuses);
  const known = Object.entries(FIELDS.fields).filter(([field]) => !refused.has(field));
  const more = dialect.takes.map((field) => [field, 'any'] as const);
  const tools = Object.fromEntries(dialect.toolTypes.map((type) => [type, TOOLS[type] ?? 'map']));
  return {
    kind: 'object',
    required: dialect.needs,
    fields: {
      ...Object.fromEntries([...known, ...more]),
      tools: [tagged(tools)],
      response_format: formats(dialect),
    },
  };
}
