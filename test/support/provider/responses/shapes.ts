/** The shape of a Responses request (openai-node `resources/responses/responses.ts`, `shared.ts`). */
import type {
  CustomTool,
  EasyInputMessage,
  FunctionTool,
  NamespaceTool,
  ResponseCreateParams,
  ResponseCreateParamsBase,
  ResponseCustomToolCall,
  ResponseCustomToolCallOutput,
  ResponseFormatTextJSONSchemaConfig,
  ResponseFunctionToolCall,
  ResponseInputFile,
  ResponseInputImage,
  ResponseInputItem,
  ResponseInputText,
  ResponseOutputMessage,
  ResponseOutputRefusal,
  ResponseOutputText,
  ResponseReasoningItem,
  ResponseTextConfig,
  ToolChoiceAllowed,
  ToolChoiceCustom,
  ToolChoiceFunction,
  WebSearchTool,
} from 'openai/resources/responses/responses';
import type { CustomToolInputFormat, Reasoning } from 'openai/resources/shared';
import { object, oneOf, type Shape, tagged, textOr, widened } from '../shape.ts';

const STATUS = oneOf('in_progress', 'completed', 'incomplete');

export const INPUT_PARTS: Readonly<Record<string, Shape>> = {
  input_text: object<ResponseInputText>({ type: 'any', text: 'string', prompt_cache_breakpoint: 'map' }, [
    'text',
  ]),
  input_image: object<ResponseInputImage>({
    type: 'any',
    detail: oneOf('auto', 'low', 'high', 'original'),
    file_id: 'string',
    image_url: 'string',
    prompt_cache_breakpoint: 'map',
  }),
  input_file: object<ResponseInputFile>({
    type: 'any',
    detail: 'string',
    file_data: 'string',
    file_id: 'string',
    file_url: 'string',
    filename: 'string',
    prompt_cache_breakpoint: 'map',
  }),
};

export const OUTPUT_PARTS: Readonly<Record<string, Shape>> = {
  output_text: object<ResponseOutputText & { parsed?: unknown }>(
    { type: 'any', text: 'string', annotations: 'any', logprobs: 'any', parsed: 'any' },
    ['text'],
  ),
  refusal: object<ResponseOutputRefusal>({ type: 'any', refusal: 'string' }, ['refusal']),
};

/** A message; contents have a rule of their own, since the role decides. */
const MESSAGE = object<EasyInputMessage | ResponseOutputMessage>(
  {
    role: 'any',
    content: 'any',
    type: 'any',
    id: 'string',
    status: STATUS,
    phase: oneOf('commentary', 'final_answer'),
  },
  ['role', 'content'],
);

const OUTPUT = textOr([tagged(INPUT_PARTS)]);

/** `parsed_arguments` comes from the SDK's own helpers. */
const FUNCTION_CALL = widened(
  object<ResponseFunctionToolCall>(
    {
      type: 'any',
      id: 'string',
      call_id: 'string',
      name: 'string',
      arguments: 'string',
      namespace: 'string',
      status: STATUS,
      async: 'boolean',
      caller: 'map',
    },
    ['call_id', 'name', 'arguments'],
  ),
  { parsed_arguments: 'any' },
);

/** Items with a shape of their own; `ITEM_TYPES` are the others. */
const ITEMS: Readonly<Record<string, Shape>> = {
  message: MESSAGE,
  function_call: FUNCTION_CALL,
  function_call_output: object<ResponseInputItem.FunctionCallOutput>(
    {
      type: 'any',
      id: 'string',
      call_id: 'string',
      output: OUTPUT,
      status: STATUS,
      caller: 'map',
      name: 'string',
      namespace: 'string',
    },
    ['call_id', 'output'],
  ),
  custom_tool_call: widened(
    object<ResponseCustomToolCall>(
      {
        type: 'any',
        id: 'string',
        call_id: 'string',
        name: 'string',
        input: 'string',
        namespace: 'string',
        async: 'boolean',
        caller: 'map',
      },
      ['call_id', 'name', 'input'],
    ),
    { status: STATUS },
  ),
  custom_tool_call_output: widened(
    object<ResponseCustomToolCallOutput>(
      { type: 'any', id: 'string', call_id: 'string', output: OUTPUT, caller: 'map' },
      ['call_id', 'output'],
    ),
    { status: STATUS },
  ),
  reasoning: object<ResponseReasoningItem>(
    {
      type: 'any',
      id: 'string',
      summary: [
        tagged({
          summary_text: object<ResponseReasoningItem.Summary>({ type: 'any', text: 'string' }, ['text']),
        }),
      ],
      content: [
        tagged({
          reasoning_text: object<ResponseReasoningItem.Content>({ type: 'any', text: 'string' }, ['text']),
        }),
      ],
      encrypted_content: 'string',
      status: STATUS,
    },
    ['summary'],
  ),
  item_reference: object<ResponseInputItem.ItemReference>({ type: 'any', id: 'string' }, ['id']),
};

const ITEM_TYPES = `additional_tools apply_patch_call apply_patch_call_output code_interpreter_call compaction
  compaction_trigger computer_call computer_call_output configuration_update file_search_call image_generation_call
  local_shell_call local_shell_call_output mcp_approval_request mcp_approval_response mcp_call mcp_list_tools program
  program_output shell_call shell_call_output tool_search_call tool_search_output web_search_call`.split(
  /\s+/,
);

export const ITEM = tagged(
  { ...Object.fromEntries(ITEM_TYPES.map((type) => [type, 'map' as const])), ...ITEMS },
  'message',
);

const CUSTOM_TOOL = object<CustomTool>(
  {
    type: 'any',
    name: 'any',
    description: 'string',
    format: tagged({
      text: 'map',
      grammar: object<CustomToolInputFormat.Grammar>(
        { type: 'any', definition: 'string', syntax: oneOf('lark', 'regex') },
        ['definition', 'syntax'],
      ),
    }),
    defer_loading: 'boolean',
    async: 'boolean',
    allowed_callers: 'any',
  },
  ['name'],
);

const FUNCTION_TOOL = object<FunctionTool | NamespaceTool.Function>(
  {
    type: 'any',
    name: 'any',
    description: 'string',
    parameters: 'map',
    strict: 'boolean',
    defer_loading: 'boolean',
    async: 'boolean',
    allowed_callers: 'any',
    output_schema: 'map',
  },
  ['name'],
);

const WEB_SEARCH = widened(
  object<WebSearchTool>({
    type: 'any',
    external_web_access: 'boolean',
    filters: 'map',
    search_context_size: oneOf('low', 'medium', 'high'),
    user_location: 'map',
  }),
  // As Codex sends it for models that see; of the types, only the preview tool's has it.
  { search_content_types: ['string'] },
);

const HOSTED_TOOLS = `apply_patch code_interpreter computer computer_use_preview file_search image_generation
  local_shell mcp programmatic_tool_calling shell tool_search web_search_preview web_search_preview_2025_03_11`.split(
  /\s+/,
);

export const TOOLS = [
  tagged({
    ...Object.fromEntries(HOSTED_TOOLS.map((type) => [type, 'map' as const])),
    function: FUNCTION_TOOL,
    custom: CUSTOM_TOOL,
    web_search: WEB_SEARCH,
    web_search_2025_08_26: WEB_SEARCH,
    namespace: object<NamespaceTool>(
      {
        type: 'any',
        name: 'any',
        description: 'string',
        tools: [tagged({ function: FUNCTION_TOOL, custom: CUSTOM_TOOL })],
      },
      ['name', 'tools'],
    ),
  }),
] as const;

/** Choices with a shape of their own; hosted tools are named by their type alone. */
export const TOOL_CHOICE = tagged({
  ...Object.fromEntries([...HOSTED_TOOLS, 'web_search', 'namespace'].map((type) => [type, 'map' as const])),
  function: object<ToolChoiceFunction>({ type: 'any', name: 'string' }, ['name']),
  custom: object<ToolChoiceCustom>({ type: 'any', name: 'string' }, ['name']),
  allowed_tools: object<ToolChoiceAllowed>({ type: 'any', mode: oneOf('auto', 'required'), tools: ['map'] }, [
    'mode',
    'tools',
  ]),
});

const FORMAT = tagged({
  text: 'map',
  json_object: 'map',
  json_schema: object<ResponseFormatTextJSONSchemaConfig>(
    { type: 'any', name: 'string', schema: 'map', description: 'string', strict: 'boolean' },
    ['name', 'schema'],
  ),
});

const EFFORTS = oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max');
const SUMMARIES = oneOf('concise', 'detailed', 'auto');

const INCLUDES = oneOf(
  'file_search_call.results',
  'web_search_call.results',
  'web_search_call.action.sources',
  'message.input_image.image_url',
  'computer_call_output.output.image_url',
  'code_interpreter_call.outputs',
  'reasoning.encrypted_content',
  'message.output_text.logprobs',
);

/** `client_metadata` is Codex's. */
export const BODY = widened(
  object<ResponseCreateParamsBase>({
    input: 'any',
    model: 'any',
    access_programs: 'map',
    background: 'boolean',
    context_management: ['map'],
    conversation: 'any',
    image: 'map',
    include: [INCLUDES],
    instructions: 'string',
    max_output_tokens: 'integer',
    max_tool_calls: 'integer',
    metadata: 'map',
    moderation: 'map',
    parallel_tool_calls: 'boolean',
    previous_response_id: 'string',
    prompt: 'map',
    prompt_cache_key: 'string',
    prompt_cache_options: object<ResponseCreateParams.PromptCacheOptions>({
      comparison_response_id: 'string',
      mode: oneOf('implicit', 'explicit'),
      prewarm: 'boolean',
      ttl: 'string',
    }),
    prompt_cache_retention: oneOf('in_memory', '24h'),
    reasoning: object<Reasoning>({
      context: 'string',
      effort: EFFORTS,
      generate_summary: SUMMARIES,
      mode: 'string',
      summary: SUMMARIES,
    }),
    safety_identifier: 'string',
    service_tier: oneOf('auto', 'default', 'fast', 'flex', 'priority'),
    store: 'boolean',
    stream: 'boolean',
    stream_options: object<ResponseCreateParams.StreamOptions>({ include_obfuscation: 'boolean' }),
    temperature: 'number',
    text: object<ResponseTextConfig>({ format: FORMAT, verbosity: oneOf('low', 'medium', 'high') }),
    tool_choice: 'any',
    tools: TOOLS,
    top_logprobs: 'integer',
    top_p: 'number',
    truncation: oneOf('auto', 'disabled'),
    user: 'string',
  }),
  { client_metadata: 'map', presence_penalty: 'number', frequency_penalty: 'number' },
);
