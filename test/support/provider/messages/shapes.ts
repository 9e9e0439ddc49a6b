/** The shape of a Messages request (anthropic-sdk-typescript `resources/messages/messages.ts`; `resources/beta/…` for betas). */
import type { MessageCreateParamsBase as BetaParams } from '@anthropic-ai/sdk/resources/beta/messages/messages';
import type {
  Base64ImageSource,
  Base64PDFSource,
  CacheControlEphemeral,
  ContentBlockSource,
  DocumentBlockParam,
  FileDocumentSource,
  ImageBlockParam,
  JSONOutputFormat,
  MessageCreateParamsBase,
  MessageParam,
  Metadata,
  OutputConfig,
  PlainTextSource,
  RedactedThinkingBlockParam,
  SearchResultBlockParam,
  ServerToolUseBlockParam,
  TextBlockParam,
  ThinkingBlockParam,
  ThinkingConfigAdaptive,
  ThinkingConfigEnabled,
  Tool,
  ToolChoiceAny,
  ToolChoiceNone,
  ToolChoiceTool,
  ToolReferenceBlockParam,
  ToolResultBlockParam,
  ToolUseBlockParam,
  URLPDFSource,
  WebSearchTool20250305,
} from '@anthropic-ai/sdk/resources/messages';
import { type ObjectShape, object, oneOf, type Shape, tagged, textOr, widened } from '../shape.ts';

/** Claude Code's `scope` is a beta of its own. */
function cacheControl(beta: boolean): Shape {
  const shape = object<CacheControlEphemeral>({ type: 'any', ttl: oneOf('5m', '1h') }, ['type']);
  return tagged({ ephemeral: beta ? widened(shape, { scope: 'any' }) : shape });
}

function textBlock(cache: Shape): ObjectShape {
  return object<TextBlockParam>({ type: 'any', text: 'string', cache_control: cache, citations: ['map'] }, [
    'text',
  ]);
}

const PDF_URL = object<URLPDFSource>({ type: 'any', url: 'string' }, ['url']);
const FILE = object<FileDocumentSource>({ type: 'any', file_id: 'string' }, ['file_id']);

const IMAGE_SOURCE = tagged({
  base64: object<Base64ImageSource>(
    { type: 'any', data: 'string', media_type: oneOf('image/jpeg', 'image/png', 'image/gif', 'image/webp') },
    ['data', 'media_type'],
  ),
  url: PDF_URL,
  file: FILE,
});

const DOCUMENT_SOURCE = tagged({
  base64: object<Base64PDFSource>({ type: 'any', data: 'string', media_type: oneOf('application/pdf') }, [
    'data',
    'media_type',
  ]),
  text: object<PlainTextSource>({ type: 'any', data: 'string', media_type: oneOf('text/plain') }, [
    'data',
    'media_type',
  ]),
  content: object<ContentBlockSource>({ type: 'any', content: textOr(['map']) }, ['content']),
  url: PDF_URL,
  file: FILE,
});

/** Blocks that may stand in a tool result. */
function resultBlocks(cache: Shape): Readonly<Record<string, Shape>> {
  return {
    text: textBlock(cache),
    image: object<ImageBlockParam>(
      { type: 'any', source: IMAGE_SOURCE, cache_control: cache, transformations: 'map' },
      ['source'],
    ),
    document: object<DocumentBlockParam>(
      {
        type: 'any',
        source: DOCUMENT_SOURCE,
        cache_control: cache,
        citations: 'map',
        context: 'string',
        title: 'string',
      },
      ['source'],
    ),
    search_result: object<SearchResultBlockParam>(
      {
        type: 'any',
        content: ['map'],
        source: 'string',
        title: 'string',
        cache_control: cache,
        citations: 'map',
      },
      ['content', 'source', 'title'],
    ),
    tool_reference: object<ToolReferenceBlockParam>(
      { type: 'any', tool_name: 'string', cache_control: cache },
      ['tool_name'],
    ),
    browser_state: 'map',
  };
}

/** Known blocks whose inside is not looked into: results of the provider's own tools, betas. */
const RESULT_BLOCKS = `web_search_tool_result web_fetch_tool_result code_execution_tool_result
  bash_code_execution_tool_result text_editor_code_execution_tool_result tool_search_tool_result
  container_upload`.split(/\s+/);
const BETA_BLOCKS =
  `advisor_tool_result mcp_tool_use mcp_tool_result mcp_tool_listing compaction tool_addition
  tool_removal fallback`.split(/\s+/);

function contentBlocks(beta: boolean): Shape {
  const cache = cacheControl(beta);
  const { tool_reference: _, browser_state: __, ...common } = resultBlocks(cache);
  return tagged({
    ...common,
    thinking: object<ThinkingBlockParam>({ type: 'any', thinking: 'string', signature: 'string' }, [
      'thinking',
      'signature',
    ]),
    redacted_thinking: object<RedactedThinkingBlockParam>({ type: 'any', data: 'string' }, ['data']),
    tool_use: object<ToolUseBlockParam>(
      {
        type: 'any',
        id: 'string',
        name: 'string',
        input: 'map',
        cache_control: cache,
        caller: 'map',
        toolset_name: 'string',
      },
      ['id', 'name', 'input'],
    ),
    tool_result: object<ToolResultBlockParam>(
      {
        type: 'any',
        tool_use_id: 'string',
        content: textOr([tagged(resultBlocks(cache))]),
        is_error: 'boolean',
        cache_control: cache,
        toolset_name: 'string',
      },
      ['tool_use_id'],
    ),
    server_tool_use: object<ServerToolUseBlockParam>(
      { type: 'any', id: 'string', name: 'string', input: 'map', cache_control: cache, caller: 'map' },
      ['id', 'name', 'input'],
    ),
    ...maps([...RESULT_BLOCKS, ...(beta ? BETA_BLOCKS : [])]),
  });
}

function maps(types: readonly string[]): Record<string, Shape> {
  return Object.fromEntries(types.map((type) => [type, 'map']));
}

function tools(beta: boolean): Shape {
  const cache = cacheControl(beta);
  const webSearch = object<WebSearchTool20250305>(
    {
      type: 'any',
      name: oneOf('web_search'),
      allowed_callers: ['string'],
      allowed_domains: ['string'],
      blocked_domains: ['string'],
      cache_control: cache,
      defer_loading: 'boolean',
      max_uses: 'integer',
      strict: 'boolean',
      user_location: 'map',
    },
    ['name'],
  );
  const custom = object<Tool>(
    {
      type: 'any',
      name: 'string',
      input_schema: 'map',
      description: 'string',
      cache_control: cache,
      allowed_callers: ['string'],
      defer_loading: 'boolean',
      eager_input_streaming: 'boolean',
      input_examples: ['map'],
      strict: 'boolean',
    },
    ['name', 'input_schema'],
  );
  const known = maps([...SERVER_TOOLS, ...(beta ? BETA_TOOLS : [])]);
  return [tagged({ ...known, custom, web_search_20250305: webSearch }, 'custom')];
}

const SERVER_TOOLS = `bash_20250124 code_execution_20250522 code_execution_20250825 code_execution_20260120
  code_execution_20260521 browser_toolset_20260801 memory_20250818 computer_toolset_20260801 text_editor_20250124
  text_editor_20250429 text_editor_20250728 web_fetch_20250910 web_search_20260209 web_fetch_20260209
  web_fetch_20260309 web_search_20260318 web_fetch_20260318 tool_search_tool_bm25 tool_search_tool_bm25_20251119
  tool_search_tool_regex tool_search_tool_regex_20251119`.split(/\s+/);
const BETA_TOOLS = `bash_20241022 computer_20241022 computer_20250124 computer_20251124 text_editor_20241022
  advisor_20260301 mcp_toolset`.split(/\s+/);

const PARALLEL = { type: 'any', disable_parallel_tool_use: 'boolean' } as const;

const TOOL_CHOICE = tagged({
  auto: object<ToolChoiceAny>(PARALLEL),
  any: object<ToolChoiceAny>(PARALLEL),
  tool: object<ToolChoiceTool>({ ...PARALLEL, name: 'string' }, ['name']),
  none: object<ToolChoiceNone>({ type: 'any' }),
});

function thinking(beta: boolean): Shape {
  const display = beta ? oneOf('summarized', 'omitted', 'updates') : oneOf('summarized', 'omitted');
  const adaptive = object<ThinkingConfigAdaptive>({ type: 'any', display });
  const enabled = object<ThinkingConfigEnabled>({ type: 'any', display, budget_tokens: 'integer' }, [
    'budget_tokens',
  ]);
  const more: Readonly<Record<string, Shape>> = beta ? { block_binding: 'any' } : {};
  return tagged({
    adaptive: widened(adaptive, more),
    enabled: widened(enabled, more),
    disabled: object<{ type: string }>({ type: 'any' }),
    between_tools: object<{ type: string }>({ type: 'any' }),
  });
}

/** `temperature`, `top_p` and `top_k` have left the types, but older models still take them. */
function bodyShape(beta: boolean): ObjectShape {
  const format = tagged({
    json_schema: object<JSONOutputFormat>({ type: 'any', schema: 'map' }, ['schema']),
  });
  const config = object<OutputConfig>({ effort: oneOf('low', 'medium', 'high', 'xhigh', 'max'), format });
  const message = object<MessageParam>({ role: 'any', content: textOr([contentBlocks(beta)]) }, [
    'role',
    'content',
  ]);
  const body = object<MessageCreateParamsBase>({
    model: 'string',
    tool_choice: TOOL_CHOICE,
    tools: tools(beta),
    messages: [beta ? widened(message, { clear_at: 'any', output_config: 'any' }) : message],
    system: textOr([tagged({ text: textBlock(cacheControl(beta)) })]),
    thinking: thinking(beta),
    output_config: beta ? widened(config, { task_budget: 'any' }) : config,
    cache_control: cacheControl(beta),
    max_tokens: 'integer',
    metadata: object<Metadata>({ user_id: 'string' }),
    stop_sequences: ['string'],
    service_tier: oneOf('auto', 'standard_only'),
    stream: 'boolean',
    container: 'any',
    inference_geo: 'string',
    diagnostics: 'map',
    speed: oneOf('standard', 'fast'),
    user_profile_id: 'string',
    workspace_id: 'string',
  });
  const more = { temperature: 'number', top_p: 'number', top_k: 'integer' } as const;
  return widened(body, beta ? { ...more, ...BETA_FIELDS } : more);
}

/** Taken only with an `anthropic-beta` header; `safeguards` as Claude Code sends it. */
const BETA_FIELDS = {
  billing_policy: 'any',
  compaction: 'any',
  context_management: 'any',
  fallback_credit_token: 'any',
  fallbacks: 'any',
  mcp_servers: 'any',
  output_format: 'any',
  thread: 'any',
  safeguards: 'any',
} as const satisfies Partial<Record<keyof BetaParams | 'safeguards', Shape>>;

const SHAPES = { stable: bodyShape(false), beta: bodyShape(true) };

const COUNT_EXCLUDES = [
  'max_tokens',
  'stream',
  'temperature',
  'top_k',
  'top_p',
  'stop_sequences',
  'metadata',
];

/** @param counting for `/messages/count_tokens`, which takes no settings of the answer */
export function messagesShape(betas: readonly string[], counting: boolean): ObjectShape {
  const shape = betas.length > 0 ? SHAPES.beta : SHAPES.stable;
  if (!counting) return shape;
  const fields = Object.entries(shape.fields).filter(([field]) => !COUNT_EXCLUDES.includes(field));
  return { ...shape, fields: Object.fromEntries(fields) };
}
