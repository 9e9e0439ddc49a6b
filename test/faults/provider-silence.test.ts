import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { begunAnswer, content, delta, head } from './raw-answers.ts';
import { type Fault, type RawProvider, startRawProvider } from './raw-provider.ts';
import { CALLS, expectFailed, expectServed, GOOD, type Subject, startSubject } from './subject.ts';

/** Providers that stop talking: all at once, since waiting is all there is to it. */

const TIMEOUT_MS = 1_500;

const SILENT: Readonly<Record<string, { fault: Fault; told: RegExp }>> = {
  'before its first byte': { fault: () => undefined, told: /did not begin to answer within/ },
  'within its head': {
    fault: (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-ty'),
    told: /did not begin to answer within/,
  },
  'after it has said to go on': {
    fault: (socket) => void socket.write('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n'),
    told: /did not begin to answer within|broke off/,
  },
  'after its head': {
    fault: (socket, asked) => void socket.write(head(content(asked).type, 'content-length: 900')),
    told: /fell silent/,
  },
  'within its answer': {
    fault: (socket, asked) => void socket.write(begunAnswer(asked)),
    told: /fell silent/,
  },
  'within an event': {
    fault: (socket, { stream }) => {
      const { type } = content({ stream });
      socket.write(head(type, 'content-length: 9000') + delta('all of ').slice(0, 40));
    },
    told: /fell silent/,
  },
  'because its answer is shorter than it told': {
    fault: (socket, asked) => {
      const { type, text } = content(asked);
      socket.write(head(type, `content-length: ${text.length + 10}`) + text.replace('[DONE]', ''));
    },
    told: /fell silent/,
  },
};

let subject: Subject;
const providers = new Map<string, RawProvider>();

beforeAll(async () => {
  const timeouts = { connectMs: TIMEOUT_MS, headersMs: TIMEOUT_MS, idleMs: TIMEOUT_MS };
  subject = await startSubject({ timeouts });
  for (const [index, { fault }] of Object.values(SILENT).entries()) {
    const provider = await startRawProvider();
    provider.behave(fault);
    providers.set(`silent-${index}`, provider);
    await subject.publish(provider, `silent-${index}`);
  }
});
afterAll(async () => {
  await subject[Symbol.asyncDispose]();
  for (const provider of providers.values()) await provider[Symbol.asyncDispose]();
});

it('a provider that falls silent is left in time, wherever it does, and holds nobody else up', async () => {
  const faults = Object.entries(SILENT);
  const waiting = faults.flatMap(([what, { told }], index) =>
    CALLS.map(async (call) => {
      const answer = await subject.ask(`silent-${index}`, call);
      expectFailed(answer, call, what);
      expect(answer.text, `${what}, ${call.name}`).toMatch(told);
    }),
  );
  const all = Promise.all(waiting);
  for (const call of CALLS) expectServed(await subject.ask(GOOD, call), call, 'beside silent providers');
  await all;
  const open = () => [...providers.values()].reduce((sum, { connections }) => sum + connections, 0);
  // The gateway ends them; these providers never would.
  await until('connections to silent providers to end', () => open() === 0);
  await subject.expectSound('silent providers');
});
