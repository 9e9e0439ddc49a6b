/** Streams pass as they come: nothing waits for what is still to be sent, and nothing is lost on a slow client. */
import { once } from 'node:events';
import http from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import { reply } from '../support/provider/reply.ts';
import type { RecordedRequest } from '../support/provider/request.ts';
import { until } from '../support/until.ts';
import { PAIRS, resetScripts, type Seat, settledRow, TRANSLATED, useHub } from './bench.ts';
import { eventsIn, PATHS, type Protocol } from './exchange.ts';
import { said } from './reading/said.ts';
import { endOf } from './stream-ends.ts';

const bench = useHub();
beforeEach(() => resetScripts(bench));

/** Pieces that a provider sends before the first token of an answer's text. */
const OPENING: Readonly<Record<Protocol, number>> = {
  'openai-chat': 1,
  'openai-responses': 4,
  'anthropic-messages': 2,
};

interface Listening {
  /** At the provider. */
  request: RecordedRequest;
  /** What has come so far. */
  heard(): string;
  /** Waits until it has come. */
  hears(part: string): Promise<void>;
  response: http.IncomingMessage;
}

const CONTENT_TYPE = { 'content-type': 'application/json' };

/** Asks for a stream and reads its bytes as they come. `pieces` go out at once: by then the answer has begun. */
async function listen(client: Protocol, seat: Seat, pieces = OPENING[seat.protocol] + 1): Promise<Listening> {
  const { body } = bench.clients[client].raw({ model: seat.model, text: 'hi', stream: true });
  const before = seat.provider.requests.length;
  const asking = http.request(bench.gateway.url + PATHS[client], {
    method: 'POST',
    agent: false,
    headers: { ...CONTENT_TYPE, authorization: `Bearer ${bench.gateway.key}` },
  });
  asking.end(JSON.stringify(body));
  const request = await until('the request', () => seat.provider.requests[before]);
  await request.release(pieces);
  const [response] = (await once(asking, 'response')) as [http.IncomingMessage];
  let text = '';
  response.setEncoding('utf8');
  response.on('error', () => undefined);
  response.on('data', (piece: string) => {
    text += piece;
  });
  return {
    request,
    response,
    heard: () => text,
    hears: async (part) => void (await until(`"${part}"`, () => text.includes(part))),
  };
}

/** Lets everything in this process happen that can happen without anything new from outside. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe.each(PAIRS)('a client of %s at a provider of %s', (client, provider) => {
  const opening = OPENING[provider];

  it('hears each token before the next is sent', async () => {
    const seat = bench.seats[provider];
    const tokens = ['alpha', ' beta', ' gamma'];
    seat.provider.script(reply.gated(reply.text(tokens)));
    const { request, heard, hears } = await listen(client, seat);
    for (const [index, token] of tokens.entries()) {
      if (index > 0) await request.release();
      await hears(token.trim());
      expect(request.piecesSent).toBe(opening + 1 + index);
      for (const later of tokens.slice(index + 1)) expect(heard()).not.toContain(later.trim());
    }
    request.releaseAll();
    await until('the end', () => endOf(client, heard()) === 'whole');
  });

  it('hears a thought, and the input of a call, in the same way', async () => {
    const seat = bench.seats[provider];
    const toolCalls = [{ name: 'look', input: '{"spot": "somewhere" }' }];
    seat.provider.script(reply.gated(reply.turn({ thinking: 'first second', toolCalls })));
    const { request, heard, hears } = await listen(client, seat);
    await hears('first');
    expect(heard()).not.toContain('second');
    await request.release();
    await hears('second');
    expect(heard()).not.toContain('look');
    while (!heard().includes('look')) await request.release().then(settle);
    while (!heard().includes('spot')) await request.release().then(settle);
    expect(heard()).not.toContain('somewhere');
    request.releaseAll();
    await until('the end', () => endOf(client, heard()) === 'whole');
    expect(heard()).toContain('somewhere');
  });
});

describe.each(TRANSLATED)('calls that take turns, from a provider of %2$s', (client, provider) => {
  it(`reach a client of ${client} one after the other: the first as it comes, the second behind it`, async () => {
    const seat = bench.seats[provider];
    const toolCalls = [
      { name: 'first', input: '{"a": "one", "b": "two" }' },
      { name: 'second', input: '{"c": "three", "d": "four" }' },
    ];
    const interleaved = { chat: { calls: 'interleaved' }, messages: { blocks: 'interleaved' } } as const;
    seat.provider.script(reply.gated(reply.wire(reply.turn({ toolCalls }), interleaved)));
    const { request, heard, hears } = await listen(client, seat, provider === 'openai-chat' ? 2 : 3);
    while (!heard().includes('one')) await request.release().then(settle);
    // Responses tells items in a row by itself.
    if (provider !== 'openai-responses') expect(heard()).not.toContain('second');
    request.releaseAll();
    await hears('four');
    await until('the end', () => endOf(client, heard()) === 'whole');
    const { calls } = said(client, { json: undefined, events: eventsIn(heard()) });
    expect(calls.map(({ name, input }) => [name, JSON.parse(input)])).toEqual([
      ['first', { a: 'one', b: 'two' }],
      ['second', { c: 'three', d: 'four' }],
    ]);
  });
});

describe.each(TRANSLATED)('a slow client of %s at a provider of %s', (client, provider) => {
  const words = Array.from({ length: 50 }, (_, index) => `w${index}_${'x'.repeat(4_000)} `);
  /** Responses tells each text again when it is done. */
  const count = (text: string) => new Set(text.match(/w\d+_/g)).size;

  it.each(['hangUp', 'cut'] as const)(
    'that reads nothing until the provider is gone (%s) loses no word',
    async (how) => {
      const seat = bench.seats[provider];
      seat.provider.script(reply.gated(reply[how](reply.text(words))));
      const { request, response, heard } = await listen(client, seat);
      response.pause();
      request.releaseAll();
      expect(await request.aborted).toBe(false);
      await settle();
      response.resume();
      await once(response, 'close');
      expect(count(heard())).toBe(50);
      expect(endOf(client, heard())).toBe('error');
    },
  );

  it('loses no word that came before the provider reset the connection', async () => {
    const seat = bench.seats[provider];
    const small = words.map((word) => word.slice(0, 8));
    const pieces = OPENING[provider] + 50;
    seat.provider.script(reply.reset(reply.gated(reply.text(small)), { after: pieces + 1 }));
    const { request, response, heard } = await listen(client, seat);
    response.pause();
    await request.release(49);
    await settle();
    request.releaseAll();
    await settledRow(bench, 502);
    response.resume();
    await once(response, 'close');
    expect(count(heard())).toBe(50);
    expect(endOf(client, heard())).toBe('error');
  });

  it('that reads to the end gets all of a long answer', async () => {
    const seat = bench.seats[provider];
    seat.provider.script(
      reply.gated(reply.text(Array.from({ length: 200 }, (_, index) => `w${index}_${'x'.repeat(4_000)} `))),
    );
    const { request, response, heard } = await listen(client, seat);
    response.pause();
    request.releaseAll();
    await settle();
    response.resume();
    await once(response, 'close');
    expect(count(heard())).toBe(200);
    expect(endOf(client, heard())).toBe('whole');
  });
});
