/** What the provider refuses on Anthropic’s routes, and that it says so as the service does. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { post } from './post.ts';
import { signatureFor } from './proof.ts';
import { type Provider, startProvider } from './provider.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider({ credential: 'sk-real-0123456789' });
});
afterAll(() => provider.close());

const ANTHROPIC = { 'x-api-key': 'sk-real-0123456789', 'anthropic-version': '2023-06-01' };
const BEARER = { authorization: 'Bearer sk-real-0123456789' };

const user = { role: 'user', content: 'hi' };

describe('messages', () => {
  const send = (rest: object, headers = {}) =>
    post(
      `${provider.url}/v1/messages`,
      { model: 'claude-haiku-4-5', max_tokens: 2000, messages: [user], ...rest },
      { ...ANTHROPIC, ...headers },
    );
  const use = (id: string) => ({ type: 'tool_use', id, name: 'f', input: {} });
  const asked = { role: 'assistant', content: [use('t1'), use('t2')] };
  const result = (tool_use_id: string) => ({ type: 'tool_result', tool_use_id, content: 'x' });
  const answered = { role: 'user', content: [result('t2'), result('t1'), { type: 'text', text: 'go on' }] };
  const thought = (signature: string) => ({ type: 'thinking', thinking: 'hm', signature });
  const thinking = { type: 'enabled', budget_tokens: 1024 };
  const tool = { name: 'f', input_schema: { type: 'object' } };

  test.each([
    ['plain', {}],
    [
      'a round trip with thinking',
      {
        thinking,
        messages: [user, { ...asked, content: [thought(signatureFor('hm')), ...asked.content] }, answered],
      },
    ],
    [
      'a system note among the messages',
      { model: 'claude-opus-4-8', messages: [user, { role: 'system', content: 'note' }, asked, answered] },
    ],
    ['server tools', { tools: [tool, { type: 'web_search_20250305', name: 'web_search' }] }],
  ])('takes %s', async (_, rest) => {
    expect(await send(rest)).toMatchObject({ status: 200 });
  });

  test.each([
    ['an unknown field', { n: 2 }, 'n: Extra inputs are not permitted'],
    [
      'a beta field without the header',
      { context_management: {} },
      'context_management: Extra inputs are not permitted',
    ],
    ['no max_tokens', { max_tokens: undefined }, 'max_tokens: Field required'],
    ['no messages', { messages: [] }, 'messages: at least one message is required'],
    [
      'an assistant first',
      { messages: [asked, answered] },
      'messages: first message must use the "user" role',
    ],
    [
      'an unknown role',
      { messages: [user, { role: 'tool', content: 'x' }] },
      'messages: Unexpected role "tool".',
    ],
    [
      'an empty text block',
      { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] },
      'messages: text content blocks must be non-empty',
    ],
    [
      'empty content',
      { messages: [user, { role: 'assistant', content: [] }, user] },
      'messages.1: all messages must have non-empty content',
    ],
    [
      'white space at the end of a prefill',
      { messages: [user, { role: 'assistant', content: 'so ' }] },
      'cannot end with trailing whitespace',
    ],
    [
      'a stray result',
      { messages: [user, { role: 'user', content: [result('t1')] }] },
      'unexpected `tool_use_id` found in `tool_result` blocks: t1.',
    ],
    [
      'results in two messages',
      {
        messages: [
          user,
          asked,
          { role: 'user', content: [result('t1')] },
          { role: 'user', content: [result('t2')] },
        ],
      },
      '`tool_result` blocks: t2.',
    ],
    [
      'an open call',
      { messages: [user, asked, { role: 'user', content: [result('t1')] }] },
      'without `tool_result` blocks immediately after: t2.',
    ],
    [
      'text before the results',
      { messages: [user, asked, { role: 'user', content: answered.content.toReversed() }] },
      'immediately after: t1, t2.',
    ],
    [
      'a foreign signature',
      { messages: [user, { role: 'assistant', content: [thought('x')] }] },
      'messages.1.content.0: Invalid `signature` in `thinking` block',
    ],
    [
      'lost thinking',
      { thinking, messages: [user, asked, answered] },
      'Expected `thinking` or `redacted_thinking`, but found `tool_use`.',
    ],
    [
      'too small a budget',
      { thinking: { type: 'enabled', budget_tokens: 5 } },
      'greater than or equal to 1024',
    ],
    [
      'a budget over max_tokens',
      { thinking: { type: 'enabled', budget_tokens: 2000 } },
      '`max_tokens` must be greater',
    ],
    ['a high temperature', { temperature: 1.5 }, 'temperature: range: 0..1'],
    [
      'tool_choice without tools',
      { tool_choice: { type: 'auto' } },
      'tool_choice may only be specified while providing tools',
    ],
    ['a tool without a schema', { tools: [{ name: 'f' }] }, 'tools.0.custom.input_schema: Field required'],
    ['tools of one name', { tools: [tool, tool] }, 'tools: Tool names must be unique.'],
    [
      'five cache marks',
      {
        system: Array.from({ length: 5 }, () => ({
          type: 'text',
          text: 'x',
          cache_control: { type: 'ephemeral' },
        })),
      },
      'Found 5.',
    ],
    [
      'an OpenAI part',
      { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] },
      "Input tag 'image_url'",
    ],
  ])('refuses %s', async (_, rest, message) => {
    const refused = await send(rest);
    expect(refused).toMatchObject({
      status: 400,
      json: { type: 'error', error: { type: 'invalid_request_error' } },
    });
    expect(refused.message).toContain(message);
  });

  test('takes beta fields with the beta header', async () => {
    expect(await send({ context_management: {} }, { 'anthropic-beta': 'x-2026' })).toMatchObject({
      status: 200,
    });
  });

  test('answers 401, 404 and a missing version as the service does', async () => {
    expect(await send({}, { 'x-api-key': 'wrong' })).toMatchObject({
      status: 401,
      message: 'invalid x-api-key',
    });
    expect(await post(`${provider.url}/v1/messages`, {}, { authorization: 'Bearer wrong' })).toMatchObject({
      status: 401,
      message: 'Invalid bearer token',
    });
    expect(await post(`${provider.url}/v1/messages`, {})).toMatchObject({
      status: 401,
      message: 'x-api-key header is required',
    });
    expect((await post(`${provider.url}/v1/messages`, {}, BEARER)).message).toBe(
      'anthropic-version: header is required',
    );
    expect(await send({ model: 'claude-0' })).toMatchObject({
      status: 404,
      message: 'model: claude-0',
      json: { error: { type: 'not_found_error' } },
    });
  });

  test('count_tokens needs no max_tokens and takes none', async () => {
    const count = (rest: object) =>
      post(
        `${provider.url}/v1/messages/count_tokens`,
        { model: 'claude-haiku-4-5', messages: [user], ...rest },
        ANTHROPIC,
      );
    expect(await count({})).toMatchObject({ status: 200, json: { input_tokens: 10 } });
    expect((await count({ max_tokens: 5 })).message).toBe('max_tokens: Extra inputs are not permitted');
  });
});
