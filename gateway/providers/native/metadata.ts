/** What the AI SDK tells beside its own fields, under the provider's name. */
import { asText, isObject } from '../../protocols/json.ts';

interface Told {
  providerMetadata?: Record<string, unknown> | undefined;
}

export interface Signature {
  data: string;
  /** It stands for a text that is hidden. */
  redacted: boolean;
}

/** Vertex tells what Gemini does under a name of its own. */
const NAMES = ['google', 'googleVertex', 'amazonBedrock'] as const;

export function signatureOf(part: Told): Signature | null {
  const told = metadataOf(part);
  const signature = asText(told.thoughtSignature) ?? asText(told.signature);
  if (signature !== null) return { data: signature, redacted: false };
  const hidden = asText(told.redactedContent) ?? asText(told.redactedData);
  return hidden === null ? null : { data: hidden, redacted: true };
}

export function stopSequenceOf(part: Told): string | null {
  return asText(metadataOf(part).stopSequence);
}

function metadataOf({ providerMetadata }: Told): Record<string, unknown> {
  for (const name of NAMES) {
    const told = providerMetadata?.[name];
    if (isObject(told)) return told;
  }
  return {};
}
