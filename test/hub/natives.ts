/** Services with protocols of their own, behind the hub's gateway. */
import { afterAll, beforeAll } from 'vitest';
import { startBedrockProvider } from '../support/provider/bedrock/provider.ts';
import { startGeminiProvider } from '../support/provider/gemini/provider.ts';
import type { Provider } from '../support/provider/provider.ts';
import type { HubBench } from './bench.ts';

export const NATIVES = ['gemini', 'bedrock'] as const;

export interface NativeSeat {
  protocol: (typeof NATIVES)[number];
  provider: Provider;
  model: string;
}

const MODELS = {
  // Without a credential it tells a path that it does not have from one that may not be asked.
  gemini: {
    kind: 'google',
    model: 'gemini-3.1-pro-preview',
    start: () => startGeminiProvider({ credential: null }),
  },
  bedrock: {
    kind: 'bedrock',
    model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    start: startBedrockProvider,
  },
} as const;

/** To be called behind `useHub`. */
export function useNatives(bench: HubBench): Record<NativeSeat['protocol'], NativeSeat> {
  const seats = {} as Record<NativeSeat['protocol'], NativeSeat>;
  beforeAll(async () => {
    for (const protocol of NATIVES) {
      const { kind, model, start } = MODELS[protocol];
      const provider = await start();
      await bench.gateway.publish(provider, [model], { kind });
      seats[protocol] = { protocol, provider, model };
    }
  });
  afterAll(async () => {
    await Promise.all(Object.values(seats).map(({ provider }) => provider.close()));
  });
  return seats;
}
