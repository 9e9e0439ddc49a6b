import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { delta, EVENTS, head, JSON_ANSWER, STREAM_END } from './raw-answers.ts';
import { connectRaw, postText } from './raw-client.ts';
import { type RawProvider, startRawProvider } from './raw-provider.ts';
import { sized } from './size.ts';
import { CALLS, expectFailed, expectServed, type Subject, startSubject } from './subject.ts';
import { MESSAGES } from './support.ts';

/** Answers of a few kilobytes that unpack to more than a computer may hold. */

const MiB = 1024 * 1024;
const PACKERS = {
  gzip: (bytes: Buffer) => promisify(zlib.gzip)(bytes, { level: 1 }),
  br: (bytes: Buffer) =>
    promisify(zlib.brotliCompress)(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
  deflate: (bytes: Buffer) => promisify(zlib.deflate)(bytes, { level: 1 }),
  zstd: promisify(zlib.zstdCompress),
} as const;
type Encoding = keyof typeof PACKERS;
const ENCODINGS = (Object.keys(PACKERS) as Encoding[]).slice(0, sized(1, 4));
/** Just over what an answer in one piece may be, and an event. */
const JSON_BOMB = Buffer.alloc(257 * MiB, ' ');
const STREAM_BOMB = Buffer.alloc(65 * MiB, 'data: ');

let subject: Subject;
let provider: RawProvider;

beforeAll(async () => {
  subject = await startSubject();
  provider = await startRawProvider();
  await subject.publish(provider, 'broken');
});
afterAll(async () => {
  await subject[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

/** @param kept connections that may serve again */
async function sound(what: string, kept = 1): Promise<void> {
  await until('connections to the provider to end', () => provider.connections <= kept);
  await subject.expectSound(what, () => provider.connections);
}

async function pack(encodings: readonly Encoding[], bytes: Buffer): Promise<Buffer> {
  let packed = bytes;
  for (const encoding of encodings) packed = await PACKERS[encoding](packed);
  return packed;
}

/** Answers JSON and streams with bodies of their own. */
async function answers(encodings: readonly Encoding[], json: Buffer, events: Buffer): Promise<void> {
  const packed = { json: await pack(encodings, json), sse: await pack(encodings, events) };
  provider.behave((socket, { stream }) => {
    const type = stream ? 'sse' : 'json';
    const fields = [`content-encoding: ${encodings.join(', ')}`, `content-length: ${packed[type].length}`];
    socket.write(head(type, ...fields));
    socket.write(packed[type]);
  });
}

describe.each(ENCODINGS)('an answer compressed by %s', (encoding) => {
  it('is unpacked no further than the limit', async () => {
    await answers([encoding], JSON_BOMB, STREAM_BOMB);
    const calls = CALLS.slice(0, sized(2, 4));
    for (const call of calls) expectFailed(await subject.ask('broken', call), call, encoding);
    await sound(`a bomb in ${encoding}`);
    expect((await subject.gateway.look()).peakBytes).toBeLessThan(1_000 * MiB);
  });

  it('is served where it is sound, and is not where it is cut', async () => {
    await answers([encoding], Buffer.from(JSON_ANSWER), Buffer.from(EVENTS));
    for (const call of CALLS) expectServed(await subject.ask('broken', call), call, encoding);
    const packed = await pack([encoding], Buffer.from(JSON_ANSWER));
    provider.behave((socket) => {
      const cut = packed.subarray(0, packed.length - 12);
      socket.write(head('json', `content-encoding: ${encoding}`, `content-length: ${cut.length}`));
      socket.write(cut);
    });
    for (const call of CALLS) expectFailed(await subject.ask('broken', call), call, `${encoding}, cut`);
    await sound(`${encoding}, cut`);
  });
});

it('layers of compression are no way around the limit', async () => {
  await answers(['gzip', 'gzip'], Buffer.from(JSON_ANSWER), STREAM_BOMB);
  const streams = CALLS.filter(({ stream }) => stream);
  for (const call of streams) expectFailed(await subject.ask('broken', call), call, 'two layers');
  await sound('two layers');
});

it('a compressed stream waits for a client that does not read it', async () => {
  const events = delta('x'.repeat(4_000)).repeat(sized(10_000, 80_000)) + STREAM_END;
  await answers(['gzip'], Buffer.from(JSON_ANSWER), Buffer.from(events));
  const before = await subject.gateway.look();
  const client = await connectRaw(subject.gateway.url);
  client.socket.pause();
  const asked = { model: 'broken', messages: MESSAGES, stream: true };
  const { head: asking, body } = postText('/v1/chat/completions', subject.keyFor({ prepaid: false }), asked);
  client.send(asking + body);
  // By the time that others have read all of it, it would have come for this one, too.
  const call = CALLS[1] as (typeof CALLS)[number];
  expectServed(await subject.ask('broken', call), call, 'beside a client that does not read');
  const { bytes } = await subject.gateway.look();
  expect(bytes - before.bytes).toBeLessThan(24 * MiB);
  client.breakOff();
  await sound('a client that does not read', 2);
});
