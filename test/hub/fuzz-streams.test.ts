/** Upstream streams cut anywhere, split at any byte, with junk between: each ends, as an answer or as an error. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_CREDENTIAL } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { PAIRS, PROTOCOLS, type Seat, useHub } from './bench.ts';
import type { Client } from './clients/client.ts';
import { endOf } from './stream-ends.ts';

const bench = useHub();
const whole = {} as Record<Client['protocol'], Buffer>;

const RICH = reply.turn({
  thinking: 'let me see 💭',
  text: 'Grüße, a moment 💡',
  toolCalls: [
    { name: 'get_weather', input: { city: 'São Paulo' } },
    { name: 'get_time', input: { zone: '東京' } },
  ],
  usage: { input: 1_000, output: 200, cached: 600, reasoning: 70 },
});

beforeAll(async () => {
  for (const protocol of PROTOCOLS) {
    const seat = bench.seats[protocol];
    seat.provider.script(RICH);
    whole[protocol] = await rawAnswer(seat);
  }
});

/** What the provider itself sends. */
async function rawAnswer({ protocol, provider, model }: Seat): Promise<Buffer> {
  const { path, body } = bench.clients[protocol].raw({ model, text: 'hi', stream: true });
  const response = await fetch(provider.url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${DEFAULT_CREDENTIAL}`,
      ...(protocol === 'anthropic-messages' ? { 'anthropic-version': '2023-06-01' } : {}),
    },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

async function throughGateway(client: Client, model: string): Promise<{ status: number; text: string }> {
  const { path, body } = client.raw({ model, text: 'hi', stream: true });
  const response = await fetch(bench.gateway.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bench.gateway.key}` },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

const JUNK = [
  'data: {"type":"something_new","x":{"y":[1,2]}}\n\n',
  'event: ping\ndata: {"type":"ping"}\n\n',
  ': comment\n\n',
  'data: {}\n\n',
  'event: odd\nid: 7\nretry: 10\ndata: {"choices":null,"delta":5,"index":"a"}\n\n',
  'data: {"type":"content_block_delta","index":99,"delta":{"type":"text_delta","text":"late"}}\n\n',
  'data: {"type":"response.output_text.delta","output_index":42,"delta":"late"}\n\n',
  'data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":77}]}}]}\n\n',
  'data: {"type":"content_block_start","index":null}\n\n',
  'data: [1,2,3]\n\n',
  'data: not json\n\n',
  '\u0000\u0001\n\n',
];

interface Damage {
  /** Where the stream is cut, as a part of its length; 1 keeps it whole. */
  cut: number;
  pieces: number;
  junk: { at: number; what: string }[];
}

const anyDamage: fc.Arbitrary<Damage> = fc.record({
  cut: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  pieces: fc.integer({ min: 1, max: 400 }),
  junk: fc.array(
    fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), what: fc.constantFrom(...JUNK) }),
    { maxLength: 3 },
  ),
});

/** Junk stands between events: within one it is a cut. */
function damaged(stream: Buffer, { cut, junk }: Damage): Buffer {
  const events = stream.toString('utf8').split(/(?<=\n\n)/);
  for (const { at, what } of junk) events.splice(Math.floor(at * events.length), 0, what);
  const bytes = Buffer.from(events.join(''));
  return bytes.subarray(0, Math.ceil(cut * bytes.length));
}

describe.each(PAIRS)('a client of %s at a provider of %s', (clientProtocol, providerProtocol) => {
  it('gets an answer or an error of any damaged stream, and the next one whole', {
    timeout: 60_000,
  }, async () => {
    const client = bench.clients[clientProtocol];
    const seat = bench.seats[providerProtocol];
    await fc.assert(
      fc.asyncProperty(anyDamage, async (damage) => {
        const body = damaged(whole[providerProtocol], damage);
        const sent = reply.status(200, { headers: { 'content-type': 'text/event-stream' }, body });
        seat.provider.script(reply.split(sent, damage.pieces));
        const { status, text } = await throughGateway(client, seat.model);
        const end = endOf(clientProtocol, text);
        if (status === 200) expect(['whole', 'error']).toContain(end);
        else expect([status, end]).toEqual([502, 'error']);
        if (damage.cut < 0.9) expect(end).toBe('error');
        if (damage.cut === 1 && damage.junk.length === 0) expect(end).toBe('whole');
        expect(text).not.toMatch(/\bat .*\.ts:\d+|sk-provider/);
      }),
      { numRuns: 40 },
    );
    seat.provider.script(RICH);
    const seen = await client.ask({ model: seat.model, text: 'hi', stream: true });
    expect(seen.calls).toHaveLength(2);
    await until('every row to be settled', async () => {
      const rows = await bench.gateway.rows();
      return rows.every(({ status }) => status !== 0);
    });
  });
});
