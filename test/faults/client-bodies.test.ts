import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRaw, postText } from './raw-client.ts';
import { sized } from './size.ts';
import { CALLS, expectServed, GOOD, type Subject, startSubject } from './subject.ts';
import { codeOf, MESSAGES, times } from './support.ts';

/** Bodies that are not what they say, or that unfold to more than anybody can hold. */

const MiB = 1024 * 1024;
const PACKERS = {
  gzip: (bytes: Buffer) => promisify(zlib.gzip)(bytes, { level: 1 }),
  deflate: (bytes: Buffer) => promisify(zlib.deflate)(bytes, { level: 1 }),
  br: (bytes: Buffer) =>
    promisify(zlib.brotliCompress)(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
  zstd: promisify(zlib.zstdCompress),
} as const;
type Encoding = keyof typeof PACKERS;
const ENCODINGS = (Object.keys(PACKERS) as Encoding[]).slice(0, sized(1, 4));
const CLIENTS = sized(5, 20);

let subject: Subject;
beforeAll(async () => {
  subject = await startSubject();
});
afterAll(() => subject[Symbol.asyncDispose]());

interface Told {
  status: number;
  code: string | undefined;
}

async function send(body: string | Buffer, encoding?: string): Promise<Told> {
  const answer = await request(`${subject.gateway.url}/v1/chat/completions`, {
    reset: true,
    method: 'POST',
    headers: {
      authorization: `Bearer ${subject.keyFor({ prepaid: false })}`,
      'content-type': 'application/json',
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    },
    body,
    headersTimeout: 60_000,
  });
  return { status: answer.statusCode, code: codeOf(await answer.body.text()) };
}

async function expectOthersServed(): Promise<void> {
  for (const call of CALLS) expectServed(await subject.ask(GOOD, call), call, 'beside odd bodies');
}

const chat = (rest: string) => `{"model":"${GOOD}","messages":[{"role":"user","content":"hi"}]${rest}}`;
const REFUSED = { status: 400, code: 'invalid_request' };
const TOO_LARGE = { status: 413, code: 'request_too_large' };

describe('bombs: a few kilobytes that unpack to too much', () => {
  it.each(ENCODINGS)('in %s', async (encoding) => {
    const bomb = await PACKERS[encoding](Buffer.alloc(65 * MiB, ' '));
    expect(bomb.length).toBeLessThan(MiB);
    const told = times(CLIENTS, () => send(bomb, encoding));
    await expectOthersServed();
    for (const one of await Promise.all(told)) expect(one).toEqual(TOO_LARGE);
    await subject.expectSound(`bombs in ${encoding}`);
    expect((await subject.gateway.look()).peakBytes).toBeLessThan(sized(1_000, 2_500) * MiB);
  });

  it('one in another', async () => {
    const inner = await PACKERS.gzip(Buffer.alloc(65 * MiB, ' '));
    expect(await send(await PACKERS.gzip(inner), 'gzip, gzip')).toEqual(TOO_LARGE);
    const layers = times(1_000, () => 'gzip').join(', ');
    expect(await send(inner, layers)).toEqual(REFUSED);
    await subject.expectSound('bombs in bombs');
  });

  it.each([
    ['empty arrays', '[],'],
    ['empty objects', '{},'],
    ['members', '{"a":1},'],
    ['arrays within arrays', '['],
  ])('of %s', async (what, piece) => {
    const text = chat(`,"x":[${piece.repeat(Math.floor((sized(8, 60) * MiB) / piece.length))}1]`);
    const packed = await PACKERS.gzip(Buffer.from(text));
    const told = times(CLIENTS, () => send(packed, 'gzip'));
    await expectOthersServed();
    for (const one of await Promise.all(told)) expect(one).toEqual(REFUSED);
    await subject.expectSound(`millions of ${what}`);
  });
});

describe('bodies that are not what they say', () => {
  it.each<[string, string | Buffer, string?]>([
    ['no text', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ['bytes that are no text, in a string', Buffer.from(chat(',"x":"\u00ff"'), 'latin1')],
    ['text of two bytes a letter', Buffer.from(chat(''), 'utf16le')],
    ['a byte that is never in JSON', chat(',"x":"\u0000"')],
    ['half an object', chat('').slice(0, -1)],
    ['two objects', chat('') + chat('')],
    ['no compression', chat(''), 'gzip'],
    ['half of a compressed body', zlib.gzipSync(chat('')).subarray(0, 30), 'gzip'],
    ['a compression nobody knows', chat(''), 'zip'],
  ])('%s: 400', async (_, body, encoding) => {
    expect(await send(body, encoding)).toEqual(REFUSED);
  });

  it.each([
    ['half a letter beyond the basic plane', chat(',"x":"\\ud83d"')],
    ['a number that is none', chat(',"x":1e999')],
    ['the same member twice', chat(',"x":1,"x":2')],
    ['members of every object', chat(',"__proto__":{"model":"x"},"constructor":1,"toString":null')],
  ])('%s: passes, or is refused by the provider', async (_, body) => {
    expect([200, 400]).toContain((await send(body)).status);
  });

  it('leave nothing behind', () => subject.expectSound('bodies that are not what they say'));
});

describe('lengths that are not true', () => {
  const post = () =>
    postText('/v1/chat/completions', subject.keyFor({ prepaid: false }), { model: GOOD, messages: MESSAGES });

  it('too long, and the connection half closed', async () => {
    const client = await connectRaw(subject.gateway.url);
    client.send(post().head.replace(/content-length: \d+/, 'content-length: 900') + post().body);
    client.socket.end();
    await client.closed;
    expect(client.received).toMatch(/^(HTTP\/1\.1 400 |$)/);
  });

  it('too short: what is left is no second request', async () => {
    const client = await connectRaw(subject.gateway.url);
    client.send(post().head.replace(/content-length: \d+/, 'content-length: 20') + post().body);
    await client.closed;
    expect(client.received).toMatch(/^HTTP\/1\.1 400 /);
    expect(client.received).not.toMatch(/HTTP\/1\.1 [123]/);
  });

  it('a chunk that is longer than it says', async () => {
    const client = await connectRaw(subject.gateway.url);
    client.send(post().head.replace(/content-length: \d+/, 'transfer-encoding: chunked'));
    client.send(`5\r\n${post().body}\r\n0\r\n\r\n`);
    await client.closed;
    expect(client.received).toMatch(/^(HTTP\/1\.1 400 |$)/);
  });

  it('chunks with extensions and trailers are read as what they are', async () => {
    const client = await connectRaw(subject.gateway.url);
    const { head, body } = post();
    client.send(head.replace(/content-length: \d+/, 'transfer-encoding: chunked'));
    client.send(`${body.length.toString(16)};name="value"\r\n${body}\r\n0\r\nx-trailer: y\r\n\r\n`);
    await client.seen(/^HTTP\/1\.1 200 .*chat\.completion/s);
    client.breakOff();
  });

  it('a body that waits to be asked for, and one that waits for something unknown', async () => {
    const waiting = await connectRaw(subject.gateway.url);
    const { head, body } = post();
    const expecting = (what: string) => head.replace('\r\n\r\n', `\r\nexpect: ${what}\r\n\r\n`);
    waiting.send(expecting('100-continue'));
    await waiting.seen(/^HTTP\/1\.1 100 /);
    waiting.send(body);
    await waiting.seen(/HTTP\/1\.1 200 .*chat\.completion/s);
    waiting.breakOff();
    const odd = await connectRaw(subject.gateway.url);
    odd.send(expecting('a-miracle') + body);
    await odd.seen(/^HTTP\/1\.1 417 /);
    odd.breakOff();
    const never = await connectRaw(subject.gateway.url);
    never.send(expecting('100-continue'));
    await never.seen(/^HTTP\/1\.1 100 /);
    never.breakOff();
  });

  it('a hundred requests on the wire before the first is answered, and the client gone', async () => {
    const client = await connectRaw(subject.gateway.url);
    const { head, body } = post();
    client.send((head + body).repeat(100));
    await client.seen(/^HTTP\/1\.1 200 /);
    client.breakOff();
  });

  it('leave nothing behind', () => subject.expectSound('lengths that are not true'));
});
