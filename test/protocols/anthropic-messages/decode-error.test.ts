import { describe, expect, it } from 'vitest';
import { messagesCodec } from '../../../gateway/protocols/anthropic-messages/codec.ts';

describe('an error body', () => {
  it.each([
    [
      {
        type: 'error',
        error: { type: 'invalid_request_error', message: 'prompt is too long' },
        request_id: 'r',
      },
      { message: 'prompt is too long', type: 'invalid_request_error', code: null },
    ],
    [
      { error: { type: 't', message: 'm', details: { error_code: 'compaction_block_misplaced' } } },
      { message: 'm', type: 't', code: 'compaction_block_misplaced' },
    ],
    [{ error: { message: 'm', code: 'c' } }, { message: 'm', type: null, code: 'c' }],
    [{ error: 'model not found' }, { message: 'model not found', type: null, code: null }],
    [
      { error: { type: 'api_error' } },
      { message: expect.stringContaining('did not say'), type: 'api_error', code: null },
    ],
  ])('is read from %j', (body, expected) => {
    expect(messagesCodec.decodeError(body)).toEqual(expected);
  });

  it.each([{}, { error: null }, { error: {} }, { error: '' }, { message: 'm' }])('is none in %j', (body) => {
    expect(messagesCodec.decodeError(body)).toBeUndefined();
  });
});
