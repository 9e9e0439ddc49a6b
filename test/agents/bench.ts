/** A scripted provider of each protocol, and one gateway before them. */
import type { AuditRow } from '../../gateway/doors/admin/contract/audit.ts';
import type { HubProtocol } from '../../gateway/protocols/codecs.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { DIALECTS } from '../support/provider/chat/dialect.ts';
import {
  DEFAULT_CREDENTIAL,
  type Provider,
  type ProviderOptions,
  startProvider,
} from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import type { Agent, Door } from './agent.ts';

/** A provider, and the model that it alone serves. */
export interface Seat {
  protocol: HubProtocol;
  provider: Provider;
  /** Its id in the gateway. */
  providerId: string;
  model: string;
}

export interface Bench extends AsyncDisposable {
  seats: readonly Seat[];
  /** A key of its own for one trial, after which `rows` are what the gateway wrote down of it. */
  open(agent: Agent, seat: Seat): Promise<Door & { rows(): Promise<AuditRow[] | null> }>;
}

/** Beside that, what `ntl` needs to know of the gateway. */
export interface GatewayBench extends Bench {
  url: string;
  dataDir: string;
  /** Of the newest key that has the tool's name, or begins with it. */
  rowsOfLatestKey(tool: string): Promise<AuditRow[]>;
}

interface SeatFacts {
  protocol: HubProtocol;
  kind: string;
  model: string;
  options: ProviderOptions;
  /** A route it has not, so that it is asked in its own protocol by every client. */
  lacks?: { path: string; body: object };
}

/** Proofs of thinking are taken back from the realm that made them alone, as with the services. */
const SEATS: readonly SeatFacts[] = [
  {
    protocol: 'anthropic-messages',
    kind: 'anthropic',
    model: 'claude-sonnet-4-6',
    options: { models: null, realm: 'anthropic' },
  },
  {
    protocol: 'openai-responses',
    kind: 'openai',
    model: 'gpt-5.2',
    options: { models: null, realm: 'openai' },
    lacks: { path: '/chat/completions', body: { messages: [{ role: 'user', content: 'hi' }] } },
  },
  {
    protocol: 'openai-chat',
    kind: 'openai-compatible',
    model: 'qwen3-coder-plus',
    options: { models: null, dialect: DIALECTS.lenient, realm: 'compatible' },
  },
];

export async function startBench(): Promise<GatewayBench> {
  const gateway = await startGateway();
  const seats: Seat[] = [];
  for (const facts of SEATS) seats.push(await openSeat(gateway, facts));
  return {
    seats,
    url: gateway.url,
    dataDir: gateway.dataDir,
    async rowsOfLatestKey(tool) {
      const { body } = await gateway.admin('GET', '/keys?pageSize=10000');
      const keys: { id: string; name: string }[] = body.data;
      const key = keys.filter(({ name }) => name.startsWith(tool)).at(-1);
      return gateway.rows(`&keyId=${key?.id}`);
    },
    async open(agent, seat) {
      if (agent.model !== undefined) await serve(gateway, agent.model, seat);
      const { key, keyId } = await gateway.member({ name: agent.name });
      return { base: `${gateway.url}/api`, key, rows: () => gateway.rows(`&keyId=${keyId}`) };
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await closeAll(seats);
    },
  };
}

async function openSeat(gateway: TestGateway, facts: SeatFacts): Promise<Seat> {
  const { protocol, kind, model, options, lacks } = facts;
  const provider = await startProvider(options);
  const providerId = await gateway.publish(provider, [model], { kind });
  if (lacks !== undefined) {
    provider.scriptFor(lacks.path, reply.status(404));
    // The gateway finds out by its first request.
    await gateway.post(`/v1${lacks.path}`, { model, ...lacks.body });
  }
  return { protocol, provider, model, providerId };
}

/** No gateway: each agent stands before the provider that speaks as it does. */
export async function startDirectBench(): Promise<Bench> {
  const seats: Seat[] = [];
  for (const { protocol, model, options } of SEATS) {
    seats.push({ protocol, model, provider: await startProvider(options), providerId: '' });
  }
  return {
    seats,
    open: async (_, { provider }) => ({
      base: provider.url,
      key: DEFAULT_CREDENTIAL,
      rows: async () => null,
    }),
    [Symbol.asyncDispose]: () => closeAll(seats),
  };
}

async function closeAll(seats: readonly Seat[]): Promise<void> {
  for (const { provider } of seats) await provider.close();
}

/** Lets one public model be served by this provider alone. */
async function serve(gateway: TestGateway, id: string, { providerId, model }: Seat): Promise<void> {
  const targets = [{ providerId, upstreamModel: model }];
  const made = await gateway.admin('POST', '/models', { id, targets });
  if (made.status < 300) return;
  const changed = await gateway.admin('PATCH', `/models/${id}`, { targets });
  if (changed.status >= 300) throw new Error(`publishing ${id} failed: ${JSON.stringify(changed.body)}`);
}
