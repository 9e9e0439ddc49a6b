/** What the provider refuses on OpenAI’s routes, and that it says so as the service does. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { post } from './post.ts';
import { encryptedFor } from './proof.ts';
import { type Provider, startProvider } from './provider.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider({ credential: 'sk-real-0123456789' });
});
afterAll(() => provider.close());

const BEARER = { authorization: 'Bearer sk-real-0123456789' };

const user = { role: 'user', content: 'hi' };
const chatCall = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });

describe('chat completions', () => {
  const send = (rest: object) =>
    post(`${provider.url}/v1/chat/completions`, { model: 'gpt-4o', messages: [user], ...rest }, BEARER);
  const asked = { role: 'assistant', content: null, tool_calls: [chatCall('call_1'), chatCall('call_2')] };
  const told = (tool_call_id: string) => ({ role: 'tool', tool_call_id, content: 'x' });

  test.each([
    ['plain', {}],
    ['parallel tool results', { messages: [user, asked, told('call_2'), told('call_1'), user] }],
    ['a text part', { messages: [{ role: 'developer', content: [{ type: 'text', text: 'x' }] }, user] }],
  ])('takes %s', async (_, rest) => {
    expect(await send(rest)).toMatchObject({ status: 200 });
  });

  test.each([
    ['an unknown field', { thinking: {} }, 'Unrecognized request argument supplied: thinking'],
    ['unknown fields', { a: 1, b: 2 }, 'Unrecognized request arguments supplied: a, b'],
    ['no model', { model: undefined }, 'you must provide a model parameter'],
    ['no messages', { messages: [] }, "Invalid 'messages': empty array."],
    ['an unknown role', { messages: [{ role: 'bot', content: '' }] }, "Invalid value: 'bot'."],
    [
      'empty content',
      { messages: [{ role: 'user', content: [] }] },
      "Invalid 'messages[0].content': empty array.",
    ],
    [
      'no content',
      { messages: [{ role: 'user', content: null }] },
      "Invalid value for 'content': expected a string",
    ],
    [
      'a foreign part',
      { messages: [{ role: 'user', content: [{ type: 'input_text' }] }] },
      "Invalid value: 'input_text'.",
    ],
    [
      'a stray tool message',
      { messages: [user, told('call_1')] },
      "Invalid parameter: messages with role 'tool' must",
    ],
    [
      'an open call',
      { messages: [user, asked, told('call_1'), user] },
      'did not have response messages: call_2',
    ],
    [
      'an open call at the end',
      { messages: [user, asked] },
      'did not have response messages: call_1, call_2',
    ],
    [
      'arguments that are no text',
      {
        messages: [
          user,
          {
            role: 'assistant',
            tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: {} } }],
          },
        ],
      },
      "Invalid type for 'messages[1].tool_calls[0].function.arguments'",
    ],
    [
      'a flat tool',
      { tools: [{ type: 'function', name: 'f' }] },
      "Missing required parameter: 'tools[0].function'.",
    ],
    [
      'a bad tool name',
      { tools: [{ type: 'function', function: { name: 'a.b' } }] },
      "Invalid 'tools[0].function.name'",
    ],
    [
      'tool_choice without tools',
      { tool_choice: 'auto' },
      "'tool_choice' is only allowed when 'tools' are specified.",
    ],
    [
      'stream_options without stream',
      { stream_options: {} },
      "The 'stream_options' parameter is only allowed",
    ],
    [
      'max_tokens for a reasoning model',
      { model: 'gpt-5-mini', max_tokens: 5 },
      "Use 'max_completion_tokens' instead.",
    ],
  ])('refuses %s', async (_, rest, message) => {
    const refused = await send(rest);
    expect(refused).toMatchObject({ status: 400, json: { error: { type: 'invalid_request_error' } } });
    expect(refused.message).toContain(message);
    expect(provider.requests.at(-1)?.refusal?.message).toContain(message);
  });

  test('answers 401, 404 and broken JSON as the service does', async () => {
    const path = '/v1/chat/completions';
    expect((await post(`${provider.url}${path}`, {})).message).toContain("You didn't provide an API key");
    const wrong = await post(`${provider.url}${path}`, {}, { authorization: 'Bearer sk-wrong-0123456789' });
    expect(wrong).toMatchObject({ status: 401, json: { error: { code: 'invalid_api_key' } } });
    expect(wrong.message).toContain('sk-wrong*');
    expect(await post(`${provider.url}${path}`, {}, { authorization: 'sk-real-0123456789' })).toMatchObject({
      status: 401,
    });
    expect(await send({ model: 'gpt-0' })).toMatchObject({
      status: 404,
      json: { error: { code: 'model_not_found' } },
    });
    expect((await post(`${provider.url}${path}`, '{', BEARER)).message).toContain(
      'could not parse the JSON body',
    );
    expect((await post(`${provider.url}/v1/nothing`, {}, BEARER)).message).toBe(
      'Invalid URL (POST /v1/nothing)',
    );
  });
});

describe('responses', () => {
  const send = (rest: object) =>
    post(`${provider.url}/v1/responses`, { model: 'gpt-4o', input: 'hi', ...rest }, BEARER);
  const call = { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' };
  const output = { type: 'function_call_output', call_id: 'call_1', output: 'x' };
  const thought = { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }] };

  test.each([
    ['plain', {}],
    [
      'a round trip',
      {
        model: 'gpt-5-mini',
        input: [user, { ...thought, encrypted_content: encryptedFor('hm') }, call, output],
      },
    ],
    [
      'hosted and namespace tools',
      { tools: [{ type: 'web_search' }, { type: 'namespace', name: 'n', tools: [] }] },
    ],
  ])('takes %s', async (_, rest) => {
    expect(await send(rest)).toMatchObject({ status: 200 });
  });

  test.each([
    ['an unknown field', { thinking: {} }, "Unknown parameter: 'thinking'."],
    ['a chat field', { messages: [user] }, "this parameter has moved to 'input'"],
    ['another chat field', { max_tokens: 5 }, "Unknown parameter: 'max_tokens'."],
    ['no input', { input: undefined }, 'must be provided'],
    [
      'a chat part',
      { input: [{ role: 'user', content: [{ type: 'text', text: '' }] }] },
      "Invalid value: 'text'.",
    ],
    [
      'input text from the assistant',
      { input: [{ role: 'assistant', content: [{ type: 'input_text' }] }] },
      "'output_text' and 'refusal'",
    ],
    ['an open call', { input: [user, call] }, 'No tool output found for function call call_1.'],
    [
      'a stray output',
      { input: [user, output] },
      'No tool call found for function call output with call_id call_1.',
    ],
    [
      'a foreign id',
      { input: [user, { ...call, id: 'call_1' }, output] },
      "Expected an ID that begins with 'fc'.",
    ],
    [
      'changed reasoning',
      {
        model: 'gpt-5-mini',
        input: [user, { ...thought, encrypted_content: encryptedFor('other') }, call, output],
      },
      'could not be verified',
    ],
    [
      'a nested tool',
      { tools: [{ type: 'function', function: { name: 'f' } }] },
      "Missing required parameter: 'tools[0].name'.",
    ],
    ['too small a limit', { max_output_tokens: 5 }, 'Expected a value >= 16, but got 5 instead.'],
    [
      'an earlier response',
      { previous_response_id: 'resp_1' },
      "Previous response with id 'resp_1' not found.",
    ],
  ])('refuses %s', async (_, rest, message) => {
    const refused = await send(rest);
    expect(refused.status).toBe(400);
    expect(refused.message).toContain(message);
  });
});

test('options loosen the checks', async () => {
  await using open = await startProvider({
    credential: null,
    models: null,
    strict: false,
    basePath: '/openai/v1',
  });
  const response = await fetch(`${open.url}/openai/v1/chat/completions`, {
    method: 'POST',
    body: '{"model":"any","odd":1}',
  });
  expect(response.status).toBe(200);
  await using azure = await startProvider({ credentialHeader: 'api-key' });
  const answer = await fetch(`${azure.url}/v1/models`, { headers: { 'api-key': 'sk-provider' } });
  expect(answer.status).toBe(200);
});
