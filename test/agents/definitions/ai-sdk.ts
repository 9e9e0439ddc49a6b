import type { HubProtocol } from '../../../gateway/protocols/codecs.ts';

/** Which package of the AI SDK speaks a protocol; agents built on it are told by its name. */
export const AI_SDK_PACKAGES: Readonly<Record<HubProtocol, string>> = {
  'openai-chat': '@ai-sdk/openai-compatible',
  'openai-responses': '@ai-sdk/openai',
  'anthropic-messages': '@ai-sdk/anthropic',
};
