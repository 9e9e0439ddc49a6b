import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../gateway/errors.ts';
import type { Endpoint } from '../../gateway/protocols/endpoint.ts';
import { bodyAsEvent, errorEvent } from '../../gateway/protocols/stream-words.ts';

/** Name and data of each event. */
function eventsOf(bytes: Buffer): [name: string | undefined, data: unknown][] {
  return bytes
    .toString('utf8')
    .split(/\n\n/)
    .filter((event) => event !== '')
    .map((event) => {
      const [, name, data] = /^(?:event: (.*)\n)?data: (.*)$/.exec(event) ?? [];
      return [name, JSON.parse(data ?? '')];
    });
}

const TWO = (code: string | null, message: string) => [
  ['error', { type: 'error', code, message, param: null, sequence_number: 0 }],
  [
    'response.failed',
    expect.objectContaining({
      response: expect.objectContaining({ status: 'failed', error: { code, message } }),
    }),
  ],
];

describe('an error of the gateway in a stream', () => {
  const error = new GatewayError('upstream_error', 'It failed.');

  it('is an event of the protocol; two of Responses', () => {
    expect(eventsOf(errorEvent('chat', error, 'r'))).toEqual([
      [
        undefined,
        { error: { type: 'upstream_error', code: 'upstream_error', message: 'It failed.', param: null } },
      ],
    ]);
    expect(eventsOf(errorEvent('messages', error, 'r'))).toEqual([
      [
        'error',
        {
          type: 'error',
          error: { type: 'api_error', message: 'It failed.', code: 'upstream_error' },
          request_id: 'r',
        },
      ],
    ]);
    expect(eventsOf(errorEvent('responses', error, 'r'))).toEqual(TWO('upstream_error', 'It failed.'));
  });
});

describe('an error body of a provider in a stream', () => {
  const told = {
    message: 'Too long.',
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
    param: null,
  };

  it.each([
    ['chat', undefined, { error: told }],
    ['messages', 'error', { type: 'error', error: told }],
  ] as const)('is one event of %s, as it came', (endpoint: Endpoint, name, body) => {
    expect(eventsOf(bodyAsEvent(endpoint, Buffer.from(JSON.stringify(body, null, 2))))).toEqual([
      [name, body],
    ]);
  });

  it('is what a stream of Responses says of a failure, in its words', () => {
    const sent = (body: object) => eventsOf(bodyAsEvent('responses', Buffer.from(JSON.stringify(body))));
    expect(sent({ error: told })).toEqual(TWO('context_length_exceeded', 'Too long.'));
    expect(sent({ error: { ...told, code: null } })).toEqual(TWO('invalid_request_error', 'Too long.'));
    expect(eventsOf(bodyAsEvent('responses', Buffer.from('<html>')))).toEqual(TWO(null, '<html>'));
  });
});
