/** What the provider refuses of a Responses request beyond its outline: items, references, single models. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { post } from './post.ts';
import { encryptedFor } from './proof.ts';
import { type Provider, startProvider } from './provider.ts';
import { reply } from './reply.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider();
});
beforeEach(() => provider.script(reply.text('ok')));
afterAll(() => provider.close());

const send = (rest: object, to = provider) =>
  post(
    `${to.url}/v1/responses`,
    { model: 'gpt-5-mini', input: 'hi', ...rest },
    { authorization: 'Bearer sk-provider' },
  );

const user = { role: 'user', content: 'hi' };
const call = {
  type: 'function_call',
  id: 'fc_1',
  call_id: 'call_1',
  name: 'f',
  arguments: '{}',
  status: 'completed',
};
const output = (value: unknown) => ({ type: 'function_call_output', call_id: 'call_1', output: value });
const thought = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: encryptedFor('', 'hidden') };
const tool = { type: 'function', name: 'f', parameters: { type: 'object', properties: {} }, strict: false };
const image = { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'auto' };

describe('takes', () => {
  test.each([
    [
      'pictures and files as output',
      { input: [user, call, output([{ type: 'input_text', text: 'x' }, image])] },
    ],
    ['reasoning before its call', { input: [user, thought, call, output('x')] }],
    [
      'fields of an answer’s items',
      { input: [{ ...user, id: 'msg_1', status: 'completed', type: 'message' }] },
    ],
    [
      'custom, namespace and hosted tools',
      {
        tools: [
          { type: 'custom', name: 'p', format: { type: 'grammar', syntax: 'regex', definition: 'a' } },
          { type: 'namespace', name: 'n', description: 'd', tools: [tool] },
          { type: 'web_search' },
          { type: 'image_generation' },
        ],
      },
    ],
    [
      'a choice of several',
      {
        tools: [tool],
        tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
      },
    ],
    ['items of another kind', { input: [user, { type: 'compaction', encrypted_content: 'x' }] }],
    ['an effort of this API alone', { model: 'gpt-5.6-sol', reasoning: { effort: 'max' }, tools: [tool] }],
    ['Codex’s own field', { client_metadata: { a: 'b' } }],
  ])('%s', async (_, rest) => {
    await using open = await startProvider({ models: null });
    expect(await send(rest, open)).toMatchObject({ status: 200 });
  });
});

describe('refuses', () => {
  test.each([
    [
      'an unknown field of an item',
      { input: [{ ...user, bogus: 1 }] },
      "Unknown parameter: 'input[0].bogus'.",
    ],
    ['a name of a message', { input: [{ ...user, name: 'Mia' }] }, "Unknown parameter: 'input[0].name'."],
    [
      'cache marks',
      { input: [{ role: 'user', content: [{ type: 'input_text', text: 'x', cache_control: {} }] }] },
      "Unknown parameter: 'input[0].content[0].cache_control'.",
    ],
    [
      'an object as output',
      { input: [user, call, output({})] },
      "Invalid type for 'input[2].output': expected one of a string or array of objects, but got an object instead.",
    ],
    [
      'a chat part as output',
      { input: [user, call, output([{ type: 'text', text: 'x' }])] },
      "Invalid value: 'text'.",
    ],
    ['items of other services', { input: [user, { type: 'tool_use' }] }, "Invalid value: 'tool_use'."],
    [
      'two items of one id',
      { input: [user, call, output('x'), { ...call, call_id: 'call_2' }] },
      'Duplicate item found with id fc_1.',
    ],
    [
      'a long id',
      { input: [user, { ...call, call_id: 'a'.repeat(65) }] },
      "Invalid 'input[1].call_id': string too long. Expected a string with maximum length 64, but got a string with length 65 instead.",
    ],
    [
      'reasoning at the end',
      { input: [user, thought] },
      "Item 'rs_1' of type 'reasoning' was provided without its required following item.",
    ],
    ['reasoning before the user', { input: [thought, user] }, 'without its required following item'],
    [
      'reasoning for a model that does not reason',
      { model: 'gpt-4o', input: [user, thought, call, output('x')] },
      'Reasoning input items can only be provided to a reasoning or computer use model.',
    ],
    [
      'its encrypted form too',
      { model: 'gpt-4o', include: ['reasoning.encrypted_content'] },
      'Encrypted content is not supported with this model.',
    ],
    [
      'effort too',
      { model: 'gpt-4o', reasoning: { effort: 'low' } },
      "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
    ],
    [
      'an effort the model has not',
      { model: 'gpt-5.2', reasoning: { effort: 'minimal' } },
      "Unsupported value: 'minimal' is not supported with the 'gpt-5.2' model.",
    ],
    [
      'an unknown effort',
      { reasoning: { effort: 'huge' } },
      "Invalid value: 'huge'. Supported values are: 'none', 'minimal',",
    ],
    [
      'temperature while reasoning',
      { temperature: 0.5 },
      "Unsupported parameter: 'temperature' is not supported with this model.",
    ],
    [
      'an unknown include',
      { include: ['all'] },
      "Invalid value: 'all'. Supported values are: 'file_search_call.results',",
    ],
    [
      'chat’s stream options',
      { stream: true, stream_options: { include_usage: true } },
      "Unknown parameter: 'stream_options.include_usage'.",
    ],
    [
      'an unknown tool',
      { tools: [{ type: 'web_search_20250305' }] },
      "Invalid value: 'web_search_20250305'.",
    ],
    [
      'fields of Anthropic’s search',
      { tools: [{ type: 'web_search', max_uses: 2 }] },
      "Unknown parameter: 'tools[0].max_uses'.",
    ],
    [
      'a grammar in chat’s form',
      { tools: [{ type: 'custom', name: 'p', format: { type: 'grammar', grammar: {} } }] },
      "Missing required parameter: 'tools[0].format.definition'.",
    ],
    [
      'a choice of nothing',
      { tools: [tool], tool_choice: { type: 'function', name: 'g' } },
      "Tool choice 'g' not found in 'tools' parameter.",
    ],
    [
      'a choice in chat’s form',
      { tools: [tool], tool_choice: { type: 'function', function: { name: 'f' } } },
      "Missing required parameter: 'tool_choice.name'.",
    ],
    [
      'a schema without name',
      { text: { format: { type: 'json_schema', schema: {} } } },
      "Missing required parameter: 'text.format.name'.",
    ],
    [
      'a loose strict schema',
      { text: { format: { type: 'json_schema', name: 'p', strict: true, schema: { type: 'object' } } } },
      "Invalid schema for response_format 'p': In context=(), 'additionalProperties'",
    ],
    [
      'JSON that nobody names',
      { text: { format: { type: 'json_object' } } },
      "must contain the word 'json' in some form to use 'text.format'",
    ],
    [
      'instructions in a list',
      { instructions: [] },
      "Invalid type for 'instructions': expected a string, but got an array instead.",
    ],
  ])('%s', async (_, rest, message) => {
    const refused = await send(rest);
    expect(refused.message).toContain(message);
    expect(refused.status).toBe(400);
  });

  test('items, conversations and prompts it does not keep, with 404', async () => {
    const reference = { type: 'item_reference', id: 'msg_other' };
    expect(await send({ input: [user, reference] })).toMatchObject({
      status: 404,
      message: "Item with id 'msg_other' not found.",
    });
    const bare = { ...thought, encrypted_content: null };
    const unkept = await send({ store: false, input: [user, bare, call, output('x')] });
    expect(unkept).toMatchObject({
      status: 404,
      message: expect.stringContaining('not persisted when `store` is set to false'),
    });
    expect(await send({ conversation: 'conv_1' })).toMatchObject({ status: 404 });
    expect(await send({ prompt: { id: 'pmpt_1' } })).toMatchObject({ status: 404 });
  });

  test('references to items of answers that were not to be kept', async () => {
    await using fresh = await startProvider();
    fresh.script(reply.tools([{ name: 'f' }], { thinking: 'hm' }));
    const again = {
      input: [
        user,
        { type: 'item_reference', id: 'rs_scripted' },
        { ...call, call_id: 'call_0' },
        { ...output('x'), call_id: 'call_0' },
      ],
    };
    await send({ store: false }, fresh);
    expect(await send(again, fresh)).toMatchObject({ status: 404 });
    await send({}, fresh);
    expect(await send(again, fresh)).toMatchObject({ status: 200 });
  });

  test('proofs of another realm', async () => {
    await using elsewhere = await startProvider({ realm: 'elsewhere' });
    const refused = await send({ input: [user, thought, call, output('x')] }, elsewhere);
    expect(refused).toMatchObject({ status: 400, json: { error: { code: 'invalid_encrypted_content' } } });
    elsewhere.script(reply.parts([{ type: 'thinking', text: 'hm' }]));
    const answer = await send({}, elsewhere);
    expect(JSON.stringify(answer.json)).toContain(encryptedFor('hm', '', 'elsewhere'));
  });
});
