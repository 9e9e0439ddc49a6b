import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { chatCodec } from '../../../gateway/protocols/openai-chat/codec.ts';

describe("a chat provider's error body", () => {
  it.each<[JsonObject, unknown]>([
    [
      { error: { message: 'Too long', type: 'invalid_request_error', param: 'messages', code: 'context' } },
      { message: 'Too long', type: 'invalid_request_error', code: 'context' },
    ],
    [{ error: { message: 'No', code: 400 } }, { message: 'No', type: null, code: '400' }],
    [{ error: 'model not found' }, { message: 'model not found', type: null, code: null }],
    [
      { error: { message: 'Provider returned error', code: 400, metadata: { raw: 'prompt is too long' } } },
      { message: 'Provider returned error: prompt is too long', type: null, code: '400' },
    ],
    [
      { object: 'error', message: 'Bad order', type: 'invalid_request_message_order', code: '3230' },
      { message: 'Bad order', type: 'invalid_request_message_order', code: '3230' },
    ],
    [{ detail: 'Not Found' }, { message: 'Not Found', type: null, code: null }],
    [
      { detail: [{ loc: ['body', 'n'], msg: 'field required' }] },
      { message: '[{"loc":["body","n"],"msg":"field required"}]', type: null, code: null },
    ],
    [{ error: { type: 'overloaded' } }, { message: 'overloaded', type: 'overloaded', code: null }],
    [{ message: 'Unauthorized' }, { message: 'Unauthorized', type: null, code: null }],
  ])('%o is read', (body, error) => {
    expect(chatCodec.decodeError(body)).toEqual(error);
  });

  it.each<JsonObject>([{}, { error: null }, { error: '' }, { choices: [] }])('is not %o', (body) => {
    expect(chatCodec.decodeError(body)).toBeUndefined();
  });
});
