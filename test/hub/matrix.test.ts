import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { PIXEL } from '../clients/support.ts';
import { encryptedFor, signatureFor } from '../support/provider/proof.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import {
  lastRequest,
  newestRow,
  PAIRS,
  PROTOCOLS,
  resetScripts,
  type Seat,
  settledRow,
  useHub,
} from './bench.ts';
import type { Client } from './clients/client.ts';
import { NATIVES, type NativeSeat, useNatives } from './natives.ts';
import { printMatrix, type Verdicts } from './table.ts';

const bench = useHub();
const natives = useNatives(bench);
const verdicts: Verdicts = new Map();
beforeEach(() => {
  resetScripts(bench);
  for (const { provider } of Object.values(natives)) provider.script(reply.text('ok'));
});
afterAll(() => printMatrix(verdicts));

const TOOLS = ['get_weather', 'get_time'].map((name) => ({
  name,
  schema: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
}));
const CALLS = [
  { name: 'get_weather', input: { city: 'São Paulo' } },
  { name: 'get_time', input: { city: '東京 💡' } },
];
const SCHEMA = {
  type: 'object',
  properties: { answer: { type: 'integer' } },
  required: ['answer'],
  additionalProperties: false,
};
const USAGE = { input: 1_000, output: 200, cached: 600, reasoning: 70 };
/** The smallest file that is a PDF by its first line. */
const PDF = Buffer.from('%PDF-1.4\n%%EOF\n').toString('base64');

interface Cell {
  client: Client;
  seat: Seat | NativeSeat;
  stream: boolean;
}

/** Each returns what the target could not take, where that is so by design. */
const FEATURES: Readonly<Record<string, (cell: Cell) => Promise<void>>> = {
  async text({ client, seat, stream }) {
    seat.provider.script(reply.text('Grüße 💡, wörld'));
    const seen = await client.ask({ model: seat.model, text: 'hi', system: 'be brief', stream });
    expect(seen).toMatchObject({ text: 'Grüße 💡, wörld', calls: [], finish: { means: 'stop' } });
    expect(lastRequest(seat).body.toString()).toContain('be brief');
    const { path, body } = lastRequest(seat);
    expect(decodeURIComponent(path) + body).toContain(seat.model);
  },

  async tool({ client, seat, stream }) {
    seat.provider.script(reply.tools(CALLS.slice(0, 1), { text: 'A moment.' }));
    const seen = await client.ask({ model: seat.model, text: 'hi', tools: TOOLS, stream });
    expect(seen).toMatchObject({ text: 'A moment.', calls: CALLS.slice(0, 1), finish: { means: 'tools' } });
  },

  async 'parallel tools'({ client, seat, stream }) {
    seat.provider.script(reply.tools(CALLS));
    const seen = await client.ask({ model: seat.model, text: 'hi', tools: TOOLS, stream });
    expect(seen.calls).toMatchObject(CALLS);
    expect(new Set(seen.calls.map(({ id }) => id)).size).toBe(2);
  },

  async 'tool result'({ client, seat, stream }) {
    seat.provider.script(reply.tools(CALLS), reply.text('It rains.'));
    const ask = { model: seat.model, text: 'hi', tools: TOOLS, stream };
    const first = await client.ask(ask);
    const history = first.next([
      { text: 'rain ☔', image: PIXEL },
      { text: 'no clock here', failed: true },
    ]);
    const second = await client.ask({ ...ask, history });
    expect(second.text).toBe('It rains.');
    const sent = lastRequest(seat).body.toString();
    for (const part of ['rain ☔', 'no clock here', PIXEL, 'São Paulo']) expect(sent).toContain(part);
  },

  async image({ client, seat, stream }) {
    await client.ask({ model: seat.model, text: 'see', image: PIXEL, stream });
    expect(lastRequest(seat).body.toString()).toContain(PIXEL);
  },

  async PDF({ client, seat, stream }) {
    await client.ask({ model: seat.model, text: 'read', pdf: PDF, stream });
    expect(lastRequest(seat).body.toString()).toContain(PDF);
  },

  async thinking({ client, seat, stream }) {
    const thinking = 'let me see 💭';
    seat.provider.script(reply.tools(CALLS.slice(0, 1), { thinking }), reply.text('It rains.'));
    const ask = { model: seat.model, text: 'hi', tools: TOOLS, effort: 'high' as const, stream };
    const first = await client.ask(
      seat.protocol === 'openai-chat' && client.protocol === 'openai-chat'
        ? { ...ask, effort: undefined as never }
        : ask,
    );
    expect(first.reasoning).toBe(thinking);
    expect(first.calls).toMatchObject(CALLS.slice(0, 1));
    await client.ask({ ...ask, history: first.next([{ text: 'rain' }]) });
    const sent = lastRequest(seat).body.toString();
    if (seat.protocol === 'openai-responses') expect(sent).toContain(encryptedFor(thinking));
    if (seat.protocol === 'anthropic-messages') expect(sent).toContain(signatureFor(thinking));
    expect(lastRequest(seat).body.toString()).not.toContain('ntl_replay');
  },

  async 'JSON schema'({ client, seat, stream }) {
    seat.provider.script(reply.text('{"answer":42}'));
    const seen = await client.ask({ model: seat.model, text: 'hi', schema: SCHEMA, stream });
    expect(JSON.parse(seen.text)).toEqual({ answer: 42 });
    expect(lastRequest(seat).body.toString()).toContain('"answer":{"type":"integer"}');
  },

  async 'stop reasons'({ client, seat, stream }) {
    const ask = { model: seat.model, text: 'hi', stream };
    const means = async (finish: Parameters<typeof reply.text>[1]) => {
      seat.provider.script(reply.text('so', finish));
      return (await client.ask(ask)).finish.means;
    };
    expect(await means({ finish: 'length' })).toBe('length');
    expect(await means({ finish: 'stop' })).toBe('stop');
    if (seat.protocol === 'anthropic-messages') expect(await means({ finish: 'refusal' })).toBe('filter');
    else expect(await means({ finish: 'content_filter' })).toBe('filter');
  },

  async usage({ client, seat, stream }) {
    seat.provider.script(reply.text('so', { usage: { ...USAGE, cacheWrite: 300 } }));
    const seen = await client.ask({ model: seat.model, text: 'hi', stream });
    // Converse tells no reasoning tokens.
    const usage = seat.protocol === 'bedrock' ? { ...USAGE, reasoning: 0 } : USAGE;
    expect(seen.usage).toEqual(usage);
    const row = await newestRow(bench);
    expect(row).toMatchObject({
      inputTokens: USAGE.input,
      outputTokens: USAGE.output,
      cachedTokens: USAGE.cached,
      reasoningTokens: usage.reasoning,
      estimated: false,
    });
  },

  async abort({ client, seat }) {
    seat.provider.script(reply.gated(reply.text('one two three four five six seven eight')));
    const leaving = new AbortController();
    const before = seat.provider.requests.length;
    const asking = client.ask({ model: seat.model, text: 'hi', stream: true, signal: leaving.signal });
    asking.catch(() => undefined);
    const request = await until('the request', () => seat.provider.requests[before]);
    await request.release(4);
    leaving.abort();
    await expect(asking).rejects.toThrow();
    expect(await request.aborted).toBe(true);
    const row = await settledRow(bench, 499);
    expect(row).toMatchObject({ code: 'client_closed', estimated: true });
    expect(row.inputTokens).toBeGreaterThan(0);
  },

  async 'error before'({ client, seat, stream }) {
    const message = 'prompt is too long: 250000 tokens > 200000 maximum';
    seat.provider.script(reply.status(400, { message }));
    const error = await client
      .ask({ model: seat.model, text: 'hi', stream })
      .then(() => undefined)
      .catch(client.errorOf);
    expect(error?.status).toBe(400);
    expect(error?.message).toContain(message);
  },

  async 'error during'({ client, seat }) {
    seat.provider.script(
      reply.error(reply.text('one two three four five six'), { after: 5, message: 'Overloaded, sorry' }),
    );
    const error = await client
      .ask({ model: seat.model, text: 'hi', stream: true })
      .then(() => undefined)
      .catch(client.errorOf);
    expect(error?.message).toContain('Overloaded, sorry');
    expect(await settledRow(bench, 502)).toMatchObject({ code: 'upstream_error' });
  },

  async cut({ client, seat }) {
    seat.provider.script(reply.cut(reply.text('one two three four five six seven'), { after: 5 }));
    const ended = client.ask({ model: seat.model, text: 'hi', stream: true });
    await expect(ended).rejects.toThrow();
    expect(await settledRow(bench, 502)).toMatchObject({ code: 'upstream_error', estimated: true });
  },
};

const ONLY_STREAMS = new Set(['abort', 'error during', 'cut']);

const NATIVE_PAIRS = PROTOCOLS.flatMap((client) => NATIVES.map((provider) => [client, provider] as const));

describe.each([...PAIRS, ...NATIVE_PAIRS])(
  'a client of %s at a provider of %s',
  (clientProtocol, providerProtocol) => {
    const modes = [false, true];
    const rows = Object.keys(FEATURES).flatMap((name) =>
      modes.filter((stream) => stream || !ONLY_STREAMS.has(name)).map((stream) => ({ name, stream })),
    );
    it.each(rows)('$name (streamed: $stream)', async ({ name, stream }) => {
      const pair = `${clientProtocol} → ${providerProtocol}`;
      const row = verdicts.get(pair) ?? new Map<string, boolean>();
      const otherMode = row.get(name) ?? true;
      verdicts.set(pair, row.set(name, false));
      const cell = { client: bench.clients[clientProtocol], seat: seatOf(providerProtocol), stream };
      await FEATURES[name]?.(cell);
      row.set(name, otherMode);
    });
  },
);

function seatOf(protocol: Seat['protocol'] | NativeSeat['protocol']): Seat | NativeSeat {
  return protocol === 'gemini' || protocol === 'bedrock' ? natives[protocol] : bench.seats[protocol];
}
