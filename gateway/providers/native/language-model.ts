/** Makes the AI SDK's models. Each provider's package is loaded when its first model is made. */
import { randomUUID } from 'node:crypto';
import type { Access } from './access.ts';
import { bedrockRegion, modelPath } from './addresses.ts';
import type { NativeKind } from './kinds.ts';
import type { Fetch, LanguageModel } from './sdk.ts';

export interface ModelSettings {
  model: string;
  /** Below which the SDK puts its paths. */
  base: string;
  /** As the owner typed it. */
  baseUrl: string;
  access: Access;
  fetch: Fetch;
}

/** Stands where the SDK wants a key, so that it looks for none in the environment; our fetch replaces it. */
const PLACEHOLDER = 'set-by-the-gateway';

export async function loadModels(kind: NativeKind): Promise<(settings: ModelSettings) => LanguageModel> {
  if (kind === 'bedrock') {
    const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
    return ({ model, base, baseUrl, access: { aws }, fetch }) =>
      createAmazonBedrock({
        baseURL: base,
        region: bedrockRegion(baseUrl),
        fetch,
        // An empty key makes it sign, and keeps it from the environment's.
        ...(aws === null ? { apiKey: PLACEHOLDER } : { apiKey: '', ...aws }),
      })(model);
  }
  const { createGoogle } = await import('@ai-sdk/google');
  return ({ model, base, fetch }) =>
    createGoogle({
      baseURL: base,
      apiKey: PLACEHOLDER,
      fetch,
      generateId: () => `call_${randomUUID().replaceAll('-', '')}`,
      // By this name the SDK knows in what Vertex differs from the Gemini API: ids of calls, service tiers.
      ...(kind === 'vertex' ? { name: 'google.vertex.chat' } : {}),
    })(modelPath(kind, model));
}
