/** What a prepaid member's answers tell of their charge: the same that its ledger holds, in every protocol. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { PAIRS, PROTOCOLS, resetScripts, type Seat, useHub } from './bench.ts';
import { type Exchange, exchange, PATHS, type Protocol } from './exchange.ts';
import { NATIVES, useNatives } from './natives.ts';

const bench = useHub();
const natives = useNatives(bench);

const USED = { input: 1_800, output: 3_400 };
const TOLD = { route_multiplier: 'x3', charged_quota_tokens: 15_600 };
const GRANT = 1_000_000;

let member: { id: string; key: string };

beforeAll(async () => {
  member = await bench.gateway.member({ prepaid: true });
  await bench.gateway.admin('POST', `/members/${member.id}/grants`, { tokens: 100 * GRANT });
  for (const { model } of [...Object.values(bench.seats), ...Object.values(natives)]) {
    const path = `/models/${encodeURIComponent(model)}`;
    expect((await bench.gateway.admin('PATCH', path, { multiplier: 3 })).status).toBe(200);
  }
});
beforeEach(() => resetScripts(bench));

async function ask(
  client: Protocol,
  seat: Pick<Seat, 'provider' | 'model'>,
  stream: boolean,
  fields: object = {},
  key = member.key,
): Promise<Exchange> {
  const asks = client === 'openai-chat' && stream ? { stream_options: { include_usage: true } } : {};
  const headers = { authorization: `Bearer ${key}` };
  return exchange(bench, client, seat, { stream, ...asks, ...fields }, { headers });
}

/** Of an answer, or every usage that a stream told of the charge. */
function charges({ json, events }: Exchange): unknown[] {
  const found = json === undefined ? events.map(({ data }) => data) : [json];
  return found
    .map((data) => (data as Record<string, unknown>).usage ?? responseUsage(data))
    .filter((usage) => usage !== null && typeof usage === 'object' && 'charged_quota_tokens' in usage);
}

function responseUsage(data: unknown): unknown {
  return (data as { response?: { usage?: unknown } }).response?.usage;
}

// biome-ignore lint/suspicious/noExplicitAny: entries are looked into field by field by the tests
async function lastEntry(): Promise<any> {
  const { body } = await bench.gateway.admin('GET', `/members/${member.id}/ledger?pageSize=1`);
  return body.data[0];
}

/** The last request's charge in the ledger and on its audit row. */
async function expectCharged(tokens: number): Promise<void> {
  const [row] = await bench.gateway.rows();
  expect(row).toMatchObject({ status: 200, multiplier: 3, chargedTokens: tokens });
  expect(await lastEntry()).toMatchObject({ kind: 'charge', tokens: -tokens, micros: 0, requestRow: row.id });
}

/** Pieces that a provider sends before the first word. */
const OPENING: Readonly<Record<Protocol, number>> = {
  ...{ 'openai-chat': 1, 'openai-responses': 4, 'anthropic-messages': 2 },
};

async function listen(answer: Response, hear: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) hear(decoder.decode(chunk, { stream: true }));
}

const WAYS = [
  ['whole', false],
  ['as a stream', true],
] as const;

describe.each(PAIRS)('a client of %s at a provider of %s', (client, provider) => {
  it.each(WAYS)('is told what it was charged, once: %s', async (_way, stream) => {
    const seat = bench.seats[provider];
    seat.provider.script(reply.text('some words', { usage: USED }));
    const answer = await ask(client, seat, stream);
    expect(answer.status).toBe(200);
    expect(charges(answer)).toEqual([expect.objectContaining(TOLD)]);
    await expectCharged(15_600);
  });

  it.each(WAYS)('hears nothing of it where the member is not prepaid: %s', async (_way, stream) => {
    const seat = bench.seats[provider];
    seat.provider.script(reply.text('some words', { usage: USED }));
    const { text } = await ask(client, seat, stream, {}, bench.gateway.key);
    expect(text).not.toMatch(/route_multiplier|charged_quota_tokens/);
  });
});

/** Anthropic always tells its usage. */
const SILENT = PAIRS.filter(([, provider]) => provider !== 'anthropic-messages');

describe.each(SILENT)('a client of %s at a provider of %s that tells no usage', (client, provider) => {
  it.each(WAYS)('is told by what it was charged: %s', async (_way, stream) => {
    const seat = bench.seats[provider];
    seat.provider.script(reply.turn({ text: 'some words', usage: null }));
    const [told] = charges(await ask(client, seat, stream)) as { charged_quota_tokens: number }[];
    expect(told?.charged_quota_tokens).toBeGreaterThan(0);
    await expectCharged(told?.charged_quota_tokens as number);
  });
});

describe.each(PROTOCOLS)('a client of %s', (client) => {
  it.each(NATIVES.flatMap((native) => WAYS.map(([way, stream]) => [native, way, stream] as const)))(
    'is told its charge by %s: %s',
    async (native, _way, stream) => {
      const seat = natives[native];
      seat.provider.script(reply.text('some words', { usage: USED }));
      expect(charges(await ask(client, seat, stream))).toEqual([expect.objectContaining(TOLD)]);
      await expectCharged(15_600);
    },
  );

  it('is told it where a stream was asked for and the answer came whole', async () => {
    const seat = bench.seats[client];
    seat.provider.script(reply.asJson(reply.text('some words', { usage: USED })));
    expect(charges(await ask(client, seat, true))).toEqual([expect.objectContaining(TOLD)]);
    await expectCharged(15_600);
  });

  it('hears each word before the next is sent', async () => {
    const { provider, model } = bench.seats[client];
    const words = ['alpha', ' beta', ' gamma'];
    provider.script(reply.gated(reply.text(words, { usage: USED })));
    const before = provider.requests.length;
    const asking = fetch(bench.gateway.url + PATHS[client], {
      method: 'POST',
      headers: { authorization: `Bearer ${member.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(bench.clients[client].raw({ model, text: 'hi', stream: true }).body),
    });
    const request = await until('the request', () => provider.requests[before]);
    await request.release(OPENING[client]);
    let heard = '';
    let reading: Promise<void> | undefined;
    for (const word of words) {
      await request.release();
      reading ??= listen(await asking, (text) => {
        heard += text;
      });
      await until(word, () => heard.includes(word.trim()));
    }
    request.releaseAll();
    await reading;
    expect(heard).toContain('charged_quota_tokens');
  });

  it('gets no usage of a stream that breaks off, and its tokens back', async () => {
    const seat = bench.seats[client];
    seat.provider.script(reply.error(reply.text('half of it', { usage: USED })));
    const { text } = await ask(client, seat, true);
    expect(text).not.toContain('charged_quota_tokens');
    const { body } = await bench.gateway.admin('GET', `/members/${member.id}/ledger?pageSize=2`);
    const [refund, charge] = body.data;
    expect(refund).toMatchObject({ kind: 'refund', tokens: -charge.tokens, requestRow: charge.requestRow });
    expect(refund.tokens).toBeGreaterThan(0);
    expect(charge.kind).toBe('charge');
  });
});

describe('a chat client that did not ask for usage', () => {
  it.each(PROTOCOLS)('gets the stream that it would get from the service: %s', async (provider) => {
    const seat = bench.seats[provider];
    seat.provider.script(reply.text('some words', { usage: USED }));
    const answer = await ask('openai-chat', seat, true, { stream_options: undefined });
    const chunks = answer.events.filter(({ data }) => typeof data === 'object') as {
      data: { choices: unknown[] };
    }[];
    expect(chunks.every(({ data }) => data.choices.length === 1)).toBe(true);
    expect(answer.text).not.toContain('charged_quota_tokens');
    await expectCharged(15_600);
  });
});

it('an alias with a multiplier of its own is charged by that', async () => {
  const seat = bench.seats['openai-chat'];
  const alias = { aliasOf: seat.model, multiplier: 1.5 };
  expect((await bench.gateway.admin('PATCH', '/models/quota%2Fsonnet-pro', alias)).status).toBe(200);
  seat.provider.script(reply.text('some words', { usage: { input: 4, output: 3 } }));
  const told = charges(await ask('openai-chat', { ...seat, model: 'quota/sonnet-pro' }, false));
  expect(told).toMatchObject([{ route_multiplier: 'x1.5', charged_quota_tokens: 11 }]);
  expect(await lastEntry()).toMatchObject({ kind: 'charge', tokens: -11, model: 'quota/sonnet-pro' });
});

describe('the built-in echo', () => {
  it.each(PROTOCOLS.flatMap((client) => WAYS.map(([way, stream]) => [client, way, stream] as const)))(
    'tells it to a client of %s: %s',
    async (client, _way, stream) => {
      await bench.gateway.admin('PATCH', '/models/ntl%2Fecho', { multiplier: 3 });
      const seat = { provider: bench.seats[client].provider, model: 'ntl/echo' };
      const [told] = charges(await ask(client, seat, stream)) as { charged_quota_tokens: number }[];
      expect(told).toMatchObject({ route_multiplier: 'x3' });
      await expectCharged(told?.charged_quota_tokens as number);
    },
  );
});
