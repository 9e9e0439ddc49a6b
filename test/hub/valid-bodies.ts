/**
 * Bodies that are valid in a client's protocol: conversations with all kinds of settings, and with what clients are
 * allowed to send though another service would refuse it. None ends with the assistant's words: newer Claude models
 * go on with no answer that has begun, and no gateway can make them.
 */
import fc from 'fast-check';
import { anyConversation, bodyOf, SCHEMA } from './conversations.ts';
import type { Protocol } from './exchange.ts';

type Body = Record<string, unknown>;

const STRICT_SCHEMA = { ...SCHEMA, required: ['city', 'days'] };

const optional = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { requiredKeys: [] });
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const stops = fc.array(fc.constantFrom('END', '###', '\n', 'x y'), { minLength: 1, maxLength: 4 });
const anyEffort = fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max');

const SETTINGS: Readonly<Record<Protocol, fc.Arbitrary<Body>>> = {
  'openai-chat': optional<Body>({
    temperature: fc.double({ min: 0, max: 2, noNaN: true }),
    top_p: unit,
    presence_penalty: fc.double({ min: -2, max: 2, noNaN: true }),
    frequency_penalty: fc.double({ min: -2, max: 2, noNaN: true }),
    seed: fc.integer(),
    stop: stops,
    reasoning_effort: anyEffort,
    verbosity: fc.constantFrom('low', 'medium', 'high'),
    service_tier: fc.constantFrom('auto', 'default', 'flex', 'priority'),
    user: fc.string({ maxLength: 80 }),
    prompt_cache_key: fc.string({ maxLength: 80 }),
    logprobs: fc.boolean(),
    n: fc.constant(1),
    store: fc.boolean(),
    metadata: fc.constant({ a: 'b' }),
    response_format: fc.constantFrom<unknown>(
      { type: 'text' },
      { type: 'json_schema', json_schema: { name: 'answer', schema: STRICT_SCHEMA, strict: true } },
      {
        type: 'json_schema',
        json_schema: {
          name: 'answer',
          schema: { type: 'object', properties: { a: { type: 'integer', minimum: 3 } } },
        },
      },
    ),
  }),
  'openai-responses': optional<Body>({
    temperature: fc.double({ min: 0, max: 2, noNaN: true }),
    top_p: unit,
    reasoning: optional({ effort: anyEffort, summary: fc.constantFrom('auto', 'concise', 'detailed') }),
    text: optional({
      verbosity: fc.constantFrom('low', 'medium', 'high'),
      format: fc.constant({ type: 'json_schema', name: 'answer', schema: STRICT_SCHEMA, strict: true }),
    }),
    service_tier: fc.constantFrom('auto', 'default', 'flex', 'priority'),
    safety_identifier: fc.string({ maxLength: 64 }),
    prompt_cache_key: fc.string({ maxLength: 64 }),
    truncation: fc.constantFrom('auto', 'disabled'),
    store: fc.boolean(),
    include: fc.constantFrom([], ['reasoning.encrypted_content']),
    max_tool_calls: fc.integer({ min: 1, max: 9 }),
  }),
  'anthropic-messages': optional<Body>({
    temperature: unit,
    top_p: unit,
    top_k: fc.integer({ min: 1, max: 500 }),
    stop_sequences: stops,
    metadata: fc.record({ user_id: fc.string({ maxLength: 200 }) }),
    service_tier: fc.constantFrom('auto', 'standard_only'),
    thinking: fc.constantFrom<unknown>(
      { type: 'adaptive' },
      { type: 'adaptive', display: 'omitted' },
      { type: 'enabled', budget_tokens: 1_024 },
      { type: 'disabled' },
    ),
    output_config: optional({
      effort: fc.constantFrom('low', 'medium', 'high', 'xhigh', 'max'),
      format: fc.constant({ type: 'json_schema', schema: STRICT_SCHEMA }),
    }),
    cache_control: fc.constant({ type: 'ephemeral' }),
  }),
};

/** Turns that a service takes of its own clients, put before the conversation. */
const ODD: Readonly<Record<Protocol, readonly object[][]>> = {
  'openai-chat': [
    [],
    [
      { role: 'user', content: '' },
      { role: 'user', content: ' ' },
    ],
    [
      { role: 'assistant', content: 'I speak first.' },
      { role: 'assistant', content: 'Again.' },
    ],
    [
      { role: 'user', content: 'a', name: 'Mia' },
      { role: 'system', content: 'In between.' },
    ],
    [
      { role: 'user', content: 'a' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { id: 'functions.x:0 é', type: 'function', function: { name: 'gone', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'functions.x:0 é', content: '' },
      { role: 'assistant', content: null, refusal: 'No.' },
    ],
    [
      {
        role: 'user',
        content: [
          {
            type: 'file',
            file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0xLjQK' },
          },
        ],
      },
      { role: 'developer', content: [{ type: 'text', text: 'Later.' }] },
    ],
    [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } }] }],
  ],
  'openai-responses': [
    [],
    [
      { role: 'user', content: '' },
      { role: 'user', content: [{ type: 'input_text', text: ' ' }] },
    ],
    [
      { role: 'assistant', content: 'I speak first.' },
      { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: [] },
    ],
    [
      { role: 'developer', content: 'In between.' },
      { role: 'system', content: [{ type: 'input_text', text: 'Too.' }] },
    ],
    [
      { type: 'function_call', call_id: 'x:0 é', name: 'gone', arguments: '' },
      { type: 'function_call_output', call_id: 'x:0 é', output: '' },
      { type: 'custom_tool_call', call_id: 'y', name: 'patch', input: '*** Begin' },
      { type: 'custom_tool_call_output', call_id: 'y', output: [{ type: 'input_text', text: 'ok' }] },
    ],
    [
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'hm' }],
        encrypted_content: 'gAAAAAB',
      },
      { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } },
      {
        type: 'message',
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'so', annotations: [] },
          { type: 'refusal', refusal: 'No.' },
        ],
      },
    ],
    [
      {
        role: 'user',
        content: [
          { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0xLjQK' },
        ],
      },
    ],
  ],
  'anthropic-messages': [
    [],
    [
      { role: 'user', content: 'a' },
      { role: 'user', content: [{ type: 'text', text: 'b', cache_control: { type: 'ephemeral' } }] },
    ],
    [
      { role: 'user', content: 'a' },
      { role: 'system', content: 'In between.' },
      { role: 'assistant', content: 'b' },
    ],
    [
      { role: 'user', content: 'a' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature: 'EqQBabc' },
          { type: 'redacted_thinking', data: 'EmwK' },
          { type: 'tool_use', id: 'toolu_1', name: 'gone', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_1', is_error: true },
          { type: 'text', text: 'c' },
        ],
      },
    ],
    [
      {
        role: 'user',
        content: [
          {
            type: 'document',
            source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjQK' },
            citations: { enabled: true },
            context: 'about',
          },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'b', citations: [] }] },
    ],
    [
      {
        role: 'user',
        content: [
          {
            type: 'search_result',
            source: 'https://a.example',
            title: 'A',
            content: [{ type: 'text', text: 'x' }],
          },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
          { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] },
          { type: 'text', text: 'b' },
        ],
      },
    ],
  ],
};

/** Tools of other kinds, beside functions: free text, groups, those that the provider runs, those of other protocols. */
const MORE_TOOLS: Readonly<Record<Protocol, readonly object[][]>> = {
  'openai-chat': [
    [],
    [{ type: 'custom', custom: { name: 'patch', description: 'Patches' } }],
    [{ type: 'custom', name: 'ApplyPatch', format: { type: 'text' } }],
    [{ name: 'look', description: 'Looks', input_schema: SCHEMA }],
  ],
  'openai-responses': [
    [],
    [{ type: 'custom', name: 'patch', format: { type: 'grammar', syntax: 'regex', definition: '.+' } }],
    [
      {
        type: 'namespace',
        name: 'mcp',
        description: 'd',
        tools: [{ type: 'function', name: 'look', parameters: SCHEMA }],
      },
    ],
    [{ type: 'web_search' }, { type: 'image_generation' }],
  ],
  'anthropic-messages': [
    [],
    [{ type: 'web_search_20250305', name: 'web_search', max_uses: 3 }],
    [{ name: 'later', input_schema: { type: 'object' }, defer_loading: true, strict: false }],
  ],
};

/** Of any length and form that the protocol allows. */
export function anyValidBody(protocol: Protocol): fc.Arbitrary<Body> {
  return fc
    .record({
      conversation: anyConversation,
      settings: SETTINGS[protocol],
      odd: fc.constantFrom(...ODD[protocol]),
      more: fc.constantFrom(...MORE_TOOLS[protocol]),
      stream: fc.boolean(),
    })
    .map(({ conversation, settings, odd, more, stream }) => {
      const body = bodyOf(protocol, conversation);
      const key = protocol === 'openai-responses' ? 'input' : 'messages';
      // Anthropic wants more tokens than the budget to think with.
      const limit = protocol === 'anthropic-messages' ? { max_tokens: 1_100 + conversation.maxTokens } : {};
      const tools = Array.isArray(body.tools) ? { tools: [...body.tools, ...more] } : {};
      return {
        ...body,
        ...settings,
        ...limit,
        ...tools,
        [key]: [...odd, ...(body[key] as object[])],
        stream,
      };
    });
}
