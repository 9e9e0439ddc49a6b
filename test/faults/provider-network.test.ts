import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestAuthority, selfSigned } from '../support/certificates.ts';
import { until } from '../support/until.ts';
import { wholeAnswer } from './raw-answers.ts';
import { type RawProvider, startRawProvider } from './raw-provider.ts';
import { CALLS, expectFailed, expectServed, GOOD, type Subject, startSubject } from './subject.ts';
import { times } from './support.ts';

/** Providers that cannot be reached, or cannot be trusted. */

let subject: Subject;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  subject = await startSubject({ timeouts: { connectMs: 1_500 } });
});
afterAll(async () => {
  await subject[Symbol.asyncDispose]();
  for (const stop of stops) await stop();
});

async function secured(tls: { cert: string; key: string }, host: string): Promise<RawProvider> {
  const provider = await startRawProvider({ tls, host });
  provider.behave((socket, asked) => void socket.write(wholeAnswer(asked)));
  stops.push(async () => provider[Symbol.asyncDispose]());
  return provider;
}

const DAY_MS = 86_400_000;
const HOST = 'provider.local.test';

describe('a provider is not asked', async () => {
  const authority = await createTestAuthority();
  const facts = { ca: authority.ca };
  const yesterday = new Date(Date.now() - DAY_MS);

  it.each([
    ['whose certificate is self-signed', () => selfSigned({ hosts: [HOST] }), /self-signed/],
    [
      'whose certificate nobody known has signed',
      async () => (await createTestAuthority()).issue({ hosts: [HOST] }),
      /unknown authority|self-signed/,
    ],
    [
      'whose certificate has expired',
      () => authority.issue({ hosts: [HOST], notBefore: new Date(0), notAfter: yesterday }),
      /expired/,
    ],
    [
      'whose certificate is another host’s',
      () => authority.issue({ hosts: ['elsewhere.local.test'] }),
      /another host name/,
    ],
  ])('%s', async (what, identity, told) => {
    const provider = await secured(await identity(), HOST);
    await subject.publish(provider, what.replaceAll(' ', '-'), facts);
    for (const call of CALLS) {
      const answer = await subject.ask(what.replaceAll(' ', '-'), call);
      expectFailed(answer, call, what);
      expect(answer.text).toMatch(told);
    }
    expect(provider.asked).toBe(0);
    await until('connections to end', () => provider.connections === 0);
    await subject.expectSound(what);
  });

  it('but is, where its certificate is right', async () => {
    const provider = await secured(await authority.issue({ hosts: [HOST] }), HOST);
    await subject.publish(provider, 'trusted', facts);
    for (const call of CALLS) expectServed(await subject.ask('trusted', call), call, 'a trusted provider');
    await subject.expectSound('a trusted provider', () => provider.connections);
  });
});

async function listening(onConnection: (socket: Socket) => void): Promise<number> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(async () => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const UNREACHABLE: readonly [what: string, url: () => Promise<string>, told: RegExp][] = [
  [
    'speaks no TLS',
    async () => `https://${HOST}:${await listening((socket) => void socket.end('HTTP/1.1 400 Bad\r\n\r\n'))}`,
    /secure connection/,
  ],
  [
    'never greets over TLS',
    async () => `https://${HOST}:${await listening(() => undefined)}`,
    /could not be reached within/,
  ],
  [
    'hangs up on a TLS greeting',
    async () => `https://${HOST}:${await listening((socket) => void socket.destroy())}`,
    /broke off|secure/,
  ],
  ['is not there', async () => `http://127.0.0.1:${await closedPort()}`, /refused the connection/],
  ['has a name that nobody knows', async () => 'http://provider.unknown.test', /host name .* was not found/],
  [
    'has a name that DNS says nothing of',
    async () => 'http://provider.silent.test',
    /could not be reached within/,
  ],
];

describe('a provider that cannot be reached is told as that, which', () => {
  it.each(UNREACHABLE)('%s', async (what, urlOf, told) => {
    const model = what.replaceAll(' ', '-');
    await subject.publish({ url: await urlOf() }, model);
    const answers = CALLS.map(async (call) => {
      const answer = await subject.ask(model, call);
      expectFailed(answer, call, what);
      expect(answer.text, `${what}, ${call.name}`).toMatch(told);
    });
    const all = Promise.all(answers);
    for (const call of CALLS) expectServed(await subject.ask(GOOD, call), call, `beside one that ${what}`);
    await all;
    await subject.expectSound(what);
  });

  it('fifty ask for at once while DNS is silent, with others served meanwhile', async () => {
    await subject.publish({ url: 'http://provider.silent.test' }, 'many-silent');
    const named = await startRawProvider({ host: 'named.local.test' });
    stops.push(async () => named[Symbol.asyncDispose]());
    named.behave((socket, asked) => void socket.write(wholeAnswer(asked)));
    await subject.publish(named, 'named');
    const call = CALLS[0] as (typeof CALLS)[number];
    const all = Promise.all(times(50, () => subject.ask('many-silent', call)));
    for (const other of CALLS) expectServed(await subject.ask(GOOD, other), other, 'beside silent DNS');
    for (const other of CALLS)
      expectServed(await subject.ask('named', other), other, 'by name, beside silent DNS');
    for (const answer of await all) expectFailed(answer, call, 'silent DNS');
    await subject.expectSound('silent DNS for many', () => named.connections);
  });
});
