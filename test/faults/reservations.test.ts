import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { query, releaseAll, type StoredRow, send, storedRows, tally, times } from './support.ts';

/** One micro a token in, two a token out. */
const PRICE = { input: 1_000_000, output: 2_000_000 };
const OUTPUT = 100;
const BODY = {
  model: 'gpt-4o',
  max_tokens: OUTPUT,
  messages: [{ role: 'user', content: 'count me in '.repeat(20) }],
};
const USED = { input: 40, output: 3 };

let provider: Provider;
let gateway: TestGateway;
/** What one request reserves. */
let need: { tokens: number; cost: number; input: number };

beforeAll(async () => {
  provider = await startProvider();
  gateway = await startGateway();
  await gateway.publish(provider, ['gpt-4o']);
  expect((await gateway.admin('PATCH', '/models/gpt-4o', { price: PRICE })).status).toBe(200);

  provider.script(reply.gated(reply.text('ok')));
  const probe = send(gateway.url, gateway.key, BODY);
  const request = await provider.nextRequest();
  const row = lastRow();
  need = { tokens: row.inputTokens + row.outputTokens, cost: row.costMicros, input: row.inputTokens };
  expect(row).toMatchObject({ status: 0, outputTokens: OUTPUT, estimated: 1 });
  request.releaseAll();
  await probe;
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
});
beforeEach(() => provider.script(reply.gated(reply.text('ok', { usage: USED }))));

function lastRow(): StoredRow {
  return storedRows(gateway.dataDir).at(-1) as StoredRow;
}

function rowsOf(memberId: string): StoredRow[] {
  return storedRows(gateway.dataDir).filter((row) => row.memberId === Number(memberId));
}

/** Sends many at once while the provider holds every answer back, until each is held or refused. */
async function hold(key: string, count: number) {
  const before = provider.requests.length;
  let refused = 0;
  const answers = times(count, async (index) => {
    const answer = await send(gateway.url, key, { ...BODY, stream: index % 2 === 0 });
    if (answer.status >= 400) refused++;
    return answer;
  });
  await until('all to be held or refused', () => provider.requests.length - before + refused === count);
  return { answers: Promise.all(answers), held: provider.requests.length - before };
}

describe.each([
  { metric: 'tokens', windowSeconds: 86_400, code: 'quota_day' },
  { metric: 'tokens', windowSeconds: 60, code: 'rate_limit_minute' },
  { metric: 'cost', windowSeconds: 2_592_000, code: 'quota_month' },
] as const)('$metric in $windowSeconds s', ({ metric, windowSeconds, code }) => {
  it('concurrent requests never hold more than the limit; what they did not use is free again', async () => {
    const each = need[metric];
    const amount = 10 * each + each - 1;
    const { id, key } = await gateway.member();
    const limit = { scope: 'member', subjectId: id, metric, windowSeconds, amount };
    expect((await gateway.admin('PUT', '/limits', limit)).status).toBeLessThan(300);

    const first = await hold(key, 50);
    expect(first.held).toBe(10);
    releaseAll(provider);
    expect(tally(await first.answers)).toEqual({ 200: 10, [`429 ${code}`]: 40 });

    const usedOnce = metric === 'tokens' ? USED.input + USED.output : USED.input + 2 * USED.output;
    const second = await hold(key, 50);
    expect(second.held).toBe(Math.floor((amount - 10 * usedOnce) / each));
    releaseAll(provider);
    await second.answers;
    const settled = rowsOf(id).filter((row) => row.status === 200);
    const used = settled.map((row) =>
      metric === 'tokens' ? row.inputTokens + row.outputTokens : row.costMicros,
    );
    expect(used).toEqual(settled.map(() => usedOnce));
  });
});

describe('a prepaid balance', () => {
  interface Ledger {
    entries: number;
    sum: number;
    /** Less what was given back. */
    charged: number;
    refunded: number;
    balance: number;
  }

  function ledgerOf(memberId: string, unit: 'tokens' | 'micros'): Ledger {
    const [ledger] = query<Ledger>(
      gateway.dataDir,
      `SELECT count(*) AS entries, sum(${unit}) AS sum, sum(iif(kind = 'grant', 0, -${unit})) AS charged,
         sum(iif(kind = 'refund', ${unit}, 0)) AS refunded,
         (SELECT ${unit} FROM balances WHERE member_id = ${memberId}) AS balance
       FROM ledger_entries WHERE member_id = ${memberId}`,
    );
    return ledger as Ledger;
  }

  async function prepaid(grant: { tokens?: number; micros?: number }) {
    const member = await gateway.member({ prepaid: true });
    const granted = await gateway.admin('POST', `/members/${member.id}/grants`, grant);
    expect(granted.status).toBeLessThan(300);
    return member;
  }

  it.each([
    ['tokens', 'tokens'],
    ['micros', 'cost'],
  ] as const)('of %s for ten is spent by ten of a hundred', async (unit, metric) => {
    const { id, key } = await prepaid({ [unit]: 10 * need[metric] });
    provider.script(reply.gated(reply.text('ok', { usage: { input: need.input, output: OUTPUT } })));
    const { held, answers } = await hold(key, 100);
    expect(held).toBe(10);
    releaseAll(provider);
    expect(tally(await answers)).toEqual({ 200: 10, '402 insufficient_balance': 90 });
    expect(ledgerOf(id, unit)).toEqual({
      ...{ entries: 11, sum: 0, charged: 10 * need[metric], refunded: 0, balance: 0 },
    });
    expect((await send(gateway.url, key, BODY)).status).toBe(402);
  });

  it('pays what was used and not what was held, whatever way the requests end', async () => {
    const { id, key } = await prepaid({ tokens: 100 * need.tokens });
    provider.script(
      reply.text('ok', { usage: USED }),
      reply.status(500),
      reply.cut(reply.text('half an answer', { usage: USED })),
      reply.status(400),
      reply.text('ok', { usage: USED }),
    );
    const answers = await Promise.all(times(40, () => send(gateway.url, key, { ...BODY, stream: true })));
    expect(Object.keys(tally(answers))).not.toContain('402 insufficient_balance');
    const charged = rowsOf(id)
      .filter((row) => row.counted === 1)
      .reduce((sum, row) => sum + row.chargedTokens, 0);
    const granted = 100 * need.tokens;
    const failures = rowsOf(id).filter((row) => row.counted === 2).length;
    expect(failures).toBeGreaterThan(0);
    expect(ledgerOf(id, 'tokens')).toMatchObject({
      sum: granted - charged,
      charged,
      refunded: failures * need.tokens,
      balance: granted - charged,
    });
    provider.script(reply.text('ok', { usage: USED }));
    expect((await send(gateway.url, key, BODY)).status).toBe(200);
  });
});
