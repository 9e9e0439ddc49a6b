import type { Socket } from 'node:net';
import { GatewayError } from '../errors.ts';
import { requestId } from '../request-id.ts';
import { errorEnvelope } from './error-envelope.ts';

/** What OpenSSL says of a request that came without TLS. */
export const WITHOUT_TLS = 'ERR_SSL_HTTP_REQUEST';

const REASONS: Readonly<
  Record<string, { status: string; code: 'invalid_request' | 'request_too_large'; message: string }>
> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    code: 'request_too_large',
    message: 'The headers are larger than 64 KiB.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    code: 'invalid_request',
    message: 'The request did not arrive in time.',
  },
  // No redirection: a tool would follow it, and send its key in the open each time.
  [WITHOUT_TLS]: {
    status: '400 Bad Request',
    code: 'invalid_request',
    message: 'This address speaks HTTPS: write https:// in place of http://.',
  },
};

const MALFORMED = {
  status: '400 Bad Request',
  code: 'invalid_request' as const,
  message: 'The request is not valid HTTP.',
};

/** Answers what Node could not read as a request, and ends the connection: nobody knows where the next would begin. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, code, message } = REASONS[error.code ?? ''] ?? MALFORMED;
  const id = requestId();
  const body = JSON.stringify(errorEnvelope('openai', new GatewayError(code, message), id));
  const head = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
