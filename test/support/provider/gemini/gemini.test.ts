/** The scripted Gemini as the AI SDK's package reads it, and what it refuses. */
import { createGoogle } from '@ai-sdk/google';
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { thoughtSignatureFor } from '../proof.ts';
import { reply } from '../reply.ts';
import type { Provider } from '../server.ts';
import { startGeminiProvider } from './provider.ts';

let gemini: Provider;
beforeAll(() => {
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
});
beforeEach(async () => {
  gemini = await startGeminiProvider();
});
afterEach(() => gemini.close());

const model = (id = 'gemini-3-flash-preview') =>
  createGoogle({ baseURL: `${gemini.url}/v1beta`, apiKey: 'sk-provider' })(id);
const asked = (id?: string) => ({ model: model(id), prompt: 'hi', maxRetries: 0 });
const usage = { input: 100, output: 30, cached: 40, reasoning: 10 };

describe('answers', () => {
  test.each([false, true])('with thoughts, text and usage (streamed: %s)', async (stream) => {
    gemini.script(reply.text('Grüße an alle', { thinking: 'let me see', usage }));
    const result = stream ? streamText(asked()) : await generateText(asked());
    expect(await result.text).toBe('Grüße an alle');
    expect(await result.reasoningText).toBe('let me see');
    expect(await result.finishReason).toBe('stop');
    expect(await result.usage).toMatchObject({
      inputTokens: 100,
      outputTokens: 30,
      inputTokenDetails: { cacheReadTokens: 40 },
      outputTokenDetails: { reasoningTokens: 10 },
    });
  });

  test.each([false, true])('with calls whose signatures come back (streamed: %s)', async (stream) => {
    gemini.script(
      reply.tools([{ name: 'a', input: { n: 1 } }, { name: 'b' }], { thinking: 'hm' }),
      reply.text('done'),
    );
    const schema = jsonSchema({ type: 'object', properties: {} });
    const run = (name: string) => tool({ inputSchema: schema, execute: async () => `result of ${name}` });
    const calling = { ...asked(), tools: { a: run('a'), b: run('b') }, stopWhen: stepCountIs(2) };
    const result = stream ? streamText(calling) : await generateText(calling);
    expect(await result.text).toBe('done');
    const sent = gemini.requests[1]?.json as { contents: { parts: object[] }[] };
    expect(sent.contents[1]?.parts).toContainEqual({
      functionCall: { id: 'call_0', name: 'a', args: { n: 1 } },
      thoughtSignature: thoughtSignatureFor('a'),
    });
    expect(sent.contents[2]?.parts).toMatchObject([
      { functionResponse: { name: 'a', response: { content: 'result of a' } } },
      { functionResponse: { name: 'b' } },
    ]);
  });

  test.each([
    ['length', reply.text('so', { finish: 'length' }), 'length'],
    ['safety', reply.text('so', { finish: 'content_filter' }), 'content-filter'],
    ['a broken call', reply.text('', { finishAs: 'MALFORMED_FUNCTION_CALL' }), 'error'],
  ])('that end by %s', async (_, scripted, finishReason) => {
    gemini.script(scripted);
    expect(await generateText(asked())).toMatchObject({ finishReason });
  });

  test('that cite the web', async () => {
    const citations = [{ url: 'https://a.example/', title: 'A', quote: 'rains' }];
    gemini.script(
      reply.parts([
        { type: 'web_search', query: 'q', results: [] },
        { type: 'text', text: 'It rains.', citations },
      ]),
    );
    const { sources } = await generateText(asked());
    expect(sources).toMatchObject([{ url: 'https://a.example/', title: 'A' }]);
  });

  test('errors before and within a stream, and the list of models', async () => {
    gemini.script(reply.status(429, { message: 'Slow down.' }));
    await expect(generateText(asked())).rejects.toMatchObject({ statusCode: 429, message: 'Slow down.' });
    gemini.script(reply.error(reply.text('half'), { type: 'RESOURCE_EXHAUSTED', message: 'No more.' }));
    const headers = { 'x-goog-api-key': 'sk-provider' };
    const response = await fetch(
      `${gemini.url}/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse`,
      {
        method: 'POST',
        headers,
        body: '{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}',
      },
    );
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(await response.text()).toContain(
      'data: {"error":{"code":429,"message":"No more.","status":"RESOURCE_EXHAUSTED"}}',
    );
    const list = await fetch(`${gemini.url}/v1beta/models`, { headers });
    const { models } = (await list.json()) as { models: { name: string }[] };
    expect(models.map(({ name }) => name)).toContain('models/gemini-2.5-pro');
  });

  test('that are gated, on Vertex AI’s path and with its token', async () => {
    const options = { basePath: '/v1/publishers/google', credentialHeader: 'authorization' } as const;
    await using vertex = await startGeminiProvider(options);
    vertex.script(reply.gated(reply.text('one two')));
    const method = 'models/gemini-2.5-flash:streamGenerateContent?alt=sse';
    const post = (token: string) =>
      fetch(`${vertex.url}/v1/publishers/google/${method}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: '{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}',
      });
    const response = await post('sk-provider');
    const request = await vertex.nextRequest();
    await request.release();
    expect(request.piecesSent).toBe(1);
    request.releaseAll();
    expect(await response.text()).toContain('"finishReason":"STOP"');
    expect((await post('wrong')).status).toBe(401);
  });
});

describe('refuses', () => {
  const user = { role: 'user', parts: [{ text: 'hi' }] };
  const call = { functionCall: { name: 'f', args: {} } };
  const signed = { ...call, thoughtSignature: thoughtSignatureFor('f') };
  const response = { functionResponse: { name: 'f', response: { content: 'x' } } };
  const says = (role: string, ...parts: object[]) => ({ role, parts });

  async function send(body: object, id = 'gemini-3-flash-preview', key = 'sk-provider') {
    const answer = await fetch(`${gemini.url}/v1beta/models/${id}:generateContent`, {
      method: 'POST',
      headers: key === '' ? {} : { 'x-goog-api-key': key },
      body: JSON.stringify({ contents: [user], ...body }),
    });
    const { error } = (await answer.json()) as { error?: { message: string; status: string } };
    return { status: answer.status, message: error?.message, word: error?.status };
  }

  test.each([
    [
      'a round trip',
      {
        contents: [
          user,
          says('model', { text: 'so', thought: true }, signed, call),
          says('user', response, response),
        ],
      },
    ],
    [
      'a call of an earlier turn without signature',
      { contents: [user, says('model', call), says('user', response), says('model', { text: 'x' }), user] },
    ],
    [
      'Google’s way out',
      {
        contents: [
          user,
          says('model', { ...call, thoughtSignature: 'skip_thought_signature_validator' }),
          says('user', response),
        ],
      },
    ],
    ['pictures', { contents: [says('user', { inlineData: { mimeType: 'image/png', data: 'AA==' } })] }],
  ])('but takes %s', async (_, body) => {
    expect(await send(body)).toMatchObject({ status: 200 });
  });

  test.each([
    ['unknown fields', { foo: 1 }, 'Invalid JSON payload received. Unknown name "foo": Cannot find field.'],
    [
      'nested ones',
      { generationConfig: { max_tokens: 1 } },
      'Unknown name "max_tokens" at \'generation_config\': Cannot find field.',
    ],
    [
      'JSON schema in the wrong place',
      {
        tools: [
          {
            functionDeclarations: [
              { name: 'f', parameters: { type: 'object', additionalProperties: false } },
            ],
          },
        ],
      },
      'Unknown name "additionalProperties" at \'tools[0].function_declarations[0].parameters\': Cannot find field.',
    ],
    [
      'other roles',
      { contents: [says('assistant', { text: 'x' })] },
      'Please use a valid role: user, model.',
    ],
    ['no contents', { contents: [] }, 'contents is not specified'],
    ['no parts', { contents: [says('user')] }, 'contents.parts must not be empty.'],
    [
      'missing signatures',
      { contents: [user, says('model', call), says('user', response)] },
      'Function call is missing a thought_signature in functionCall parts.',
    ],
    [
      'forged signatures',
      { contents: [user, says('model', { ...call, thoughtSignature: 'x' }), says('user', response)] },
      'Corrupted thought signature.',
    ],
    [
      'calls behind the model',
      { contents: [user, says('model', { text: 'x' }), says('model', signed), says('user', response)] },
      'function call turn comes immediately after a user turn',
    ],
    [
      'stray responses',
      { contents: [user, says('model', { text: 'x' }), says('user', response)] },
      'function response turn comes immediately after a function call turn.',
    ],
    [
      'too few responses',
      { contents: [user, says('model', signed, call), says('user', response)] },
      'number of function response parts is equal to the number of function call parts',
    ],
    [
      'responses of another name',
      {
        contents: [
          user,
          says('model', signed),
          says('user', { functionResponse: { name: 'g', response: {} } }),
        ],
      },
      'number of function response parts',
    ],
    ['heat', { generationConfig: { temperature: 3 } }, 'temperature must be in the range [0.0, 2.0]'],
    ['bad names', { tools: [{ functionDeclarations: [{ name: '1 f' }] }] }, 'Invalid function name.'],
  ])('%s', async (_, body, message) => {
    const refused = await send(body);
    expect(refused).toMatchObject({ status: 400, word: 'INVALID_ARGUMENT' });
    expect(refused.message).toContain(message);
  });

  test('thinking that a model has not, unknown models and keys', async () => {
    const level = { generationConfig: { thinkingConfig: { thinkingLevel: 'low' } } };
    expect((await send(level, 'gemini-2.5-flash')).message).toBe(
      'Thinking level is not supported for this model.',
    );
    const off = { generationConfig: { thinkingConfig: { thinkingBudget: 0 } } };
    expect((await send(off, 'gemini-2.5-pro')).message).toContain('This model only works in thinking mode.');
    expect(await send({}, 'gemini-0')).toMatchObject({ status: 404, word: 'NOT_FOUND' });
    expect(await send({}, undefined, 'wrong')).toMatchObject({
      status: 400,
      message: expect.stringContaining('API key not valid'),
    });
    expect(await send({}, undefined, '')).toMatchObject({ status: 403, word: 'PERMISSION_DENIED' });
  });
});
