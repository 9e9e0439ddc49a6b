import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { type Random, seededRandom } from './random.ts';
import { postText } from './raw-client.ts';
import { sized } from './size.ts';
import { CALLS, type Call, GOOD, type Subject, startSubject } from './subject.ts';
import { MESSAGES, query, storedRows, times } from './support.ts';

/** Clients that hang up at any byte of what they send, and of what they are sent. */

const LEAVING = sized(200, 6_000);
const AT_ONCE = 8;
const WORDS = Array.from({ length: 12 }, (_, index) => `word ${index} `);

let subject: Subject;
beforeAll(async () => {
  subject = await startSubject();
});
afterAll(() => subject[Symbol.asyncDispose]());

/** Where a client leaves, and how. */
interface Leaving {
  call: Call;
  /** Bytes of the request that are sent; all of them where the client leaves within the answer. */
  sent: number;
  /** Bytes of the answer after which it leaves. */
  heard: number;
  how: 'reset' | 'end' | 'half';
}

function choose(random: Random): Leaving {
  const call = random.pick(CALLS);
  const { head, body } = requestOf(call);
  const all = head.length + body.length;
  const whole = random.below(3) > 0;
  return {
    call,
    sent: whole ? all : random.below(all),
    // An answer has some three thousand bytes; beyond its end nobody leaves.
    heard: whole ? random.pick([0, 1, random.below(600), random.below(4_000), Number.POSITIVE_INFINITY]) : 0,
    how: random.pick(['reset', 'end', 'half']),
  };
}

function requestOf(call: Call): { head: string; body: string } {
  const { head, body } = postText(call.path, subject.keyFor(call), {
    ...{ model: GOOD, max_tokens: 50, stream: call.stream, messages: MESSAGES },
  });
  return { head: head.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'), body };
}

/** @returns the id of a request whose answer came whole */
async function leave({ call, sent, heard, how }: Leaving): Promise<string | null> {
  const { hostname, port } = new URL(subject.gateway.url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  let received = '';
  socket.on('error', () => undefined);
  const go = () => {
    if (how === 'reset') socket.resetAndDestroy();
    else if (how === 'end') socket.destroy();
    else socket.end();
  };
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
    if (received.length >= heard) go();
  });
  socket.on('end', () => socket.end());
  await once(socket, 'connect');
  const { head, body } = requestOf(call);
  const request = head + body;
  await new Promise<unknown>((resolve) => socket.write(request.slice(0, sent), resolve));
  if (sent < request.length || heard === 0) go();
  await closed;
  const isWhole = call.stream
    ? /0\r\n\r\n$/.test(received) && call.end.test(received.slice(0, -7))
    : isWholeJson(received);
  return isWhole ? (/x-request-id: (\S+)/i.exec(received)?.[1] ?? null) : null;
}

function isWholeJson(received: string): boolean {
  const start = received.indexOf('\r\n\r\n') + 4;
  const length = Number(/content-length: (\d+)/i.exec(received)?.[1]);
  return received.startsWith('HTTP/1.1 200') && received.length - start === length;
}

it(`${LEAVING} clients that leave at random bytes leave nothing behind`, {
  timeout: sized(60_000, 600_000),
}, async () => {
  subject.good.script(reply.text(WORDS, { usage: { input: 20, output: 24 } }));
  const random = seededRandom(4_117);
  const whole: string[] = [];
  let left = LEAVING;
  await Promise.all(
    times(AT_ONCE, async () => {
      while (left-- > 0) {
        const id = await leave(choose(random));
        if (id !== null) whole.push(id);
      }
    }),
  );
  await until('every row to be settled', () => running() === 0);
  const rows = new Map(storedRows(subject.dataDir).map((row) => [row.requestId, row]));
  for (const id of whole) expect(rows.get(id), id).toMatchObject({ status: 200, code: null });
  expect(whole.length).toBeGreaterThan(LEAVING / 20);
  const codes = new Set([...rows.values()].map(({ status, code }) => `${status} ${code}`));
  expect([...codes].sort()).toEqual(['200 null', '499 client_closed']);
  subject.good.script(reply.text('ok'));
  await subject.expectSound(`clients that leave, seed ${random.seed}`);
});

it('clients that connect and leave at once are none', async () => {
  const { port } = new URL(subject.gateway.url);
  const before = storedRows(subject.dataDir).length;
  await Promise.all(
    times(sized(200, 3_000), async (index) => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      if (index % 3 > 0) await once(socket, 'connect');
      if (index % 3 === 1) socket.resetAndDestroy();
      else socket.destroy();
      await closed;
    }),
  );
  expect(storedRows(subject.dataDir)).toHaveLength(before);
  await subject.expectSound('clients that only connect');
});

it('a client that leaves between the last word and the end is told nothing more, and pays for what came', async () => {
  subject.good.script(reply.gated(reply.text(WORDS)));
  for (const call of CALLS.filter(({ stream }) => stream)) {
    const { hostname, port } = new URL(subject.gateway.url);
    const before = subject.good.requests.length;
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    const { head, body } = requestOf(call);
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      received += text;
    });
    socket.write(head + body);
    const request = await until('the call', () => subject.good.requests[before]);
    await request.release(WORDS.length + 1);
    await until('the last word', () => received.includes('word 11'));
    socket.resetAndDestroy();
    expect(await request.aborted, call.name).toBe(true);
    await until('the row to be settled', () => running() === 0);
    const row = storedRows(subject.dataDir).at(-1);
    expect(row, call.name).toMatchObject({ status: 499, code: 'client_closed' });
    expect(row?.outputTokens, call.name).toBeGreaterThan(0);
  }
  subject.good.script(reply.text('ok'));
  await subject.expectSound('clients that leave right before the end');
});

function running(): number {
  return (
    query<{ count: number }>(subject.dataDir, 'SELECT count(*) AS count FROM requests WHERE status = 0')[0]
      ?.count ?? 0
  );
}
