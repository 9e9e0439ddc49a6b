/** Bodies of agents as they were seen on the wire, shortened. */
import { PIXEL } from '../clients/support.ts';
import type { ExchangeOptions, Protocol } from './exchange.ts';

export interface Agent {
  protocol: Protocol;
  body: object;
  /** What must reach every provider. */
  reaches: readonly string[];
  /** What no other protocol has; names of the header. */
  dropped?: readonly string[];
  options?: ExchangeOptions;
}

const parameters = {
  type: 'object',
  properties: { path: { type: 'string' } },
  required: ['path'],
  additionalProperties: false,
};
const ephemeral = { type: 'ephemeral' };

export const AGENTS: Readonly<Record<string, Agent>> = {
  'Claude Code, main request': {
    protocol: 'anthropic-messages',
    options: {
      path: '/v1/messages?beta=true',
      headers: { 'anthropic-beta': 'claude-code-20250219,interleaved-thinking-2025-05-14', 'x-app': 'cli' },
    },
    body: {
      max_tokens: 32_000,
      system: [
        { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.329' },
        { type: 'text', text: 'You are Claude Code.', cache_control: ephemeral },
        { type: 'text', text: 'A long manual.', cache_control: { ...ephemeral, ttl: '1h' } },
      ],
      tools: [
        {
          name: 'Read',
          description: 'Reads',
          input_schema: { ...parameters, $schema: 'http://json-schema.org/draft-07/schema#' },
        },
        { name: 'Later', description: 'd', input_schema: { type: 'object' }, defer_loading: true },
      ],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: '<system-reminder>' },
            { type: 'text', text: 'fix it', cache_control: ephemeral },
          ],
        },
        { role: 'system', content: 'Plan mode is on.' },
        {
          role: 'assistant',
          content: [
            {
              type: 'tool_use',
              id: 'toolu_01',
              name: 'Read',
              input: { path: 'a.ts' },
              caller: { type: 'direct' },
            },
          ],
        },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'toolu_01', content: 'the file', is_error: false }],
        },
        { role: 'system', content: [{ type: 'text', text: 'Plan mode is off.' }] },
      ],
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'high' },
      context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
      metadata: { user_id: '{"device_id":"d","session_id":"s"}' },
      stream: true,
    },
    reaches: [
      'You are Claude Code.',
      'Plan mode is on.',
      'the file',
      'Plan mode is off.',
      'fix it',
      '"Read"',
      'draft-07',
    ],
    dropped: ['context_management'],
  },
  'Claude Code, title request': {
    protocol: 'anthropic-messages',
    body: {
      max_tokens: 32_000,
      system: [{ type: 'text', text: 'Make a title.' }],
      messages: [{ role: 'user', content: 'fix it' }],
      tools: [],
      output_config: {
        format: {
          type: 'json_schema',
          schema: {
            type: 'object',
            properties: { title: { type: 'string' } },
            required: ['title'],
            additionalProperties: false,
          },
        },
      },
    },
    reaches: ['Make a title.', '"title":{"type":"string"}'],
  },
  'pi, Messages': {
    protocol: 'anthropic-messages',
    body: {
      tools: [
        {
          name: 'read',
          description: 'Reads',
          input_schema: parameters,
          eager_input_streaming: true,
          cache_control: ephemeral,
        },
      ],
      thinking: { type: 'enabled', budget_tokens: 1_024, display: 'summarized' },
      max_tokens: 16_000,
    },
    reaches: ['"read"'],
  },
  'droid, Messages: marks of an hour and of five minutes': {
    protocol: 'anthropic-messages',
    body: {
      system: [
        { type: 'text', text: 'one', cache_control: { ...ephemeral, ttl: '1h' } },
        { type: 'text', text: 'two', cache_control: { ...ephemeral, ttl: '1h' } },
      ],
      tools: [{ name: 'read', input_schema: parameters }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'hi', cache_control: ephemeral }] },
        { role: 'assistant', content: [{ type: 'text', text: 'yes' }] },
        { role: 'user', content: [{ type: 'text', text: 'go', cache_control: ephemeral }] },
      ],
    },
    reaches: ['one', 'two'],
    dropped: ['cache_control'],
  },
  'kimi, Messages': {
    protocol: 'anthropic-messages',
    body: {
      max_tokens: 128_000,
      thinking: { type: 'disabled' },
      tools: [{ name: 'read', input_schema: parameters }],
    },
    reaches: ['"read"'],
  },
  'opencode and kilo, chat': {
    protocol: 'openai-chat',
    body: {
      max_tokens: 32_000,
      reasoning_effort: 'medium',
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: 'system', content: 'You are opencode.' },
        { role: 'user', content: [{ type: 'text', text: 'fix it' }] },
        {
          role: 'assistant',
          content: null,
          reasoning_content: 'hm',
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'read', arguments: '{"path":"a"}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'the file' },
      ],
      tools: [{ type: 'function', function: { name: 'read', description: 'Reads', parameters } }],
      tool_choice: 'auto',
    },
    reaches: ['You are opencode.', 'the file'],
    dropped: ['reasoning'],
  },
  'qwen-code, chat: results as arrays of parts': {
    protocol: 'openai-chat',
    body: {
      max_tokens: 32_000,
      messages: [
        { role: 'user', content: 'look' },
        {
          role: 'assistant',
          content: '',
          reasoning_content: 'hm',
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'read', arguments: '{"path":"a"}' } },
          ],
        },
        {
          role: 'tool',
          tool_call_id: 'call_1',
          content: [
            { type: 'text', text: 'part one' },
            { type: 'text', text: 'part two' },
          ],
        },
        {
          role: 'user',
          content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } }],
        },
      ],
      tools: [{ type: 'function', function: { name: 'read', parameters } }],
    },
    reaches: ['part one', 'part two', PIXEL],
    dropped: ['reasoning'],
  },
  'pi, chat': {
    protocol: 'openai-chat',
    body: {
      max_completion_tokens: 9_000,
      store: false,
      reasoning_effort: 'low',
      messages: [
        { role: 'developer', content: 'You are pi.' },
        { role: 'user', content: 'hi' },
      ],
      tools: [{ type: 'function', function: { name: 'read', parameters, strict: false } }],
    },
    reaches: ['You are pi.', '"read"'],
  },
  'Copilot, chat: fields of answers come back': {
    protocol: 'openai-chat',
    body: {
      temperature: 0,
      top_p: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'yes', refusal: null, reasoning_content: 'hm', annotations: [] },
        { role: 'user', content: 'go' },
      ],
    },
    reaches: ['yes'],
    dropped: ['reasoning'],
  },
  'the openai SDK’s helpers, chat: parsed content comes back': {
    protocol: 'openai-chat',
    body: {
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: '{"a":1}', parsed: { a: 1 }, refusal: null },
        { role: 'assistant', content: null, refusal: 'I will not.' },
        { role: 'user', content: 'go' },
      ],
    },
    reaches: ['I will not.'],
  },
  'Cline, Responses: hosted tools, nothing said of storing': {
    protocol: 'openai-responses',
    body: {
      store: undefined,
      truncation: 'auto',
      instructions: 'You are Cline.',
      input: [{ role: 'user', content: [{ type: 'input_text', text: 'hi' }] }],
      tools: [
        { type: 'function', name: 'read', parameters, strict: true },
        { type: 'web_search' },
        { type: 'image_generation' },
      ],
    },
    reaches: ['You are Cline.', '"read"'],
    dropped: ['tools.image_generation', 'tools.web_search', 'truncation'],
  },
  'Copilot and opencode, Responses': {
    protocol: 'openai-responses',
    body: {
      include: ['reasoning.encrypted_content'],
      prompt_cache_key: 'k',
      reasoning: { effort: 'medium', summary: 'auto' },
      input: [
        { role: 'developer', content: 'You are here.' },
        { role: 'user', content: [{ type: 'input_text', text: 'hi' }] },
        {
          type: 'reasoning',
          id: 'rs_1',
          summary: [{ type: 'summary_text', text: 'hm' }],
          encrypted_content: 'gAAAAABfake',
        },
        {
          type: 'function_call',
          id: 'fc_1',
          call_id: 'call_1',
          name: 'read',
          arguments: '{"path":"a"}',
          status: 'completed',
        },
        { type: 'function_call_output', call_id: 'call_1', output: 'the file' },
      ],
      tools: [{ type: 'function', name: 'read', parameters, strict: false }],
    },
    reaches: ['You are here.', 'the file'],
    dropped: ['reasoning'],
  },
  'the Agents SDK, Responses: the assistant in parts': {
    protocol: 'openai-responses',
    body: {
      include: [],
      input: [
        { role: 'user', content: 'hi' },
        {
          type: 'message',
          id: 'msg_1',
          role: 'assistant',
          status: 'completed',
          content: [
            { type: 'output_text', text: 'yes', annotations: [], logprobs: [] },
            { type: 'refusal', refusal: 'but no' },
          ],
        },
        { role: 'user', content: 'go' },
      ],
    },
    reaches: ['yes', 'but no'],
  },
};
