/** What the provider refuses of a chat request beyond its outline: nested fields, schemas, single models. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { post } from './post.ts';
import { type Provider, startProvider } from './provider.ts';
import { reply } from './reply.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider({ models: null });
});
afterAll(() => provider.close());

const user = { role: 'user', content: 'hi' };
const call = (id: string, rest: object = {}) => ({
  id,
  type: 'function',
  function: { name: 'f', arguments: '{}' },
  ...rest,
});
const asked = (...calls: object[]) => ({ role: 'assistant', content: null, tool_calls: calls });
const told = (tool_call_id: string, content: unknown = 'x') => ({ role: 'tool', tool_call_id, content });
const tool = (rest: object) => ({ type: 'function', function: { name: 'f', ...rest } });
const image = (url: string) => ({ type: 'image_url', image_url: { url } });
const PDF = 'data:application/pdf;base64,JVBERi0=';

const send = (rest: object) =>
  post(
    `${provider.url}/v1/chat/completions`,
    { model: 'gpt-4o', messages: [user], ...rest },
    { authorization: 'Bearer sk-provider' },
  );

const strict = (schema: object) => ({
  response_format: { type: 'json_schema', json_schema: { name: 'place', strict: true, schema } },
});
const place = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

describe('takes', () => {
  test.each([
    [
      'a message of an answer sent back',
      { messages: [user, { role: 'assistant', content: 'x', refusal: null, annotations: [] }, user] },
    ],
    [
      'empty text',
      {
        messages: [
          { role: 'user', content: '' },
          { role: 'user', content: [{ type: 'text', text: '' }] },
        ],
      },
    ],
    [
      'pictures and PDFs',
      {
        messages: [
          {
            role: 'user',
            content: [
              image('https://a.example/b.png'),
              image('data:image/png;base64,AA=='),
              { type: 'file', file: { filename: 'a.pdf', file_data: PDF } },
            ],
          },
        ],
      },
    ],
    [
      'the same id in two messages',
      { messages: [user, asked(call('a')), told('a'), asked(call('a')), told('a')] },
    ],
    [
      'custom tools',
      {
        tools: [
          {
            type: 'custom',
            custom: { name: 'p', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 's' } } },
          },
        ],
      },
    ],
    ['a strict schema', strict({ ...place, additionalProperties: false })],
    ['a loose schema', { tools: [tool({ parameters: place })] }],
    [
      'JSON where it is named',
      { messages: [{ role: 'user', content: 'as JSON' }], response_format: { type: 'json_object' } },
    ],
    [
      'messages without content from models that reason',
      { model: 'gpt-5-mini', messages: [{ role: 'user' }, user] },
    ],
    ['sampling of models that do not reason now', { model: 'gpt-5.2', temperature: 0.5, logprobs: true }],
    ['an effort', { model: 'gpt-5.2', reasoning_effort: 'xhigh', max_completion_tokens: 5 }],
    ['tools without reasoning', { model: 'gpt-5.6-sol', reasoning_effort: 'none', tools: [tool({})] }],
    [
      'models that are not OpenAI’s',
      { model: 'my-model', max_tokens: 5, reasoning_effort: 'low', temperature: 0 },
    ],
  ])('%s', async (_, rest) => {
    expect(await send(rest)).toMatchObject({ status: 200 });
  });
});

describe('refuses', () => {
  test.each([
    [
      'cache marks',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'x', cache_control: {} }] }] },
      "Unknown parameter: 'messages[0].content[0].cache_control'.",
    ],
    [
      'reasoning in history',
      { messages: [user, { role: 'assistant', content: 'x', reasoning_content: 'hm' }] },
      "Unknown parameter: 'messages[1].reasoning_content'.",
    ],
    [
      'an index of a call',
      { messages: [user, asked(call('a', { index: 0 })), told('a')] },
      "Unknown parameter: 'messages[1].tool_calls[0].index'.",
    ],
    [
      'a schema in Anthropic’s field',
      { tools: [tool({ input_schema: {} })] },
      "Unknown parameter: 'tools[0].function.input_schema'.",
    ],
    [
      'a field of Anthropic’s tools',
      { tools: [{ ...tool({}), defer_loading: true }] },
      "Unknown parameter: 'tools[0].defer_loading'.",
    ],
    ['Anthropic’s choice', { tools: [tool({})], tool_choice: { type: 'any' } }, "Invalid value: 'any'."],
    [
      'a choice without name',
      { tools: [tool({})], tool_choice: { type: 'function', name: 'f' } },
      "Missing required parameter: 'tool_choice.function'.",
    ],
    [
      'an unknown choice',
      { tools: [tool({})], tool_choice: 'any' },
      "Invalid value: 'any'. Supported values are: 'none', 'auto', and 'required'.",
    ],
    [
      'a schema without name',
      { response_format: { type: 'json_schema', json_schema: { schema: {} } } },
      "Missing required parameter: 'response_format.json_schema.name'.",
    ],
    [
      'an unknown format',
      { response_format: { type: 'json' } },
      "Invalid value: 'json'. Supported values are: 'json_object', 'json_schema', and 'text'.",
    ],
    [
      'JSON that nobody names',
      { response_format: { type: 'json_object' } },
      "'messages' must contain the word 'json'",
    ],
    [
      'an open strict schema',
      strict(place),
      "Invalid schema for response_format 'place': In context=(), 'additionalProperties' is required to be supplied and to be false.",
    ],
    [
      'optional fields of a strict tool',
      {
        tools: [tool({ strict: true, parameters: { ...place, required: [], additionalProperties: false } })],
      },
      "Invalid schema for function 'f': In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'city'.",
    ],
    [
      'combined strict schemas',
      strict({ ...place, additionalProperties: false, properties: { city: { allOf: [] } } }),
      "In context=('properties', 'city'), 'allOf' is not permitted.",
    ],
    [
      'two calls of one id',
      { messages: [user, asked(call('a'), call('a')), told('a')] },
      "Duplicate value for 'tool_call_id' of a in message[1]",
    ],
    [
      'a long id',
      { messages: [user, asked(call('a'.repeat(41))), told('a'.repeat(41))] },
      "Invalid 'messages[1].tool_calls[0].id': string too long. Expected a string with maximum length 40, but got a string with length 41 instead.",
    ],
    [
      'a long tool name',
      { tools: [{ type: 'function', function: { name: 'f'.repeat(65) } }] },
      "Invalid 'tools[0].function.name': string too long.",
    ],
    [
      '129 tools',
      {
        tools: Array.from({ length: 129 }, (_, index) => ({
          type: 'function',
          function: { name: `f${index}` },
        })),
      },
      "Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length 129 instead.",
    ],
    [
      'pictures from tools',
      { messages: [user, asked(call('a')), told('a', [image('https://a.example/b')])] },
      "Invalid 'messages[2]'. Image URLs are only allowed for messages with role 'user'",
    ],
    [
      'no web address',
      { messages: [{ role: 'user', content: [image('file:///etc')] }] },
      "Invalid 'messages[0].content[0].image_url.url'. Expected a valid URL",
    ],
    [
      'a PDF as picture',
      { messages: [{ role: 'user', content: [image(PDF)] }] },
      "unsupported MIME type 'application/pdf'",
    ],
    [
      'a text as file',
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'file', file: { filename: 'a', file_data: 'data:text/plain;base64,QQ==' } }],
          },
        ],
      },
      "Invalid file data: 'messages[0].content[0].file.file_data'.",
    ],
    [
      'heat',
      { temperature: 2.5 },
      "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.",
    ],
    ['five stops', { stop: ['a', 'b', 'c', 'd', 'e'] }, "Invalid 'stop': array too long."],
    [
      'a text for a number',
      { n: '2' },
      "Invalid type for 'n': expected an integer, but got a string instead.",
    ],
    [
      'an effort of a model that does not reason',
      { reasoning_effort: 'low' },
      'Unrecognized request argument supplied: reasoning_effort',
    ],
    [
      'an effort the model has not',
      { model: 'gpt-5.2', reasoning_effort: 'minimal' },
      "'reasoning_effort' does not support 'minimal' with this model. Supported values are: 'none', 'low', 'medium', 'high', and 'xhigh'.",
    ],
    [
      'temperature while reasoning',
      { model: 'gpt-5-mini', temperature: 0.5 },
      "'temperature' does not support 0.5 with this model. Only the default (1) value is supported.",
    ],
    [
      'top_p while reasoning',
      { model: 'gpt-5-mini', top_p: 0.5 },
      "'top_p' is not supported with this model.",
    ],
    [
      'penalties while reasoning',
      { model: 'gpt-5-mini', presence_penalty: 1 },
      "'presence_penalty' is not supported with this model.",
    ],
    [
      'stop of a reasoning model',
      { model: 'gpt-5.2', stop: 'x' },
      "'stop' is not supported with this model.",
    ],
    [
      'tools while reasoning',
      { model: 'gpt-5.6-sol', tools: [tool({})] },
      'Function tools with reasoning_effort are not supported for gpt-5.6-sol in /v1/chat/completions.',
    ],
    [
      'unknown fields in newer words',
      { model: 'gpt-5-mini', thinking: {} },
      "Unknown parameter: 'thinking'.",
    ],
  ])('%s', async (_, rest, message) => {
    const refused = await send(rest);
    expect(refused.message).toContain(message);
    expect(refused.status).toBe(400);
  });
});

test('reasoning that the provider sent itself may come back, and no other', async () => {
  await using own = await startProvider();
  own.script(reply.text('x', { thinking: 'hm' }));
  const path = `${own.url}/v1/chat/completions`;
  const headers = { authorization: 'Bearer sk-provider' };
  await post(path, { model: 'gpt-4o', messages: [user] }, headers);
  const again = (reasoning_content: string) =>
    post(
      path,
      { model: 'gpt-4o', messages: [user, { role: 'assistant', content: 'x', reasoning_content }, user] },
      headers,
    );
  expect(await again('hm')).toMatchObject({ status: 200 });
  expect(await again('hm!')).toMatchObject({ status: 400 });
});
