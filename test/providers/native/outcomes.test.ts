import { describe, expect, it } from 'vitest';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import { nativeCall } from '../../../gateway/providers/native/native-call.ts';
import { failureOf } from '../upstream-setup.ts';
import { API_KEY, answered, canonical, json, modelAt, opened, scripted, signal, targetOf } from './setup.ts';

const STOP = { reason: 'stop', stopSequence: null, details: null };

describe('a whole answer', () => {
  it('of Gemini has its parts in order', async () => {
    const outcome = await answered('google', {
      candidates: [
        {
          content: {
            parts: [
              { text: 'hm', thought: true },
              { text: 'ok' },
              { functionCall: { id: 'c1', name: 'look', args: { a: 1 } } },
            ],
          },
          finishReason: 'STOP',
        },
      ],
      usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, thoughtsTokenCount: 1 },
    });
    expect(outcome).toMatchObject({
      kind: 'whole',
      status: 200,
      headers: { 'content-type': 'application/json' },
    });
    expect('answer' in outcome && outcome.answer).toEqual({
      parts: [
        {
          type: 'reasoning',
          text: 'hm',
          replay: { protocol: 'native', providerId: '7', id: null, data: '', redacted: false },
        },
        { type: 'text', text: 'ok' },
        { type: 'tool_call', id: 'c1', name: 'look', kind: 'function', input: '{"a":1}' },
      ],
      finish: { ...STOP, reason: 'tool_calls' },
      usage: {
        inputTokens: 3,
        outputTokens: 3,
        cachedTokens: 0,
        cacheWriteTokens: 0,
        cacheWriteHourTokens: 0,
        reasoningTokens: 1,
      },
    });
  });

  it('of Bedrock keeps every digit of the arguments', async () => {
    const server = await scripted((response) => {
      response.setHeader('content-type', 'application/json');
      response.end(
        `{"output":{"message":{"role":"assistant","content":[
          {"reasoningContent":{"reasoningText":{"text":"hm","signature":"c2ln"}}},
          {"reasoningContent":{"redactedContent":"aGlk"}},
          {"toolUse":{"toolUseId":"t1","name":"look","input":{"n":12345678901234567890}}}]}},
          "stopReason":"tool_use","usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3}}`,
      );
    });
    const call = nativeCall('bedrock', canonical(), targetOf('anthropic.claude-x'), new Dropped());
    const outcome = await (await modelAt('bedrock', server.origin)).generate(call, new Dropped(), signal());
    expect('answer' in outcome && outcome.answer).toMatchObject({
      parts: [
        { type: 'reasoning', text: 'hm', replay: { data: 'c2ln', redacted: false } },
        { type: 'reasoning', text: '', replay: { data: 'aGlk', redacted: true } },
        { type: 'tool_call', id: 't1', name: 'look', input: '{"n":12345678901234567890}' },
      ],
      finish: { reason: 'tool_calls' },
    });
  });

  it('is of no use where it is none', async () => {
    for (const body of [
      {},
      { candidates: [] },
      { candidates: [{ content: { parts: [{ text: 'x' }] } }] },
      [1],
    ]) {
      expect(await answered('google', body)).toMatchObject({ kind: 'useless', status: 200, error: null });
    }
    expect(await answered('bedrock', { message: 'fine' })).toMatchObject({ kind: 'useless', error: null });
    const server = await scripted((response) => response.end('<html>'));
    const call = nativeCall('google', canonical(), targetOf('gemini-3-pro-preview'), new Dropped());
    const outcome = await (await modelAt('google', server.origin)).generate(call, new Dropped(), signal());
    expect(outcome).toMatchObject({ kind: 'useless', status: 200, error: null });
  });

  it('is of no use where the model broke it off', async () => {
    const body = { candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL' }] };
    expect(await answered('google', body)).toMatchObject({
      kind: 'useless',
      error: { type: 'MALFORMED_FUNCTION_CALL' },
    });
  });
});

describe('a refusal', () => {
  it('of Gemini has its status and words', async () => {
    const error = {
      code: 400,
      message: 'The input token count exceeds the maximum.',
      status: 'INVALID_ARGUMENT',
    };
    expect(await answered('google', { error }, 400)).toMatchObject({
      kind: 'refused',
      status: 400,
      error: { message: error.message, type: 'INVALID_ARGUMENT', code: '400' },
    });
    expect(await answered('google', [{ error }], 400)).toMatchObject({ error: { message: error.message } });
  });

  it('of Gemini for a wrong key is one of the key', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }];
    const error = { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT', details };
    expect(await answered('google', { error }, 400)).toMatchObject({ kind: 'refused', status: 401 });
  });

  it('of Gemini says how long to wait, where its headers do not', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '33.2s' }];
    const error = { code: 429, message: 'Quota exceeded.', status: 'RESOURCE_EXHAUSTED', details };
    expect(await answered('google', { error }, 429)).toMatchObject({
      status: 429,
      headers: { 'retry-after': '34' },
    });
    expect(await answered('google', { error }, 429, { 'retry-after': '5' })).toMatchObject({
      headers: { 'retry-after': '5' },
    });
  });

  it('of Bedrock names its kind in a header', async () => {
    const headers = { 'x-amzn-errortype': 'ValidationException:http://internal.amazon.com/coral/' };
    expect(await answered('bedrock', { message: 'Input is too long.' }, 400, headers)).toMatchObject({
      kind: 'refused',
      status: 400,
      error: { message: 'Input is too long.', type: 'ValidationException', code: null },
    });
    expect(await answered('bedrock', { Message: 'Denied.' }, 403)).toMatchObject({
      error: { message: 'Denied.' },
    });
  });

  it('is told of a stream before any event', async () => {
    const server = await scripted((response) =>
      json(response, { error: { code: 503, message: 'Overloaded.', status: 'UNAVAILABLE' } }, 503),
    );
    const call = nativeCall('google', canonical(), targetOf('gemini-3-pro-preview'), new Dropped());
    const outcome = await (await modelAt('google', server.origin)).stream(call, new Dropped(), signal());
    expect(outcome).toMatchObject({ kind: 'refused', status: 503, error: { message: 'Overloaded.' } });
  });

  it('may be any text, and does not tell the credential', async () => {
    const server = await scripted((response) => response.writeHead(500).end(`no luck with ${API_KEY}`));
    const call = nativeCall('google', canonical(), targetOf('gemini-3-pro-preview'), new Dropped());
    const outcome = await (await modelAt('google', server.origin)).generate(call, new Dropped(), signal());
    expect(outcome).toMatchObject({ kind: 'refused', error: { message: 'no luck with [credential]' } });
  });

  it('is what a redirect is: nobody follows it', async () => {
    const elsewhere = await scripted((response) => response.end('{}'));
    for (const kind of ['google', 'bedrock'] as const) {
      const server = await scripted((response) =>
        response.writeHead(307, { location: `${elsewhere.origin}/x` }).end(),
      );
      const call = nativeCall(kind, canonical(), targetOf('m'), new Dropped());
      const outcome = await (await modelAt(kind, server.origin)).generate(call, new Dropped(), signal());
      expect(outcome).toMatchObject({ kind: 'refused', status: 307 });
    }
    expect(elsewhere.connections()).toBe(0);
  });
});

describe('a call that does not come through', () => {
  it('fails as other calls do', async () => {
    const server = await scripted((response) => response.destroy());
    const model = await modelAt('google', server.origin);
    const call = nativeCall('google', canonical(), targetOf('gemini-3-pro-preview'), new Dropped());
    expect((await failureOf(model.generate(call, new Dropped(), signal()))).reason).toBe('reset');
    expect((await failureOf(opened(model, 'google'))).reason).toBe('reset');
  });

  it('fails where a whole answer breaks off', async () => {
    const server = await scripted((response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"candidates":', () => response.destroy());
    });
    const call = nativeCall('google', canonical(), targetOf('gemini-3-pro-preview'), new Dropped());
    const model = await modelAt('google', server.origin);
    expect((await failureOf(model.generate(call, new Dropped(), signal()))).reason).toBe('reset');
  });

  it('tells what was left out before the first event', async () => {
    const server = await scripted((response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders(),
    );
    const dropped = new Dropped();
    const penalty = { ...canonical().sampling, presencePenalty: 1 };
    const call = nativeCall('google', canonical({ sampling: penalty }), targetOf('gemini-2.5-pro'), dropped);
    const outcome = await (await modelAt('google', server.origin)).stream(call, dropped, signal());
    expect(outcome.kind).toBe('stream');
    expect(dropped.text).toBe('presence_penalty');
  });
});
