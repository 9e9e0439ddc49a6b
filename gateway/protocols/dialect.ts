import type { CanonicalRequest } from './canonical/request.ts';
import { CODECS, isHubProtocol } from './codecs.ts';
import { ENDPOINTS, type Endpoint } from './endpoint.ts';
import type { JsonObject } from './json.ts';
import { isPlainChat } from './openai-chat/plain-chat.ts';
import { decodeResponsesRequest } from './openai-responses/decode-request.ts';

/**
 * How a body is written: as its route says (`own`), or as Cursor does on the chat route, where it posts bodies
 * of the Responses API, and chat bodies with Anthropic's blocks and tools among OpenAI's (`mixed`, as is whatever else
 * must not go to a chat provider untouched).
 */
export type Dialect = 'own' | 'responses' | 'mixed';

export function dialectOf(endpoint: Endpoint, body: JsonObject): Dialect {
  if (endpoint !== 'chat') return 'own';
  if (isResponsesOnChat(body)) return 'responses';
  return isPlainChat(body) ? 'own' : 'mixed';
}

export function isResponsesOnChat({ messages, input }: JsonObject): boolean {
  return messages === undefined && (typeof input === 'string' || Array.isArray(input));
}

/** @throws GatewayError `invalid_request`, `invalid_messages` */
export function decodeBody(endpoint: Endpoint, dialect: Dialect, body: JsonObject): CanonicalRequest {
  if (dialect === 'responses') return decodeResponsesRequest(body, { calledAsFunction: true });
  const { protocol } = ENDPOINTS[endpoint];
  if (!isHubProtocol(protocol)) throw new TypeError(`${protocol} is not translated`);
  return CODECS[protocol].decodeRequest(body);
}
