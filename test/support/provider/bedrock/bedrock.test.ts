/** The scripted Bedrock as the AI SDK's package reads it, and what it refuses. */
import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { collect } from '../collect.ts';
import { signatureFor } from '../proof.ts';
import { reply } from '../reply.ts';
import type { Provider } from '../server.ts';
import { startBedrockProvider } from './provider.ts';

const HAIKU = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';

let bedrock: Provider;
beforeAll(() => {
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
});
beforeEach(async () => {
  bedrock = await startBedrockProvider();
});
afterEach(() => bedrock.close());

const model = (id = HAIKU) =>
  createAmazonBedrock({ baseURL: bedrock.url, region: 'us-east-1', apiKey: 'sk-provider' })(id);
const asked = (id?: string) => ({ model: model(id), prompt: 'hi', maxRetries: 0 });
const usage = { input: 100, output: 30, cached: 40, cacheWrite: 20 };

describe('answers', () => {
  test.each([false, true])('with reasoning, text and usage (streamed: %s)', async (stream) => {
    bedrock.script(reply.text('Grüße an alle', { thinking: 'let me see', usage }));
    const result = stream ? streamText(asked()) : await generateText(asked());
    expect(await result.text).toBe('Grüße an alle');
    expect(await result.reasoningText).toBe('let me see');
    expect(await result.finishReason).toBe('stop');
    expect(await result.usage).toMatchObject({
      inputTokens: 100,
      outputTokens: 30,
      inputTokenDetails: { cacheReadTokens: 40, cacheWriteTokens: 20 },
    });
  });

  test.each([false, true])(
    'with calls, whose results and signatures come back (streamed: %s)',
    async (stream) => {
      bedrock.script(
        reply.tools([{ name: 'a', input: { n: 1 } }, { name: 'b' }], { thinking: 'hm' }),
        reply.text('done'),
      );
      const schema = jsonSchema({ type: 'object', properties: {} });
      const run = (name: string) => tool({ inputSchema: schema, execute: async () => `result of ${name}` });
      const calling = { ...asked(), tools: { a: run('a'), b: run('b') }, stopWhen: stepCountIs(2) };
      const result = stream ? streamText(calling) : await generateText(calling);
      expect(await result.text).toBe('done');
      const sent = bedrock.requests[1]?.json as { messages: { content: object[] }[] };
      expect(sent.messages[1]?.content).toMatchObject([
        { reasoningContent: { reasoningText: { text: 'hm', signature: signatureFor('hm') } } },
        { toolUse: { toolUseId: 'tooluse_0', name: 'a', input: { n: 1 } } },
        { toolUse: { toolUseId: 'tooluse_1', name: 'b' } },
      ]);
      expect(sent.messages[2]?.content).toMatchObject([
        { toolResult: { toolUseId: 'tooluse_0' } },
        { toolResult: { toolUseId: 'tooluse_1' } },
      ]);
    },
  );

  test('in pieces of one byte, released one by one', async () => {
    bedrock.script(reply.split(reply.text('one two'), 1), reply.gated(reply.text('one two')));
    expect(await streamText(asked()).text).toBe('one two');
    await bedrock.nextRequest();
    const reading = collect(streamText(asked()).textStream);
    const request = await bedrock.nextRequest();
    await request.release(2);
    expect(request.piecesSent).toBe(2);
    request.releaseAll();
    expect(await reading).toEqual(['one', ' two']);
  });

  test('errors before and within a stream', async () => {
    bedrock.script(reply.status(429));
    await expect(generateText(asked())).rejects.toMatchObject({
      statusCode: 429,
      responseHeaders: { 'x-amzn-errortype': expect.stringContaining('ThrottlingException') },
    });
    bedrock.script(reply.error(reply.text('half'), { type: 'throttlingException', message: 'Slow down.' }));
    const parts = await collect(streamText({ ...asked(), onError: () => undefined }).fullStream);
    expect(JSON.stringify(parts.find((part) => part.type === 'error'))).toContain('throttlingException');
    bedrock.script(reply.cut(reply.text('half')));
    const cut = await collect(streamText({ ...asked(), onError: () => undefined }).fullStream);
    expect(cut.some((part) => part.type === 'text-delta')).toBe(true);
  });

  test('to signed requests too', async () => {
    await using signed = await startBedrockProvider({ accessKeyId: 'AKIATEST' });
    const ask = (accessKeyId: string) =>
      generateText({
        ...asked(),
        model: createAmazonBedrock({
          baseURL: signed.url,
          region: 'us-east-1',
          accessKeyId,
          secretAccessKey: 'x',
        })(HAIKU),
      });
    expect((await ask('AKIATEST')).text).toBe('ok');
    await expect(ask('AKIAOTHER')).rejects.toMatchObject({ statusCode: 403 });
  });
});

describe('refuses', () => {
  const user = { role: 'user', content: [{ text: 'hi' }] };
  const use = (toolUseId: string) => ({ toolUse: { toolUseId, name: 'f', input: {} } });
  const result = (toolUseId: string) => ({ toolResult: { toolUseId, content: [{ text: 'x' }] } });
  const toolConfig = { tools: [{ toolSpec: { name: 'f', inputSchema: { json: { type: 'object' } } } }] };
  const round = (uses: string[], results: string[]) => [
    user,
    { role: 'assistant', content: uses.map(use) },
    { role: 'user', content: results.map(result) },
  ];

  async function send(body: object, id = HAIKU, token = 'sk-provider') {
    const answer = await fetch(`${bedrock.url}/model/${encodeURIComponent(id)}/converse`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ messages: [user], ...body }),
    });
    const { message } = (await answer.json()) as { message?: string };
    return { status: answer.status, message, kind: answer.headers.get('x-amzn-errortype')?.split(':')[0] };
  }

  test('but takes a round trip', async () => {
    expect(await send({ toolConfig, messages: round(['a', 'b'], ['b', 'a']) })).toMatchObject({
      status: 200,
    });
  });

  test.each([
    [
      'an assistant first',
      { messages: [{ role: 'assistant', content: [{ text: 'x' }] }] },
      'A conversation must start with a user message.',
    ],
    [
      'roles in a row',
      { messages: [user, user] },
      'A conversation must alternate between user and assistant roles.',
    ],
    [
      'empty messages',
      { messages: [{ role: 'user', content: [] }] },
      'The content field in the Message object at messages.0 is empty.',
    ],
    [
      'blank texts',
      { messages: [{ role: 'user', content: [{ text: ' ' }] }] },
      'The text field in the ContentBlock object at messages.0.content.0 is blank.',
    ],
    [
      'tools without their list',
      { messages: round(['a'], ['a']) },
      'The toolConfig field must be defined when using toolUse and toolResult content blocks.',
    ],
    [
      'open calls',
      { toolConfig, messages: round(['a', 'b'], ['a']) },
      'Expected toolResult blocks at messages.2.content for the following Ids: b',
    ],
    [
      'stray results',
      { toolConfig, messages: [{ role: 'user', content: [result('a')] }] },
      'The number of toolResult blocks at messages.0.content exceeds the number of toolUse blocks of previous turn.',
    ],
    [
      'bad names',
      { toolConfig: { tools: [{ toolSpec: { name: 'a.b' } }] } },
      "Value 'a.b' at 'toolConfig.tools.1.member.toolSpec.name' failed to satisfy constraint",
    ],
    [
      'odd file names',
      {
        messages: [
          { role: 'user', content: [{ document: { name: 'a.pdf', format: 'pdf', source: { bytes: '' } } }] },
        ],
      },
      'The file name can only contain alphanumeric characters',
    ],
    [
      'foreign signatures',
      {
        messages: [
          user,
          {
            role: 'assistant',
            content: [{ reasoningContent: { reasoningText: { text: 'hm', signature: 'x' } } }, { text: 'x' }],
          },
          user,
        ],
      },
      'The model returned the following errors: messages.1.content.0: Invalid `signature` in `thinking` block',
    ],
    [
      'fields the model does not know',
      { additionalModelRequestFields: { foo: 1 } },
      'The model returned the following errors: foo: Extra inputs are not permitted',
    ],
    [
      'settings the model has not',
      { additionalModelRequestFields: { thinking: { type: 'adaptive' } } },
      'adaptive thinking is not supported on this model',
    ],
  ])('%s', async (_, body, message) => {
    const refused = await send(body);
    expect(refused).toMatchObject({ status: 400, kind: 'ValidationException' });
    expect(refused.message).toContain(message);
  });

  test('unknown models and keys', async () => {
    expect(await send({}, 'nobody.knows')).toMatchObject({
      status: 400,
      message: 'The provided model identifier is invalid.',
    });
    expect(await send({}, undefined, 'wrong')).toMatchObject({ status: 403, kind: 'AccessDeniedException' });
  });
});
