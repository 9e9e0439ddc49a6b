import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import {
  chunk,
  content,
  delta,
  drip,
  EVENTS,
  head,
  JSON_ANSWER,
  STREAM_END,
  wholeAnswer,
} from './raw-answers.ts';
import { type Fault, type RawProvider, startRawProvider } from './raw-provider.ts';
import { sized } from './size.ts';
import { CALLS, expectFailed, expectServed, type Subject, startSubject } from './subject.ts';

/** Providers that send what is no answer, or more of it than anybody needs. */

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

async function sound(what: string): Promise<void> {
  await until('connections to the provider to end', () => provider.connections <= 1);
  await subject.expectSound(what, () => provider.connections);
}

const MiB = 1024 * 1024;

const says =
  (text: string | Buffer): Fault =>
  (socket) => {
    socket.write(text);
  };

/** A body of its own for JSON and for streams, within sound HTTP. */
const answers =
  (json: string | Buffer, events: string | Buffer): Fault =>
  (socket, { stream }) => {
    const body = Buffer.from(stream ? events : json);
    socket.write(head(stream ? 'sse' : 'json', `content-length: ${body.length}`));
    socket.write(body);
  };

const bothTypes = (text: string | Buffer): Fault => answers(text, text);

/** For ever, or until the other side has had enough. */
function* endless(first: string, next: string | Buffer): Generator<string | Buffer> {
  yield first;
  for (;;) yield next;
}

const FAILING: Readonly<Record<string, Fault>> = {
  'speaks something else': says('SSH-2.0-OpenSSH_9.9\r\n\r\n'),
  'sends noise': says(Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 151) % 256))),
  'answers an upgrade nobody asked for': says(
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
  ),
  'says only to go on': says('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n'),
  'tells news without end': (socket) =>
    void drip(socket, endless('', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(100))),
  'sends a head without end': (socket) =>
    void drip(socket, endless('HTTP/1.1 200 OK\r\n', `x-more: ${'y'.repeat(1_000)}\r\n`)),
  'sends one header field without end': (socket) =>
    void drip(socket, endless('HTTP/1.1 200 OK\r\nx-more: ', 'y'.repeat(10_000))),
  'sends a page': bothTypes('<html><body>It works!</body></html>'),
  'sends nothing': bothTypes(''),
  'sends a number': bothTypes('42'),
  'sends an empty object': answers('{}', 'data: {}\n\n'),
  'sends an empty list': bothTypes('[]'),
  'sends half of it': answers(JSON_ANSWER.slice(0, 80), EVENTS.slice(0, 80)),
  'sends bytes that are no text': answers(
    Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0xc0, 0x80]),
    Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0x20, 0xff, 0xfe, 0x00, 0x0a, 0x0a]),
  ),
  'sends nesting without bottom': answers('['.repeat(200_000), `data: ${'['.repeat(200_000)}\n\n`),
  'answers with choices that are none': answers(
    '{"choices":7}',
    'data: {"choices":7}\n\ndata: {"choices":null}\n\n',
  ),
  'sends millions of empty objects': answers(
    `{"choices":[${'{},'.repeat(3_000_000)}{}]}`,
    `data: {"choices":[${'{},'.repeat(3_000_000)}{}]}\n\n`,
  ),
  'sends events that are broken': answers('{"broken', 'data: {"broken\n\n%%%\n\ndata: [1,\n\n'),
  'sends only comments': answers('// nothing', `${': nothing\n\n'.repeat(1_000)}`),
  'says that it is compressed, and is not': (socket, asked) => {
    const { type, text } = content(asked);
    socket.end(head(type, 'content-encoding: gzip', `content-length: ${text.length}`) + text);
  },
  'is compressed in a way nobody knows': (socket, asked) => {
    const { type, text } = content(asked);
    socket.write(head(type, 'content-encoding: zip', `content-length: ${text.length}`) + text);
  },
  'is compressed in a thousand layers': (socket, asked) => {
    const { type, text } = content(asked);
    const layers = Array.from({ length: 1_000 }, () => 'gzip').join(', ');
    socket.write(head(type, `content-encoding: ${layers}`, `content-length: ${text.length}`) + text);
  },
};

describe('a provider fails the caller, and nobody else, that', () => {
  it.each(Object.entries(FAILING))('%s', async (what, fault) => {
    provider.behave(fault);
    for (const call of CALLS) expectFailed(await subject.ask('broken', call), call, what);
    await sound(what);
  });
});

const SERVING: Readonly<Record<string, Fault>> = {
  'says to go on a thousand times': (socket, asked) => {
    const news = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(1_000);
    socket.write(news + wholeAnswer(asked));
  },
  'comments a thousand times between its events': answers(
    JSON_ANSWER,
    delta('all of ') + ': nothing\n\n'.repeat(1_000) + delta('it') + STREAM_END,
  ),
  [`sends an event of ${sized(5, 50)} megabytes`]: (socket, asked) => {
    if (!asked.stream) return void socket.write(wholeAnswer(asked));
    socket.write(head('sse', 'transfer-encoding: chunked'));
    socket.write(Buffer.concat([chunk(delta('x'.repeat(sized(5, 50) * MiB)) + STREAM_END), chunk('')]));
  },
};

describe('a provider is heard to its end that', () => {
  it.each(Object.entries(SERVING))('%s', async (what, fault) => {
    provider.behave(fault);
    for (const call of CALLS) expectServed(await subject.ask('broken', call), call, what);
    await sound(what);
  });
});

/** Of an answer that never comes to an end the gateway holds no more than its limit. */
describe('a provider is left that never comes to an end', () => {
  it.each([
    ['with its first event', ''],
    ['with an event behind a good one', delta('all of ')],
  ])('%s', async (what, before) => {
    provider.behave((socket, { stream }) => {
      const start = stream ? head('sse', 'connection: close') + before : head('json', 'connection: close');
      void drip(socket, endless(start, Buffer.alloc(MiB, stream ? 'data: ' : ' ')));
    });
    const calls =
      before === '' ? CALLS.filter((_, index) => index < sized(2, 4)) : CALLS.filter(({ stream }) => stream);
    for (const call of calls) expectFailed(await subject.ask('broken', call), call, what);
    await sound(what);
    expect((await subject.gateway.look()).peakBytes, 'the most memory').toBeLessThan(1_000 * MiB);
  });
});

describe('a redirect is not followed', () => {
  it.each([301, 302, 303, 307, 308])('%i: neither elsewhere nor in a circle', async (status) => {
    let followed = 0;
    const elsewhere = createServer((_request, response) => {
      followed++;
      response.end(JSON_ANSWER);
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const { port } = elsewhere.address() as AddressInfo;
    const before = provider.asked;
    for (const location of [
      `http://127.0.0.1:${port}/v1/chat/completions`,
      `${provider.url}/v1/chat/completions`,
    ]) {
      provider.behave(
        says(`HTTP/1.1 ${status} Elsewhere\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`),
      );
      for (const call of CALLS) {
        const answer = await subject.ask('broken', call);
        expectFailed(answer, call, `a ${status}`);
        expect(answer.text).toContain('redirect');
        expect(answer.headers.location).toBeUndefined();
      }
    }
    expect(followed).toBe(0);
    expect(provider.asked - before).toBe(2 * CALLS.length);
    elsewhere.close();
    await sound(`a ${status}`);
  });
});
