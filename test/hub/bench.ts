/** One gateway, one provider of each protocol behind it, one real client of each protocol before it. */
import { afterAll, beforeAll } from 'vitest';
import type { AuditRow } from '../../gateway/doors/admin/contract/audit.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { DIALECTS } from '../support/provider/chat/dialect.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import type { RecordedRequest } from '../support/provider/request.ts';
import { until } from '../support/until.ts';
import { chatClient } from './clients/chat.ts';
import type { Client } from './clients/client.ts';
import { messagesClient } from './clients/messages.ts';
import { responsesClient } from './clients/responses.ts';

export interface Seat {
  /** The protocol it is spoken to in. */
  protocol: Client['protocol'];
  provider: Provider;
  /** The public model it serves. */
  model: string;
}

export interface HubBench {
  gateway: TestGateway;
  seats: Record<Client['protocol'], Seat>;
  clients: Record<Client['protocol'], Client>;
}

export const PROTOCOLS = ['openai-chat', 'openai-responses', 'anthropic-messages'] as const;

/** Client and provider. */
export const PAIRS = PROTOCOLS.flatMap((client) => PROTOCOLS.map((provider) => [client, provider] as const));

/** Those that need a translation. */
export const TRANSLATED = PAIRS.filter(([client, provider]) => client !== provider);

/** The chat provider is as strict as OpenAI, but for the reasoning that other servers of its kind give and take. */
const COMPATIBLE = {
  ...DIALECTS.openai,
  assistantTakes: ['reasoning_content', 'reasoning_details'],
  modelRules: false,
};

const HI = { messages: [{ role: 'user', content: 'hi' }] };

const MODELS = {
  'openai-chat': { kind: 'openai-compatible', model: 'gpt-4o' },
  'openai-responses': { kind: 'openai', model: 'gpt-5-mini' },
  'anthropic-messages': { kind: 'anthropic', model: 'claude-sonnet-4-6' },
} as const;

export function useHub(): HubBench {
  const bench = {} as HubBench;
  beforeAll(async () => {
    bench.gateway = await startGateway();
    const { url, key } = bench.gateway;
    const seats = await Promise.all(
      PROTOCOLS.map(async (protocol) => {
        const { kind, model } = MODELS[protocol];
        const provider = await startProvider(protocol === 'openai-chat' ? { dialect: COMPATIBLE } : {});
        // As for OpenAI's models that only Responses serves: the gateway finds out by itself.
        if (protocol === 'openai-responses') provider.scriptFor('/chat/completions', reply.status(404));
        await bench.gateway.publish(provider, [model], { kind });
        // From then on the gateway knows. A body that chat would refuse is not judged by it first.
        if (protocol === 'openai-responses')
          await bench.gateway.post('/v1/chat/completions', { model, ...HI });
        return [protocol, { protocol, provider, model }] as const;
      }),
    );
    bench.seats = Object.fromEntries(seats) as HubBench['seats'];
    bench.clients = {
      'openai-chat': chatClient(url, key),
      'openai-responses': responsesClient(url, key),
      'anthropic-messages': messagesClient(url, key),
    };
  });
  afterAll(async () => {
    await bench.gateway[Symbol.asyncDispose]();
    await Promise.all(Object.values(bench.seats).map(({ provider }) => provider.close()));
  });
  return bench;
}

export function resetScripts({ seats }: HubBench): void {
  for (const { provider } of Object.values(seats)) provider.script(reply.text('ok'));
}

export function lastRequest({ provider }: Pick<Seat, 'provider'>): RecordedRequest {
  const request = provider.requests.at(-1);
  if (request === undefined) throw new Error('the provider got no request');
  return request;
}

export async function newestRow({ gateway }: HubBench): Promise<AuditRow> {
  const [row] = await gateway.rows();
  return row;
}

/** The newest row once it is settled with this status. */
export function settledRow(bench: HubBench, status: number): Promise<AuditRow> {
  return until(`a row with status ${status}`, async () => {
    const row = await newestRow(bench);
    return row?.status === status && row;
  });
}
