import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { begunAnswer, content, drip, head, JSON_ANSWER, wholeAnswer } from './raw-answers.ts';
import { type Fault, type RawProvider, startRawProvider } from './raw-provider.ts';
import { CALLS, expectFailed, expectServed, GOOD, type Subject, startSubject } from './subject.ts';

/** Providers whose connections break, or that are wrong about how long their answers are. */

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

const FAILING: Readonly<Record<string, Fault>> = {
  'resets the connection before its first byte': (socket) => void socket.resetAndDestroy(),
  'ends the connection before its first byte': (socket) => void socket.end(),
  'resets within its head': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-ty', () => socket.resetAndDestroy());
  },
  'ends within its head': (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-ty'),
  'resets after its head': (socket, asked) => {
    const { type } = content(asked);
    socket.write(head(type, 'content-length: 500'), () => socket.resetAndDestroy());
  },
  'resets within its answer': (socket, asked) => {
    socket.write(begunAnswer(asked), () => socket.resetAndDestroy());
  },
  'ends within its answer': (socket, asked) => void socket.end(begunAnswer(asked)),
  'tells a length that is too long, and ends': (socket, asked) => {
    const { type, text } = content(asked);
    socket.end(head(type, `content-length: ${text.length + 10}`) + text.slice(0, 80));
  },
  'tells a length that is too short': (socket, asked) => {
    const { type, text } = content(asked);
    socket.write(head(type, 'content-length: 50') + text);
  },
  'tells two lengths': (socket, asked) => {
    const { type, text } = content(asked);
    socket.write(head(type, `content-length: ${text.length}`, 'content-length: 7') + text);
  },
  'tells a length that is no number': (socket, asked) => {
    const { type, text } = content(asked);
    socket.write(head(type, 'content-length: many') + text);
  },
  'breaks its chunks': (socket, asked) => {
    socket.write(`${head(content(asked).type, 'transfer-encoding: chunked')}zz\r\n{}\r\n0\r\n\r\n`);
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
  'drips its answer byte by byte': (socket, asked) => void drip(socket, wholeAnswer(asked)),
  'tells no length and ends the connection': (socket, asked) => {
    const { type, text } = content(asked);
    socket.end(head(type, 'connection: close') + text);
  },
  'answers in HTTP/1.0': (socket, asked) => {
    const { type, text } = content(asked);
    socket.end(head(type).replace('HTTP/1.1', 'HTTP/1.0') + text);
  },
  'closes its half of the connection and reads on': (socket, asked) => {
    socket.removeAllListeners('end');
    socket.end(wholeAnswer(asked));
  },
  'resets when its answer is out': (socket, asked) => {
    // Systems throw away what nobody has read when a reset comes: the answer needs time to be read.
    socket.write(wholeAnswer(asked), () => setTimeout(() => socket.resetAndDestroy(), 500));
  },
};

describe('a provider is heard to its end that', () => {
  it.each(Object.entries(SERVING))('%s', async (what, fault) => {
    provider.behave(fault);
    for (const call of CALLS) expectServed(await subject.ask('broken', call), call, what);
    await sound(what);
  });
});

it('what follows an answer over the same connection is nobody’s answer', async () => {
  const stolen = JSON_ANSWER.replace('all of it', 'of somebody else');
  provider.behave((socket, asked) => {
    socket.write(wholeAnswer(asked) + head('json', `content-length: ${stolen.length}`) + stolen);
  });
  for (const call of CALLS) {
    const answer = await subject.ask('broken', call);
    expect(answer.text, call.name).not.toContain('somebody else');
    expectServed(answer, call, 'a second answer behind the first');
  }
  await sound('answers nobody asked for');
});

it('a hundred at once are all told, and the provider that works serves meanwhile', async () => {
  provider.behave((socket, asked) => {
    socket.write(begunAnswer(asked), () => socket.resetAndDestroy());
  });
  const failing = Array.from(
    { length: 100 },
    (_, index) => CALLS[index % CALLS.length] as (typeof CALLS)[number],
  );
  const answers = failing.map((call) => subject.ask('broken', call));
  const served = await Promise.all(CALLS.map((call) => subject.ask(GOOD, call)));
  for (const [index, call] of CALLS.entries()) expectServed(served[index] as never, call, 'beside failures');
  for (const [index, call] of failing.entries())
    expectFailed((await answers[index]) as never, call, 'a hundred resets');
  await sound('a hundred resets');
});
