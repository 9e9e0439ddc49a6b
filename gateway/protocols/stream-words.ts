import type { GatewayError } from '../errors.ts';
import { ENDPOINTS, type Endpoint } from './endpoint.ts';
import { asText, isObject, parseObject } from './json.ts';

/** What bridges a silence: a comment, or Anthropic's `ping` event (https://docs.anthropic.com/en/docs/build-with-claude/streaming). */
export function keepAlive(endpoint: Endpoint): Buffer {
  return endpoint === 'messages' ? PING : COMMENT;
}

const PING = Buffer.from('event: ping\ndata: {"type": "ping"}\n\n');
const COMMENT = Buffer.from(': keep-alive\n\n');

/** The protocol's own error event, for a stream that has begun. */
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
      return failedResponse({ code, message });
    default:
      return Buffer.from(
        `data: ${JSON.stringify({ error: { type: error.openaiType, code, message, param: null } })}\n\n`,
      );
  }
}

/** Two events, as from the service itself: the openai SDK raises the first, Codex heeds the second alone. */
function failedResponse({ code, message }: { code: string | null; message: string }): Buffer {
  return Buffer.concat([
    named('error', { type: 'error', code, message, param: null, sequence_number: 0 }),
    named('response.failed', {
      type: 'response.failed',
      response: { id: '', object: 'response', status: 'failed', error: { code, message }, output: [] },
      sequence_number: 1,
    }),
  ]);
}

/** A provider's error body as an event, for a stream that a keep-alive has opened. */
export function bodyAsEvent(endpoint: Endpoint, body: Buffer): Buffer {
  const text = body.toString('utf8');
  if (endpoint === 'responses') return failedResponse(toldIn(text));
  const name = ENDPOINTS[endpoint].family === 'anthropic' ? 'event: error\n' : '';
  return Buffer.from(`${name}data: ${text.replaceAll(/\r\n|\r|\n/g, ' ')}\n\n`);
}

/** OpenAI's error body; the text itself where it is none. */
function toldIn(text: string): { code: string | null; message: string } {
  const error = parseObject(text)?.error;
  if (!isObject(error)) return { code: null, message: text };
  return { code: asText(error.code) ?? asText(error.type), message: asText(error.message) ?? text };
}

/** The end mark of a stream, where the protocol has one that tells nothing else. */
export function endMark(endpoint: Endpoint): Buffer | null {
  return endpoint === 'chat' || endpoint === 'completions' ? DONE : null;
}

const DONE = Buffer.from('data: [DONE]\n\n');

function named(event: string, data: unknown): Buffer {
  return Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
