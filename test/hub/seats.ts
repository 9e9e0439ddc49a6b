/** More providers than one of each protocol: other services, and other models of the same. */
import { afterAll, beforeAll } from 'vitest';
import { type Provider, type ProviderOptions, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { type HubBench, PROTOCOLS, type Seat } from './bench.ts';
import { exchange } from './exchange.ts';

/** Below the base path. A seat's provider lacks those of other protocols, even where its kind has them. */
const ENDPOINTS: Readonly<Record<Seat['protocol'], string>> = {
  'openai-chat': '/chat/completions',
  'openai-responses': '/responses',
  'anthropic-messages': '/messages',
};

export interface SeatWish {
  protocol: Seat['protocol'];
  kind: string;
  /** The first is the seat's; the others are there beside it. */
  models: readonly [string, ...string[]];
  options?: ProviderOptions;
}

/** To be called behind `useHub`. The seats are there once the tests run. */
export function useSeats<Name extends string>(
  bench: HubBench,
  wishes: Record<Name, SeatWish>,
): Record<Name, Seat> {
  const seats = {} as Record<Name, Seat>;
  const providers: Provider[] = [];
  beforeAll(async () => {
    for (const [name, { protocol, kind, models, options }] of Object.entries<SeatWish>(wishes)) {
      const provider = await startProvider(options);
      providers.push(provider);
      for (const path of Object.values(ENDPOINTS)) {
        if (path !== ENDPOINTS[protocol]) provider.scriptFor(path, reply.status(404));
      }
      await bench.gateway.publish(provider, models, { kind });
      const seat = { protocol, provider, model: models[0] };
      // From then on the gateway knows what the server lacks, and no body is judged by the rules of that.
      for (const other of PROTOCOLS) if (other !== protocol) await exchange(bench, other, seat);
      seats[name as Name] = seat;
    }
  });
  afterAll(async () => {
    await Promise.all(providers.map((provider) => provider.close()));
  });
  return seats;
}
