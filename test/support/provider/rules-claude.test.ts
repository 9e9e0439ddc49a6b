/** What the provider refuses of a Messages request beyond its outline: nested fields, blocks, cache marks, schemas. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { post } from './post.ts';
import { redactedFor, signatureFor } from './proof.ts';
import { type Provider, startProvider } from './provider.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.close());

const user = { role: 'user', content: 'hi' };
const tool = { name: 'f', input_schema: { type: 'object' } };
const text = (rest: object = {}) => ({ type: 'text', text: 'x', ...rest });
const says = (...content: object[]) => ({ messages: [{ role: 'user', content }] });
const use = (id: string) => ({ type: 'tool_use', id, name: 'f', input: {} });
const result = (tool_use_id: string, rest: object = {}) => ({
  type: 'tool_result',
  tool_use_id,
  content: 'x',
  ...rest,
});
const round = (rest: object, ...more: object[]) => ({
  messages: [
    user,
    { role: 'assistant', content: [use('t1')] },
    { role: 'user', content: [result('t1', rest), ...more] },
  ],
});
const cached = (ttl?: string) => ({
  cache_control: { type: 'ephemeral', ...(ttl === undefined ? {} : { ttl }) },
});
const image = (source: object) => ({ type: 'image', source });
const png = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };
const document = (source: object) => ({ type: 'document', source });
const schema = (rest: object) => ({
  output_config: { format: { type: 'json_schema', schema: { type: 'object', ...rest } } },
});
const closed = { additionalProperties: false };

const send = (rest: object, headers: Record<string, string> = {}, to = provider) =>
  post(
    `${to.url}/v1/messages`,
    { model: 'claude-haiku-4-5', max_tokens: 2000, messages: [user], ...rest },
    { 'x-api-key': 'sk-provider', 'anthropic-version': '2023-06-01', ...headers },
  );

describe('takes', () => {
  test.each([
    [
      'turns of one role in a row',
      {
        messages: [
          user,
          user,
          { role: 'assistant', content: 'x' },
          { role: 'assistant', content: 'y' },
          user,
        ],
      },
    ],
    ['an empty message within a turn', { messages: [user, { role: 'user', content: [] }] }],
    ['no tokens, to fill the cache', { max_tokens: 0 }],
    [
      'pictures, PDFs and texts',
      says(
        image(png),
        image({ type: 'url', url: 'https://a.example' }),
        document({ type: 'text', media_type: 'text/plain', data: 'x' }),
        document({ type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' }),
      ),
    ],
    ['pictures in results', round({ content: [text(), image(png)] })],
    [
      'four marks, the longer ones first',
      {
        tools: [{ ...tool, ...cached('1h') }],
        system: [text(cached('1h'))],
        ...says(text(cached()), text(cached('5m'))),
      },
    ],
    ['a mark inside a result', round({ content: [text(cached())] })],
    [
      'hidden and redacted thinking',
      {
        messages: [
          user,
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: '', signature: signatureFor('', 'hidden') },
              { type: 'redacted_thinking', data: redactedFor('more') },
              text(),
            ],
          },
          user,
        ],
      },
    ],
    ['a closed schema', schema(closed)],
  ])('%s', async (_, rest) => {
    expect(await send(rest)).toMatchObject({ status: 200 });
  });

  test('larger budgets with interleaved thinking, and Claude Code’s scopes', async () => {
    const beta = { 'anthropic-beta': 'interleaved-thinking-2025-05-14,prompt-caching-scope-2026-01-05' };
    const wide = { thinking: { type: 'enabled', budget_tokens: 8000 } };
    expect((await send(wide)).message).toContain('`max_tokens` must be greater');
    expect(await send(wide, beta)).toMatchObject({ status: 200 });
    const scoped = { system: [text({ cache_control: { type: 'ephemeral', scope: 'global' } })] };
    expect((await send(scoped)).message).toBe(
      'system.0.text.cache_control.ephemeral.scope: Extra inputs are not permitted',
    );
    expect(await send(scoped, beta)).toMatchObject({ status: 200 });
  });
});

describe('refuses', () => {
  test.each([
    [
      'unknown fields of blocks',
      says(text({ foo: 1 })),
      'messages.0.content.0.text.foo: Extra inputs are not permitted',
    ],
    [
      'unknown fields of calls',
      { messages: [user, { role: 'assistant', content: [{ ...use('t1'), index: 0 }] }] },
      'messages.1.content.0.tool_use.index: Extra inputs are not permitted',
    ],
    [
      'marks on thinking',
      {
        messages: [
          user,
          { role: 'assistant', content: [{ type: 'thinking', thinking: '', signature: '', ...cached() }] },
        ],
      },
      'messages.1.content.0.thinking.cache_control: Extra inputs are not permitted',
    ],
    [
      'unknown fields of messages',
      { messages: [{ ...user, name: 'Mia' }] },
      'messages.0.name: Extra inputs are not permitted',
    ],
    [
      'OpenAI’s fields of tools',
      { tools: [{ ...tool, parameters: {} }] },
      'tools.0.custom.parameters: Extra inputs are not permitted',
    ],
    [
      'OpenAI’s tools',
      { tools: [{ type: 'function', function: {} }] },
      "tools.0: Input tag 'function' found using 'type' does not match any of the expected tags: ",
    ],
    ['OpenAI’s choice', { tools: [tool], tool_choice: 'auto' }, 'tool_choice: Input should be an object'],
    [
      'a choice without name',
      { tools: [tool], tool_choice: { type: 'tool' } },
      'tool_choice.tool.name: Field required',
    ],
    ['a system of a number', { system: 7 }, 'system: Input should be a valid array'],
    ['an unknown tier', { service_tier: 'flex' }, "service_tier: Input should be 'auto' or 'standard_only'"],
    [
      'ids twice',
      {
        messages: [
          user,
          { role: 'assistant', content: [use('t1')] },
          { role: 'user', content: [result('t1')] },
          { role: 'assistant', content: [use('t1')] },
          { role: 'user', content: [result('t1')] },
        ],
      },
      'messages.3.content.0: `tool_use` ids must be unique',
    ],
    [
      'results twice',
      round({}, result('t1')),
      'each tool_use must have a single result. Found multiple `tool_result` blocks with id: t1',
    ],
    [
      'pictures of errors',
      round({ is_error: true, content: [image(png)] }),
      'all content must be type `text` if `is_error` is true',
    ],
    [
      'pictures of other kinds',
      says(image({ ...png, media_type: 'image/bmp' })),
      "messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
    ],
    ['data URLs', says(image({ ...png, data: 'data:image/png;base64,AA==' })), 'invalid base64 data'],
    [
      'plain addresses',
      says(image({ type: 'url', url: 'http://a.example' })),
      'Only HTTPS URLs are supported.',
    ],
    [
      'texts as PDF',
      says(document({ type: 'base64', media_type: 'text/plain', data: 'eA==' })),
      "messages.0.content.0.document.source.base64.media_type: Input should be 'application/pdf'",
    ],
    [
      'white space',
      says({ type: 'text', text: ' \n' }),
      'messages: text content blocks must contain non-whitespace text',
    ],
    [
      'marked nothing',
      { system: [{ type: 'text', text: '', ...cached() }] },
      'system: cache_control cannot be set for empty text blocks',
    ],
    [
      'an empty turn of the user',
      { messages: [{ role: 'user', content: [] }] },
      'messages.0: user messages must have non-empty content',
    ],
    [
      'white space as stop',
      { stop_sequences: ['\n'] },
      'stop_sequences: each stop sequence must contain non-whitespace',
    ],
    [
      'five marks, one in a result',
      {
        system: [text(cached()), text(cached()), text(cached())],
        ...round({ content: [text(cached())] }, text(cached())),
      },
      'Found 5.',
    ],
    [
      'two marks on a result',
      round({ content: [text(cached())], ...cached() }),
      'cache_control may not be specified within `tool_result.content`.',
    ],
    [
      'a longer mark behind a shorter',
      { system: [text(cached())], ...says(text(cached('1h'))) },
      "messages.0.content.0.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block.",
    ],
    [
      'schemas of alternatives',
      { tools: [{ ...tool, input_schema: { type: 'object', anyOf: [] } }] },
      'tools.0.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level',
    ],
    [
      'an open output schema',
      schema({}),
      "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false",
    ],
    [
      'bounds in an output schema',
      schema({ ...closed, properties: { n: { type: 'integer', minimum: 1, maximum: 2 } } }),
      "output_config.format.schema: For 'integer' type, properties maximum, minimum are not supported",
    ],
    [
      'bounds of a strict tool',
      {
        tools: [
          {
            ...tool,
            strict: true,
            input_schema: { type: 'object', ...closed, properties: { l: { type: 'array', maxItems: 3 } } },
          },
        ],
      },
      "tools.0.custom: For 'array' type, property 'maxItems' is not supported",
    ],
    [
      'thinking with a foreign proof',
      { messages: [user, { role: 'assistant', content: [{ type: 'redacted_thinking', data: 'x' }] }] },
      'messages.1.content.0: Invalid `data` in `redacted_thinking` block',
    ],
  ])('%s', async (_, rest, message) => {
    const refused = await send(rest);
    expect(refused.message).toContain(message);
    expect(refused.status).toBe(400);
  });

  test('signatures of another realm', async () => {
    await using elsewhere = await startProvider({ realm: 'elsewhere' });
    const thought = (signature: string) => ({
      messages: [
        user,
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'hm', signature }, text()] },
        user,
      ],
    });
    expect((await send(thought(signatureFor('hm')), {}, elsewhere)).message).toContain('Invalid `signature`');
    expect(await send(thought(signatureFor('hm', '', 'elsewhere')), {}, elsewhere)).toMatchObject({
      status: 200,
    });
  });
});
