import type { GatewayError } from '../errors.ts';
import { ENDPOINTS, type Endpoint } from './endpoint.ts';

/** What bridges a silence: a comment, or Anthropic's `ping` event (https://docs.anthropic.com/en/docs/build-with-claude/streaming). */
export function keepAlive(endpoint: Endpoint): Buffer {
  return endpoint === 'messages' ? PING : COMMENT;
}

const PING = Buffer.from('event: ping\ndata: {"type": "ping"}\n\n');
const COMMENT = Buffer.from(': keep-alive\n\n');

/**
 * The protocol's own error event, for a stream that has begun. A stream of Responses gets two, as from the
 * service itself: the openai SDK raises the first, Codex heeds the second alone.
 */
export function errorEvent(endpoint: Endpoint, error: GatewayError, requestId: string): Buffer {
  const { code, message } = error;
  switch (endpoint) {
    case 'messages':
      return named('error', {
        type: 'error',
        error: { type: error.anthropicType, message, code },
        request_id: requestId,
      });
    case 'responses':
      return Buffer.concat([
        named('error', { type: 'error', code, message, param: null, sequence_number: 0 }),
        named('response.failed', {
          type: 'response.failed',
          response: { id: '', object: 'response', status: 'failed', error: { code, message }, output: [] },
          sequence_number: 1,
        }),
      ]);
    default:
      return Buffer.from(
        `data: ${JSON.stringify({ error: { type: error.openaiType, code, message, param: null } })}\n\n`,
      );
  }
}

/** A provider's error body as an event, for a stream that a keep-alive has opened. */
export function bodyAsEvent(endpoint: Endpoint, body: Buffer): Buffer {
  const name = ENDPOINTS[endpoint].family === 'anthropic' || endpoint === 'responses' ? 'event: error\n' : '';
  return Buffer.from(`${name}data: ${body.toString('utf8').replaceAll(/\r\n|\r|\n/g, ' ')}\n\n`);
}

/** The end mark of a stream, where the protocol has one that tells nothing else. */
export function endMark(endpoint: Endpoint): Buffer | null {
  return endpoint === 'chat' || endpoint === 'completions' ? DONE : null;
}

const DONE = Buffer.from('data: [DONE]\n\n');

function named(event: string, data: unknown): Buffer {
  return Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
