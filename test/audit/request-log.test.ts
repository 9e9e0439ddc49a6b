import { afterEach, describe, expect, it } from 'vitest';
import { INTERRUPTED, type InterruptedRequest, RequestLog } from '../../gateway/audit/request-log.ts';
import { StoreUnavailable } from '../../gateway/store/store.ts';
import { Books, outcome, used } from '../quotas/books.ts';
import { tempDir } from '../store/support.ts';

let books: Books;

afterEach(() => books.close());

interface Row {
  id: number;
  status: number;
  code: number | null;
  input_tokens: number;
  output_tokens: number;
  estimated: number;
  counted: number;
  attempts: number;
  request_id: Buffer;
  [column: string]: unknown;
}

function rows(): Row[] {
  return books.store.db.prepare<[], Row>('SELECT * FROM requests ORDER BY id').all();
}

/** Lets no table grow any more, as a full disk does. @returns what makes room again */
function fillDisk(): () => void {
  const { db } = books.store;
  const pages = db.pragma('page_count', { simple: true }) as number;
  db.pragma(`max_page_count = ${pages}`);
  const insert = db.prepare<[string]>('INSERT INTO names (text) VALUES (?)');
  expect(() => {
    for (let number = 0; number < 10_000; number++) insert.run(`filler ${number} ${'x'.repeat(150)}`);
  }).toThrow('full');
  expect(() => {
    for (let number = 0; number < 10_000; number++) insert.run(`f${number}`);
  }).toThrow('full');
  return () => db.pragma('max_page_count = 4294967294');
}

describe('the request log', () => {
  it('has the reservation on disk before the request goes on, and the outcome in its place after', async () => {
    books = await Books.open(tempDir());
    const facts = books.facts({
      requestId: '0199a5b2-7c00-7000-8000-0123456789ab',
      multiplier: 1.5,
      streamed: true,
    });
    const row = await books.log.open(facts, used({ inputTokens: 10, outputTokens: 90, estimated: true }));
    expect(rows()).toMatchObject([
      {
        id: row,
        status: 0,
        input_tokens: 10,
        output_tokens: 90,
        estimated: 1,
        counted: 1,
        multiplier: 1.5,
        streamed: 1,
      },
    ]);
    expect(rows()[0]?.request_id.toString('hex')).toBe('0199a5b27c00700080000123456789ab');
    expect(books.log.running).toBe(1);

    const told = used({
      inputTokens: 12,
      outputTokens: 40,
      cachedTokens: 5,
      reasoningTokens: 3,
      costMicros: 77,
      chargedTokens: 78,
    });
    const failed = { providerId: 3, upstreamModel: 'first', status: 503, reason: 'overloaded', latencyMs: 9 };
    await books.log.settle(row, outcome(told, 'everywhere', { attempts: 2, failedAttempts: [failed] }));
    expect(rows()).toMatchObject([
      {
        status: 200,
        code: null,
        input_tokens: 12,
        output_tokens: 40,
        cached_tokens: 5,
        reasoning_tokens: 3,
        cost_micros: 77,
        charged_tokens: 78,
        estimated: 0,
        attempts: 2,
      },
    ]);
    const attempt = books.store.db.prepare<[], { reason: number }>('SELECT * FROM attempts').get();
    expect(attempt).toMatchObject({ request: row, number: 1, provider_id: 3, status: 503, latency_ms: 9 });
    expect(books.names.text(attempt?.reason ?? null)).toBe('overloaded');
    expect(books.log.running).toBe(0);
  });

  it('writes a refused request, which used nothing', async () => {
    books = await Books.open(tempDir());
    await books.log.refused(books.facts({ memberId: null, keyId: null, model: null }), {
      status: 401,
      code: 'invalid_key',
      latencyMs: 1,
    });
    expect(rows()).toMatchObject([
      { status: 401, member_id: null, key_id: null, model: null, counted: 0, input_tokens: 0, latency_ms: 1 },
    ]);
    expect(books.names.text(rows()[0]?.code ?? null)).toBe('invalid_key');
  });

  it('tells up to where rows are settled for good', async () => {
    books = await Books.open(tempDir());
    const [a, b, c] = await Promise.all([1, 2, 3].map(() => books.log.open(books.facts(), used({}))));
    expect(books.log.settledBelow).toBe(a);
    await books.log.settle(b as number, outcome(used({})));
    expect(books.log.settledBelow).toBe(a);
    await books.log.settle(a as number, outcome(used({})));
    expect(books.log.settledBelow).toBe(c);
    await books.log.settle(c as number, outcome(used({})));
    expect(books.log.settledBelow).toBe((c as number) + 1);
  });

  it('keeps the estimate of a request that a kill interrupted, and charges it once', async () => {
    const dir = tempDir();
    books = await Books.open(dir);
    const usage = used({ inputTokens: 10, outputTokens: 20, chargedTokens: 45, costMicros: 9 });
    await books.log.open(books.facts(), usage);
    const prepaid = await books.log.open(books.facts({ memberId: 7 }), usage, 'tokens');
    const done = await books.log.open(books.facts(), usage, 'micros');
    await books.log.settle(done, outcome(used({ inputTokens: 1 })));
    await books.close();

    books = await Books.open(dir);
    expect(rows()).toMatchObject([
      { status: 499, estimated: 1, counted: 1, input_tokens: 10, output_tokens: 20 },
      { status: 499, estimated: 1, counted: 1 },
      { status: 200, input_tokens: 1 },
    ]);
    expect(books.names.text(rows()[0]?.code ?? null)).toBe(INTERRUPTED);
    await books.close();

    books = await Books.open(dir);
    books.store.db.exec(`UPDATE requests SET status = 0 WHERE id = ${prepaid}`);
    const charged: InterruptedRequest[] = [];
    for (let starts = 0; starts < 2; starts++)
      new RequestLog(books.store, books.names, (one) => charged.push(one));
    expect(charged).toEqual([
      { row: prepaid, memberId: 7, paidFrom: 'tokens', chargedTokens: 45, costMicros: 9 },
    ]);
  });

  it('never gives a number out twice, not even when every row is gone', async () => {
    const dir = tempDir();
    books = await Books.open(dir);
    const row = await books.log.open(books.facts(), used({}));
    await books.log.settle(row, outcome(used({})));
    await books.rollUpAll();
    books.store.db.exec('DELETE FROM requests');
    await books.close();
    books = await Books.open(dir);
    expect(await books.log.open(books.facts(), used({}))).toBe(row + 1);
  });

  it('refuses to open a row that the disk has no room for, and leaves nothing running', async () => {
    books = await Books.open(tempDir());
    const makeRoom = fillDisk();
    const unknownModel = books.facts({ model: 'a name nobody has used' });
    await expect(books.log.open(unknownModel, used({}))).rejects.toThrow(StoreUnavailable);
    await expect(
      books.log.refused(unknownModel, { status: 400, code: 'unknown_model', latencyMs: 1 }),
    ).rejects.toThrow(StoreUnavailable);
    expect(books.log.running).toBe(0);
    makeRoom();
    await books.log.open(unknownModel, used({}));
    expect(rows()).toHaveLength(1);
  });

  it('settles a row that the disk had no room for as soon as it has', async () => {
    books = await Books.open(tempDir());
    const row = await books.log.open(books.facts(), used({ outputTokens: 100 }));
    const makeRoom = fillDisk();
    let booked = 0;
    const late = outcome(used({ outputTokens: 3 }), 'everywhere', { code: 'a code nobody has used' });
    const settled = books.log.settle(row, late, () => booked++);
    await expect(settled).rejects.toThrow(StoreUnavailable);
    expect(rows()).toMatchObject([{ status: 0, output_tokens: 100 }]);
    expect(books.log.settledBelow).toBe(row);
    makeRoom();
    await expect.poll(rows).toMatchObject([{ status: 200, output_tokens: 3 }]);
    await expect.poll(() => books.log.running).toBe(0);
    expect(booked).toBe(1);
  });
});
