import { expect } from 'vitest';
import { until } from '../support/until.ts';
import type { Level } from './gateway-process.ts';
import type { Heard, Subject } from './subject.ts';
import { CALLS, expectServed, GOOD } from './subject.ts';
import { codeOf, integrityOf, query, storedRows } from './support.ts';

/** What the check goes by. */
export interface Known {
  subject: Subject;
  /** Every answer that a client has read. */
  heard: readonly Heard[];
  /** Ids; a balance pays for the last one. */
  members: readonly string[];
}

/** Garbage collectors and caches leave some; what a leak of each request leaves is more. */
const BYTES_SLACK = 48 * 1024 * 1024;
const TIMERS_SLACK = 4;

/** Measures a gateway while it is well, to be held to that after every fault. */
export async function soundness(known: Known) {
  await expectNextServed(known.subject, 'before any fault');
  const before = await known.subject.gateway.look();

  return {
    async expect(after: string, others: () => number): Promise<void> {
      await expectNextServed(known.subject, after);
      await expectSettled(known, after);
      expectAnswersAudited(known, after);
      await expectNothingReserved(known, after);
      expect(integrityOf(known.subject.dataDir), after).toBe('ok');
      await expectLevel(known.subject, before, others, after);
    },
  };
}

async function expectNextServed(subject: Subject, after: string): Promise<void> {
  for (const call of CALLS) expectServed(await subject.ask(GOOD, call), call, after);
}

/** No request runs that nobody waits for. */
async function expectSettled({ subject }: Known, after: string): Promise<void> {
  await until(`no row to be running after ${after}`, () => {
    const [running] = query<{ count: number }>(
      subject.dataDir,
      'SELECT count(*) AS count FROM requests WHERE status = 0',
    );
    return running?.count === 0;
  });
}

/** What a client was told is what its row tells. */
function expectAnswersAudited({ subject, heard }: Known, after: string): void {
  const rows = new Map(storedRows(subject.dataDir).map((row) => [row.requestId, row]));
  for (const { requestId, status, text } of heard) {
    const row = rows.get(requestId);
    const code = codeOf(text) ?? null;
    // It says so itself.
    if (code === 'audit_unavailable') continue;
    // A stream's status is told before its end is known.
    const isCut = status === 200 && code !== null;
    expect(row, `${after}: the row of ${requestId}, ${status} ${text.slice(0, 200)}`).toMatchObject({
      code,
      ...(isCut ? {} : { status }),
      ...(code === 'upstream_error' ? { status: 502, counted: 2, chargedTokens: 0 } : {}),
    });
  }
}

/** Windows and balances in memory say what the store says, and nothing is held for requests that are over. */
async function expectNothingReserved({ subject, members }: Known, after: string): Promise<void> {
  for (const member of members) {
    const { data } = await subject.admin('GET', `/members/${member}/limits`);
    const [stored] = query<{ requests: number; tokens: number }>(
      subject.dataDir,
      `SELECT count(*) AS requests, ifnull(sum(input_tokens + output_tokens), 0) AS tokens
       FROM requests WHERE member_id = ${member} AND counted = 1`,
    );
    const long = data.filter(({ windowSeconds }: { windowSeconds: number }) => windowSeconds > 60);
    expect(long.length).toBeGreaterThan(0);
    for (const { metric, used, windowSeconds } of long) {
      expect(used, `${after}: ${metric} in ${windowSeconds} s`).toBe(
        stored?.[metric as 'requests' | 'tokens'],
      );
    }
  }
  const sums = query<{ ledger: number; balance: number }>(
    subject.dataDir,
    `SELECT (SELECT sum(tokens) FROM ledger_entries l WHERE l.member_id = b.member_id) AS ledger, tokens AS balance
     FROM balances b`,
  );
  for (const { ledger, balance } of sums) expect(ledger, after).toBe(balance);
  await expectNothingHeld(subject, sums[0]?.balance ?? 0, after);
}

/** A refusal tells what others hold of the balance. */
async function expectNothingHeld(subject: Subject, balance: number, after: string): Promise<void> {
  const call = CALLS.find(({ prepaid }) => prepaid) as (typeof CALLS)[number];
  const refused = await subject.ask(GOOD, call, { max_tokens: 2 * balance });
  expect(refused.status, after).toBe(402);
  const row = storedRows(subject.dataDir).findLast(({ requestId }) => requestId === refused.requestId);
  const { refusedBy } = await subject.admin('GET', `/requests/${row?.id}`);
  expect(refusedBy, after).toMatchObject({ tokens: balance, held: { tokens: 0, micros: 0 } });
}

async function expectLevel(
  subject: Subject,
  before: Level,
  others: () => number,
  after: string,
): Promise<void> {
  let now = before;
  const isLevel = async () => {
    now = await subject.gateway.look();
    return (
      now.sockets <= before.sockets + others() &&
      now.timers <= before.timers + TIMERS_SLACK &&
      now.bytes <= before.bytes + BYTES_SLACK
    );
  };
  await until(after, isLevel).catch(() => {
    throw new Error(
      `after ${after} the gateway holds ${JSON.stringify(now)}, before ${JSON.stringify(before)}`,
    );
  });
}
