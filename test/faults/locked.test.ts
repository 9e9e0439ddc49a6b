import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { request } from 'undici';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { sized } from './size.ts';
import { CALLS, expectServed, GOOD, type Heard, type Subject, startSubject } from './subject.ts';
import { codeOf, query, times } from './support.ts';

/** Another program holds the database for a while: a browser of databases, a backup, a scanner. */

let subject: Subject;
beforeAll(async () => {
  subject = await startSubject();
});
afterAll(() => subject[Symbol.asyncDispose]());

/** Locks the database from a process of its own. @returns what lets it go */
async function lock(how: 'EXCLUSIVE' | 'IMMEDIATE'): Promise<() => Promise<void>> {
  const program = join(import.meta.dirname, 'children', 'hold-database.ts');
  const child: ChildProcess = spawn(process.execPath, [program, join(subject.dataDir, 'ntl.db'), how], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout as never, 'data');
  return async () => {
    child.stdin?.end();
    await ended;
  };
}

const UNAVAILABLE = { status: 503, code: 'audit_unavailable' };
const told = ({ status, text }: Heard) => ({ status, code: codeOf(text) });

it.each(['EXCLUSIVE', 'IMMEDIATE'] as const)(
  'with BEGIN %s: requests are refused, health is told, and all is well after',
  async (how) => {
    const calls = subject.good.requests.length;
    const free = await lock(how);
    for (const call of CALLS) {
      const refused = await subject.ask(GOOD, call);
      expect(told(refused), call.name).toEqual(UNAVAILABLE);
      expect(refused.text).toContain('Another program holds the database');
    }
    // Waiting for the lock stops everything else: it must be short, however many ask.
    const many = Promise.all(
      times(50, (index) => subject.ask(GOOD, CALLS[index % 4] as (typeof CALLS)[number])),
    );
    const begun = performance.now();
    const health = await request(`${subject.gateway.url}/healthz`, { reset: true });
    expect([health.statusCode, (await health.body.text()).length > 0]).toEqual([200, true]);
    expect(performance.now() - begun).toBeLessThan(4_000);
    for (const answer of await many) expect(told(answer)).toEqual(UNAVAILABLE);
    expect(subject.good.requests).toHaveLength(calls);
    await expect(subject.admin('POST', '/members', { name: 'Nobody' })).rejects.toThrow(/503/);
    await free();
    await subject.expectSound(`a lock by BEGIN ${how}`);
  },
);

it('what ran when the lock came is settled when it is gone', async () => {
  subject.good.script(reply.gated(reply.text('until the lock is gone')));
  const before = subject.good.requests.length;
  const running = CALLS.map((call) => subject.ask(GOOD, call));
  await until('the calls', () => subject.good.requests.length - before === CALLS.length);
  const free = await lock('EXCLUSIVE');
  for (const request of subject.good.requests) request.releaseAll();
  for (const [index, answer] of (await Promise.all(running)).entries()) {
    const call = CALLS[index] as (typeof CALLS)[number];
    expect(codeOf(answer.text), call.name).toBe('audit_unavailable');
    expect(answer.text).not.toMatch(call.end);
  }
  const open = () =>
    query<{ count: number }>(subject.dataDir, 'SELECT count(*) AS count FROM requests WHERE status = 0')[0]
      ?.count;
  expect(open()).toBe(CALLS.length);
  subject.good.script(reply.text('ok'));
  await free();
  await until('the rows to be settled', () => open() === 0);
  const [row] = query<{ served: number }>(
    subject.dataDir,
    `SELECT count(*) AS served FROM (SELECT status FROM requests ORDER BY id DESC LIMIT ${CALLS.length}) WHERE status = 200`,
  );
  expect(row?.served).toBe(CALLS.length);
  await subject.expectSound('a lock while requests run');
});

it('a lock that comes and goes while many ask leaves every row whole', async () => {
  let asking = true;
  let refused = 0;
  const clients = times(6, async (index) => {
    const call = CALLS[index % 4] as (typeof CALLS)[number];
    while (asking) {
      const answer = await subject.ask(GOOD, call);
      if (answer.status === 200 && codeOf(answer.text) === undefined)
        expectServed(answer, call, 'between locks');
      else {
        expect(codeOf(answer.text)).toBe('audit_unavailable');
        refused++;
      }
    }
  });
  for (let round = 0; round < sized(3, 30); round++) {
    const free = await lock('EXCLUSIVE');
    const before = refused;
    await until('requests to be refused', () => refused > before + clients.length);
    await free();
  }
  asking = false;
  await Promise.all(clients);
  await subject.expectSound('locks that come and go');
});
