import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../gateway/errors.ts';
import type { Endpoint } from '../../gateway/protocols/endpoint.ts';
import {
  bodyFor,
  hidesUsageChunk,
  type InferenceBody,
  readInferenceBody,
} from '../../gateway/protocols/inference-body.ts';
import { objectText } from './json-text.ts';

const MESSAGES = '"messages":[{"role":"user","content":"hi"}]';

function read(endpoint: Endpoint, json: string): InferenceBody {
  return readInferenceBody(endpoint, Buffer.from(json));
}

function refusal(endpoint: Endpoint, json: string | Buffer): string {
  try {
    readInferenceBody(endpoint, Buffer.from(json as string));
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
  return 'taken';
}

function forwarded(endpoint: Endpoint, json: string, model: string): string {
  return bodyFor(endpoint, read(endpoint, json), model).toString();
}

describe('an inference body', () => {
  it.each<[string, Endpoint, string | Buffer]>([
    ['invalid_request', 'chat', ''],
    ['invalid_request', 'chat', '{"model":"m",'],
    ['invalid_request', 'chat', '[]'],
    ['invalid_request', 'chat', '"text"'],
    ['invalid_request', 'chat', 'null'],
    ['invalid_request', 'chat', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
    ['invalid_messages', 'chat', '{"model":"m"}'],
    ['invalid_messages', 'chat', '{"model":"m","messages":null}'],
    ['invalid_messages', 'chat', '{"model":"m","messages":{"role":"user"}}'],
    ['invalid_messages', 'chat', '{"model":"m","messages":[]}'],
    ['invalid_messages', 'messages', '{"model":"m","messages":[]}'],
    ['invalid_messages', 'count_tokens', '{"model":"m","messages":[7]}'],
    ['invalid_messages', 'chat', '{"model":"m","messages":[null]}'],
    ['invalid_messages', 'chat', '{"model":"m","messages":[{"content":"x"}]}'],
    ['invalid_messages', 'chat', '{"model":"m","messages":[{"role":"user","content":7}]}'],
    ['invalid_messages', 'chat', '{"model":"m","messages":[{"role":"user","content":{"a":1}}]}'],
    ['invalid_request', 'embeddings', '{"model":"m"}'],
    ['missing_model', 'chat', `{${MESSAGES}}`],
    ['missing_model', 'chat', `{"model":null,${MESSAGES}}`],
    ['missing_model', 'chat', `{"model":"",${MESSAGES}}`],
    ['missing_model', 'responses', '{"input":"x"}'],
    ['invalid_request', 'chat', `{"model":7,${MESSAGES}}`],
    ['invalid_request', 'chat', `{"model":["m"],${MESSAGES}}`],
    ['invalid_request', 'chat', `{"model":"a",${MESSAGES},"model":"b"}`],
    ['invalid_request', 'chat', `{"model":"a",${MESSAGES},"mod\\u0065l":"a"}`],
    ['invalid_request', 'chat', `{"model":"a",${MESSAGES},"Model":"b"}`],
    ['invalid_request', 'chat', `{"MODEL":"b",${MESSAGES},"model":"a"}`],
    ['taken', 'chat', `{"model":"a","metadata":{"model":"b","Model":"c"},${MESSAGES}}`],
    ['taken', 'chat', '{"model":"m","messages":[{"role":"assistant","content":null,"tool_calls":[]}]}'],
    ['taken', 'chat', '{"model":"m","messages":[{"role":"user","content":[]}]}'],
    ['taken', 'responses', '{"model":"m"}'],
    ['taken', 'completions', '{"model":"m","prompt":"x","suffix":"y"}'],
    ['taken', 'embeddings', '{"model":"m","input":[1,2]}'],
  ])('%s: %s %s', (code, endpoint, json) => {
    expect(refusal(endpoint, json)).toBe(code);
  });

  it('is read for what the gateway acts on', () => {
    const json = `{"model":"m",${MESSAGES},"stream":true,"max_completion_tokens":9.5,"max_tokens":4,"stream_options":{"include_usage":true}}`;
    expect(read('chat', json)).toMatchObject({
      model: 'm',
      stream: true,
      wantsUsageChunk: true,
      maxOutputTokens: 10,
      bytes: Buffer.from(json),
    });
    expect(read('responses', '{"model":"m","max_output_tokens":7}').maxOutputTokens).toBe(7);
    expect(read('messages', `{"model":"m",${MESSAGES},"max_tokens":-1}`).maxOutputTokens).toBeNull();
    expect(read('embeddings', '{"model":"m","input":"x","stream":true}').stream).toBe(false);
    expect(read('chat', `{"model":"m",${MESSAGES},"stream":"true"}`).stream).toBe(false);
  });

  it.each(['1e999', '1e300', '99999999999999999999'])(
    'bounds an output of %s tokens to what can be counted',
    (given) => {
      const bound = read('chat', `{"model":"m",${MESSAGES},"max_tokens":${given}}`).maxOutputTokens;
      expect(bound).toBe(1_000_000_000);
    },
  );

  it('is not changed when nothing must be', () => {
    const json = ` {"model" : "m",${MESSAGES}, "n":1.00, "seed":9007199254740993 }\n`;
    const body = read('chat', json);
    expect(bodyFor('chat', body, 'm')).toBe(body.bytes);
  });

  it('is forwarded byte for byte but for its model', () => {
    fc.assert(
      fc.property(objectText(['metadata', 'tools']), fc.string(), ({ members, pieces }, upstream) => {
        fc.pre(members.every(({ key }) => !['model', 'stream'].includes(key.toLowerCase())));
        const rest = pieces.slice(1).join('');
        const lead = (model: string) =>
          `${pieces[0]}"mod\\u0065l" : ${model}${members.length > 0 ? ',' : ''}`;
        const sent = forwarded('responses', lead('"public"') + rest, upstream);
        expect(sent).toBe(lead(upstream === 'public' ? '"public"' : JSON.stringify(upstream)) + rest);
      }),
    );
  });

  it('asks for usage where a stream tells it only then', () => {
    const body = (more: string) => `{"model":"m",${MESSAGES},"stream":true${more}}`;
    expect(forwarded('chat', body(''), 'm')).toBe(body(',"stream_options":{"include_usage":true}'));
    expect(forwarded('chat', body(',"stream_options":null'), 'm')).toBe(
      body(',"stream_options":{"include_usage":true}'),
    );
    expect(
      forwarded('chat', body(',"stream_options":{ "x":9007199254740993, "include_usage" : false }'), 'm'),
    ).toBe(body(',"stream_options":{ "x":9007199254740993, "include_usage" : true }'));
    expect(forwarded('chat', body(',"stream_options":{"include_usage":true}'), 'm')).toBe(
      body(',"stream_options":{"include_usage":true}'),
    );
    expect(forwarded('messages', body(''), 'm')).toBe(body(''));
    expect(forwarded('chat', `{"model":"m",${MESSAGES}}`, 'm')).toBe(`{"model":"m",${MESSAGES}}`);
  });

  it('hides the usage chunk only from those who did not ask for it', () => {
    const asked = ',"stream_options":{"include_usage":true}';
    const hides = (endpoint: Endpoint, more: string) =>
      hidesUsageChunk(endpoint, read(endpoint, `{"model":"m",${MESSAGES}${more}}`));
    expect(hides('chat', ',"stream":true')).toBe(true);
    expect(hides('completions', ',"stream":true')).toBe(true);
    expect(hides('chat', `,"stream":true${asked}`)).toBe(false);
    expect(hides('chat', '')).toBe(false);
    expect(hides('responses', ',"stream":true')).toBe(false);
  });

  it('may be deep or long', () => {
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    expect(forwarded('responses', `{"x":${deep},"model":"a"}`, 'b')).toBe(`{"x":${deep},"model":"b"}`);
    expect(refusal('chat', '['.repeat(1_000_000))).toBe('invalid_request');
    expect(refusal('chat', '{"a":'.repeat(200_000))).toBe('invalid_request');
    const long = 'x"\\'.repeat(1_700_000);
    const json = `{"input":${JSON.stringify(long)},"model":"a"}`;
    expect(forwarded('responses', json, 'b')).toHaveLength(json.length);
    const options = `{"model":"m",${MESSAGES},"stream":true,"stream_options":{"x":${deep}}}`;
    expect(forwarded('chat', options, 'm')).toContain('"include_usage":true');
  });
});
