import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectRaw, postText, type RawClient } from './raw-client.ts';
import { sized } from './size.ts';
import { CALLS, expectServed, GOOD, type Subject, startSubject } from './subject.ts';
import { MESSAGES, times } from './support.ts';

/** Clients that take their time: they are waited for, not without end, and nobody waits with them. */

const ARRIVAL = { headMs: 1_000, bodyMs: 1_500 };
const CLIENTS = sized(10, 150);

let subject: Subject;
beforeAll(async () => {
  subject = await startSubject({ arrival: ARRIVAL });
});
afterAll(() => subject[Symbol.asyncDispose]());

const post = () =>
  postText('/v1/chat/completions', subject.keyFor({ prepaid: true }), {
    ...{ model: GOOD, max_tokens: 9, messages: MESSAGES },
  });
/** Of a request whose body is longer than what ever comes of it. */
const headOfLong = () => post().head.replace(/content-length: \d+/, 'content-length: 5000000');

/** Sends a little whenever it may, for ever. */
function drip(client: RawClient, text: string): void {
  const timer = setInterval(() => client.send(text), 50);
  void client.closed.then(() => clearInterval(timer));
}

const IN_TIME = /^HTTP\/1\.1 408 .*did not arrive in time/s;
const WHOLE = /^HTTP\/1\.1 400 .*invalid_request.*did not arrive whole within 1\.5 s/s;

/** Each is told what the matter is, and the connection is ended. */
const SLOW: Readonly<Record<string, { begin: (client: RawClient) => void; told: RegExp }>> = {
  'that bring nothing': { begin: () => undefined, told: /^(HTTP\/1\.1 408 .*|$)/s },
  'whose heads stop': { begin: (client) => client.send(post().head.slice(0, 60)), told: IN_TIME },
  'whose heads never come to an end': {
    begin: (client) => {
      client.send(post().head.slice(0, -2));
      drip(client, 'x-more: y\r\n');
    },
    told: IN_TIME,
  },
  'whose bodies stop': {
    begin: (client) => client.send(headOfLong() + post().body.slice(0, 30)),
    told: WHOLE,
  },
  'whose bodies drip': {
    begin: (client) => {
      client.send(headOfLong());
      drip(client, ' ');
    },
    told: WHOLE,
  },
  'whose chunks drip': {
    begin: (client) => {
      client.send(post().head.replace(/content-length: \d+/, 'transfer-encoding: chunked'));
      drip(client, '1\r\n \r\n');
    },
    told: WHOLE,
  },
  'that are refused and go on dripping': {
    begin: (client) => {
      client.send(headOfLong().replace('ntl_live_', 'ntl_dead_'));
      drip(client, ' ');
    },
    told: /^HTTP\/1\.1 401 /,
  },
};

async function connected(begin: (client: RawClient) => void): Promise<RawClient[]> {
  const clients = await Promise.all(times(CLIENTS, () => connectRaw(subject.gateway.url)));
  for (const client of clients) begin(client);
  return clients;
}

async function expectOthersServed(): Promise<void> {
  for (const call of CALLS) expectServed(await subject.ask(GOOD, call), call, 'beside slow clients');
}

it('clients that never come to an end are told so and let go, and others are served meanwhile', async () => {
  const kinds = await Promise.all(
    Object.entries(SLOW).map(async ([what, { begin, told }]) => ({
      what,
      told,
      clients: await connected(begin),
    })),
  );
  await expectOthersServed();
  for (const { what, told, clients } of kinds) {
    await Promise.all(clients.map(({ closed }) => closed));
    for (const { received } of clients) expect(received, what).toMatch(told);
  }
  const { data } = await subject.admin('GET', '/requests?pageSize=1000');
  const late = data.filter(({ code }: { code: string }) => code === 'invalid_request');
  expect(late).toHaveLength(3 * CLIENTS);
  await subject.expectSound('slow clients');
});

it('who takes long and comes to an end in time is served', async () => {
  const { head, body } = post();
  const clients = await connected((client) => client.send(head + body.slice(0, 10)));
  await expectOthersServed();
  for (const client of clients) client.send(body.slice(10));
  await Promise.all(clients.map((client) => client.seen(/^HTTP\/1\.1 200 .*chat\.completion/s)));
  for (const client of clients) client.breakOff();
  await subject.expectSound('slow clients that are served');
});
