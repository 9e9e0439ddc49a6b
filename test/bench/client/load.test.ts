import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { jsonAnswer, streamAnswer } from '../answers.ts';
import { ask } from './ask.ts';
import { checkAnswer } from './check-answer.ts';
import { load } from './load.ts';
import { requestBytes } from './request-bytes.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Answers each request with the next of the texts, the last one again and again; null hangs up. */
async function provider(...answers: (string | null)[]): Promise<number> {
  let asked = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', () => {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (answer === null || answer === undefined) socket.end();
      else socket.write(answer);
    });
  }).listen(0, '127.0.0.1');
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function sized(body: string, status = '200 OK'): string {
  return `HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const JSON_ANSWER = jsonAnswer('chat');
const GOOD = sized(JSON_ANSWER);
const EXPECTED = { bytes: Buffer.byteLength(JSON_ANSWER), ending: JSON_ANSWER.slice(-12) };
const request = (port: number): Buffer => requestBytes(port, '/', {}, '{}');

it('counts good answers of all clients, for as long as it is told', async () => {
  const port = await provider(GOOD);
  let begun = 0;
  const { answers, rate, p50, p99, firstByte } = await load(
    { port, request: request(port), expected: EXPECTED },
    4,
    100,
    () => {
      begun = performance.now();
    },
  );
  expect(performance.now() - begun).toBeGreaterThanOrEqual(100);
  expect(answers).toBeGreaterThan(4);
  // Up to one answer of each client ends after the time is up, and counts in part.
  expect(rate).toBeGreaterThan((answers - 4) * 10 - 1);
  expect(rate).toBeLessThanOrEqual(answers * 10);
  expect(firstByte).toBeLessThanOrEqual(p50);
  expect(p50).toBeLessThanOrEqual(p99);
});

it.each([
  ['another status', sized(JSON_ANSWER, '500 Internal Server Error')],
  ['a shorter body', sized('{}')],
  ['another end', sized(JSON_ANSWER.replace(/.$/, ' '))],
  ['a connection that ends before the answer', null],
  ['an answer to nothing', `${GOOD}HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n`],
])('rejects at %s', async (_, wrong) => {
  const port = await provider(GOOD, GOOD, wrong);
  await expect(load({ port, request: request(port), expected: EXPECTED }, 1, 10_000)).rejects.toThrow();
});

it('reads a whole stream word for word', async () => {
  const body = streamAnswer('messages', 'fast').join('');
  const port = await provider(sized(body));
  const answer = await ask(port, request(port));
  expect(checkAnswer(answer, 'messages', 'fast')).toEqual({
    bytes: Buffer.byteLength(body),
    ending: 'ssage_stop"}',
  });
});

it.each([
  ['a word is missing', streamAnswer('chat', 'fast').slice(1)],
  ['the end is missing', streamAnswer('chat', 'fast').slice(0, -1)],
])('does not take a stream where %s', async (_, events) => {
  const port = await provider(sized(events.join('')));
  const answer = await ask(port, request(port));
  expect(() => checkAnswer(answer, 'chat', 'fast')).toThrow('not what the provider sent');
});

it('rejects a question whose answer ends early', async () => {
  const port = await provider(null);
  await expect(ask(port, request(port))).rejects.toThrow('ended before the answer did');
});
