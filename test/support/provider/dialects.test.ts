/** Providers that speak Chat Completions and are not OpenAI. */
import { describe, expect, test } from 'vitest';
import { DIALECTS, type Dialect } from './chat/dialect.ts';
import { post } from './post.ts';
import { startProvider } from './provider.ts';

const user = { role: 'user', content: 'hi' };
const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
const asked = (id: string, rest: object = {}) => ({
  role: 'assistant',
  content: '',
  tool_calls: [call(id)],
  ...rest,
});
const told = (tool_call_id: string) => ({ role: 'tool', tool_call_id, content: 'x' });

async function send(dialect: Dialect, rest: object) {
  await using provider = await startProvider({ models: null, dialect });
  const body = { model: 'their-model', messages: [user], ...rest };
  return await post(`${provider.url}/v1/chat/completions`, body, { authorization: 'Bearer sk-provider' });
}

const round = (id: string, rest: object = {}) => [user, asked(id, rest), told(id)];

describe('takes', () => {
  test.each([
    ['anything, where it is lenient', DIALECTS.lenient, { odd: 1, messages: [{ ...user, odd: 1 }] }],
    [
      'reasoning that comes back',
      DIALECTS.deepseek,
      { messages: round('call_1', { reasoning_content: '' }) },
    ],
    [
      'none where thinking is off',
      DIALECTS.deepseek,
      { thinking: { type: 'disabled' }, messages: round('call_1') },
    ],
    ['its own ids and order', DIALECTS.mistral, { messages: round('abcDEF123'), random_seed: 1 }],
    ['long ids', DIALECTS.groq, { messages: round('a'.repeat(50)) }],
  ] as const)('%s', async (_, dialect, rest) => {
    expect(await send(dialect, rest)).toMatchObject({ status: 200 });
  });
});

describe('refuses', () => {
  test.each([
    [
      'the developer',
      DIALECTS.deepseek,
      { messages: [{ role: 'developer', content: 'x' }, user] },
      'messages[0].role: unknown variant `developer`, expected one of `system`, `user`, `assistant`, `tool`',
    ],
    [
      'schemas',
      DIALECTS.deepseek,
      { response_format: { type: 'json_schema', json_schema: { name: 'p' } } },
      'response_format.type: unknown variant `json_schema`',
    ],
    [
      'pictures',
      DIALECTS.deepseek,
      {
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a.example' } }] },
        ],
      },
      'unknown variant `image_url`',
    ],
    [
      'custom tools',
      DIALECTS.deepseek,
      { tools: [{ type: 'custom', custom: { name: 'p' } }] },
      'unknown variant `custom`',
    ],
    [
      'forgotten reasoning',
      DIALECTS.deepseek,
      { messages: round('call_1') },
      'The `reasoning_content` in the thinking mode must be passed back to the API.',
    ],
    [
      'ids of others',
      DIALECTS.mistral,
      { messages: round('call_1') },
      'Tool call id was call_1 but must be a-z, A-Z, 0-9, with a length of 9.',
    ],
    [
      'a user after a tool',
      DIALECTS.mistral,
      { messages: [...round('abcDEF123'), user] },
      "Unexpected role 'user' after role 'tool'",
    ],
    [
      'an assistant at the end',
      DIALECTS.mistral,
      { messages: [user, { role: 'assistant', content: 'x' }] },
      'Expected last role User or Tool (or Assistant with prefix True)',
    ],
    [
      'reasoning in history',
      DIALECTS.groq,
      { messages: [user, { role: 'assistant', content: 'x', reasoning_content: 'hm' }] },
      "'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning_content' is unsupported)]",
    ],
    [
      'what a test asks for',
      { ...DIALECTS.openai, needs: ['max_tokens'] },
      {},
      "Missing required parameter: 'max_tokens'.",
    ],
    ['what a test forbids', { ...DIALECTS.openai, refuses: ['max_tokens'] }, { max_tokens: 5 }, 'max_tokens'],
  ] as const)('%s', async (_, dialect, rest, message) => {
    const refused = await send(dialect, rest);
    expect(refused.message).toContain(message);
    expect(refused.status).toBe(400);
  });

  test('fields of OpenAI in a form whose message is no text', async () => {
    const refused = await send(DIALECTS.mistral, { stream: true, stream_options: { include_usage: true } });
    expect(refused.status).toBe(422);
    expect(refused.json).toMatchObject({
      object: 'error',
      message: { detail: [{ type: 'extra_forbidden', loc: ['body', 'stream_options'] }] },
    });
  });

  test('the newer limit is one it does not know', async () => {
    await using provider = await startProvider({
      models: null,
      dialect: { ...DIALECTS.deepseek, unknownFields: 'refused' },
    });
    const body = { model: 'm', messages: [user], max_completion_tokens: 5 };
    const refused = await post(`${provider.url}/v1/chat/completions`, body, {
      authorization: 'Bearer sk-provider',
    });
    expect(refused.message).toContain('unknown field `max_completion_tokens`');
  });
});
