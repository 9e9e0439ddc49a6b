import { messagesCodec } from './anthropic-messages/codec.ts';
import type { Codec } from './canonical/codec.ts';
import type { Endpoint, Protocol } from './endpoint.ts';
import { chatCodec } from './openai-chat/codec.ts';
import { responsesCodec } from './openai-responses/codec.ts';

/** The protocols that are translated into each other. */
export type HubProtocol = Extract<Protocol, 'openai-chat' | 'openai-responses' | 'anthropic-messages'>;

export const CODECS: Readonly<Record<HubProtocol, Codec>> = {
  'openai-chat': chatCodec,
  'openai-responses': responsesCodec,
  'anthropic-messages': messagesCodec,
};

export const HUB_ENDPOINTS: Readonly<Record<HubProtocol, Endpoint>> = {
  'openai-chat': 'chat',
  'openai-responses': 'responses',
  'anthropic-messages': 'messages',
};

export function isHubProtocol(protocol: Protocol): protocol is HubProtocol {
  return Object.hasOwn(CODECS, protocol);
}
