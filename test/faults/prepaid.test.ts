import { describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { launchGateway } from './gateway-process.ts';
import { seededRandom } from './random.ts';
import { type Answer, dataFolder, MESSAGES, query, releaseAll, send, tally, times } from './support.ts';

/** A prepaid balance is spent once: by a hundred at a time, over restarts, kills and wrong estimates. */

const SENT = 100;
const MULTIPLIER = 3;
const OUTPUT = 40;
/** Of one output. */
const OUTPUT_CHARGE = MULTIPLIER * OUTPUT;
const CHAT = { model: 'gpt-4o', max_tokens: OUTPUT, messages: MESSAGES };

interface Ledger {
  granted: number;
  charged: number;
  sum: number;
  balance: number;
  lowest: number;
  entries: number;
}

function ledgerOf(dataDir: string, memberId: string): Ledger {
  const [ledger] = query<Ledger>(
    dataDir,
    `WITH entries AS (SELECT *, sum(tokens) OVER (ORDER BY id) AS after FROM ledger_entries WHERE member_id = ${memberId})
     SELECT sum(iif(kind = 'grant', tokens, 0)) AS granted, -sum(iif(kind = 'grant', 0, tokens)) AS charged,
       sum(tokens) AS sum, min(after) AS lowest, count(*) AS entries,
       (SELECT tokens FROM balances WHERE member_id = ${memberId}) AS balance
     FROM entries`,
  );
  return ledger as Ledger;
}

/** By the number of the audit row's request. */
function chargesOf(dataDir: string): Map<string, number> {
  const rows = query<{ id: Buffer; tokens: number }>(
    dataDir,
    `SELECT r.request_id AS id, -sum(l.tokens) AS tokens FROM ledger_entries l JOIN requests r ON r.id = l.request GROUP BY r.id`,
  );
  return new Map(rows.map(({ id, tokens }) => [id.toString('hex'), tokens]));
}

/** What answers told of their charge is what the ledger holds. */
function expectTold(dataDir: string, answers: readonly Answer[]): void {
  const charges = chargesOf(dataDir);
  const told = answers.filter(({ text }) => text.includes('charged_quota_tokens'));
  const tokens = told.map(({ text }) => Number(/"charged_quota_tokens":(\d+)/.exec(text)?.[1]));
  expect(told.map(({ requestId }) => charges.get(requestId.replaceAll('-', '')) ?? 0)).toEqual(tokens);
}

function expectSound(dataDir: string, memberId: string): Ledger {
  const ledger = ledgerOf(dataDir, memberId);
  expect(ledger.balance).toBe(ledger.sum);
  expect(ledger.lowest).toBeGreaterThanOrEqual(-OUTPUT_CHARGE);
  return ledger;
}

const streamed = (index: number) =>
  index % 2 === 0 ? { ...CHAT, stream: true, stream_options: { include_usage: true } } : CHAT;

async function publish(gateway: TestGateway, provider: Provider) {
  await gateway.publish(provider, ['gpt-4o']);
  expect((await gateway.admin('PATCH', '/models/gpt-4o', { multiplier: MULTIPLIER })).status).toBe(200);
}

async function prepaid(gateway: TestGateway, tokens: number) {
  const member = await gateway.member({ prepaid: true, planId: 'enterprise' });
  expect((await gateway.admin('POST', `/members/${member.id}/grants`, { tokens })).status).toBe(201);
  return member;
}

/** What a request holds, and is charged where it uses all of that. */
async function measure(gateway: TestGateway, provider: Provider): Promise<{ input: number; charge: number }> {
  const { key } = await prepaid(gateway, 1_000_000);
  provider.script(reply.gated(reply.text('ok')));
  const before = provider.requests.length;
  const probe = send(gateway.url, key, CHAT);
  await until('the probe', () => provider.requests[before]);
  const [row] = query<{ charged: number; input: number }>(
    gateway.dataDir,
    'SELECT charged_tokens AS charged, input_tokens AS input FROM requests ORDER BY id DESC LIMIT 1',
  );
  releaseAll(provider);
  await probe;
  return { input: row?.input ?? 0, charge: row?.charged ?? 0 };
}

describe(`${SENT} concurrent spends of a balance for 10`, () => {
  it('spend it once, and what each was told is what it was charged', async () => {
    await using provider = await startProvider();
    await using gateway = await startGateway();
    await publish(gateway, provider);
    const { input, charge } = await measure(gateway, provider);
    const { id, key } = await prepaid(gateway, 10 * charge);

    provider.script(reply.gated(reply.text('ok', { usage: { input, output: OUTPUT } })));
    const before = provider.requests.length;
    let refused = 0;
    const answers = times(SENT, async (index) => {
      const answer = await send(gateway.url, key, streamed(index));
      if (answer.status === 402) refused++;
      return answer;
    });
    await until('all', () => provider.requests.length - before + refused === SENT);
    releaseAll(provider);
    const all = await Promise.all(answers);
    expect(tally(all)).toEqual({ 200: 10, '402 insufficient_balance': 90 });
    expect(expectSound(gateway.dataDir, id)).toMatchObject({ charged: 10 * charge, balance: 0, entries: 11 });
    expectTold(gateway.dataDir, all);
  });

  it('spend it once across restarts', async () => {
    await using provider = await startProvider();
    await using gateway = await startGateway();
    await publish(gateway, provider);
    const { input, charge } = await measure(gateway, provider);
    const { id, key } = await prepaid(gateway, 10 * charge);
    let served = 0;
    for (let round = 0; round < 3; round++) {
      provider.script(reply.gated(reply.text('ok', { usage: { input, output: OUTPUT } })));
      const before = provider.requests.length;
      const answers = times(4, (index) => send(gateway.url, key, streamed(index)));
      const admitted = Math.min(4, 10 - served);
      await until('those that are covered', () => provider.requests.length - before === admitted);
      const restarted = gateway.restart();
      releaseAll(provider);
      await restarted;
      const all = await Promise.all(answers);
      served += tally(all)[200] ?? 0;
      expectTold(gateway.dataDir, all);
    }
    expect(served).toBe(10);
    expect(expectSound(gateway.dataDir, id)).toMatchObject({ charged: 10 * charge, balance: 0 });
    expect((await send(gateway.url, key, CHAT)).status).toBe(402);
  });

  it('do not take it below zero by more than one output, however wrong the estimate was', async () => {
    await using provider = await startProvider();
    await using gateway = await startGateway();
    await publish(gateway, provider);
    const used = { input: 1_800, output: OUTPUT };
    const charge = MULTIPLIER * (used.input + used.output);
    const { id, key } = await prepaid(gateway, 10 * charge);
    provider.script(reply.text('ok', { usage: used }));
    const all = await Promise.all(times(SENT, (index) => send(gateway.url, key, streamed(index))));
    const { balance } = expectSound(gateway.dataDir, id);
    expect(balance).toBeLessThanOrEqual(0);
    expectTold(gateway.dataDir, all);
    expect((await send(gateway.url, key, CHAT)).status).toBe(402);
  });

  it('do so where nobody bounds the answer, too; the last one may use up the rest', async () => {
    await using provider = await startProvider();
    await using gateway = await startGateway();
    await publish(gateway, provider);
    // The default of 4,096 output tokens is more than there is.
    const { id, key } = await prepaid(gateway, 2_000);
    provider.script(reply.gated(reply.text('ok', { usage: { input: 10, output: OUTPUT } })));
    const { max_tokens: _, ...unbounded } = CHAT;
    const before = provider.requests.length;
    const running = send(gateway.url, key, unbounded);
    await until('the first', () => provider.requests.length > before);
    expect(tally(await Promise.all(times(9, () => send(gateway.url, key, unbounded))))).toEqual({
      '402 insufficient_balance': 9,
    });
    releaseAll(provider);
    expect((await running).status).toBe(200);
    expect(expectSound(gateway.dataDir, id)).toMatchObject({ charged: MULTIPLIER * (10 + OUTPUT) });
  });
});

describe('kill -9', () => {
  it('at random instants charges each request once, and nobody more than the balance', {
    timeout: 120_000,
  }, async () => {
    const random = seededRandom(402);
    const dataDir = dataFolder();
    await using provider = await startProvider();
    let member = { id: '', key: '' };
    let charge = 0;
    let input = 0;
    {
      await using setup = await startGateway({ dataDir });
      await publish(setup, provider);
      ({ charge, input } = await measure(setup, provider));
      member = await prepaid(setup, 60 * charge);
    }
    const answers: Answer[] = [];
    let served = 0;
    for (let run = 0; run < 8; run++) {
      // Some answers are held back, so that requests run when the kill comes.
      const full = reply.text('ok', { usage: { input, output: OUTPUT } });
      provider.script(full, full, reply.gated(full), reply.status(500), full);
      const gateway = await launchGateway().open({ dataDir });
      let left = 1 + random.below(14);
      const sending = times(SENT, async (index) => {
        const answer = await send(gateway.url, member.key, streamed(index)).catch(() => undefined);
        if (answer === undefined) return;
        answers.push(answer);
        if (answer.status === 200) served++;
        left--;
        // Refusals may all come first; what was served is what is looked at.
        if (left <= 0 && served > 0) gateway.process.kill('SIGKILL');
      });
      await Promise.all(sending);
      await gateway.kill();
      releaseAll(provider);
    }
    const last = await launchGateway().open({ dataDir });
    await last.stop();

    const ledger = expectSound(dataDir, member.id);
    // Nothing was used beyond its hold, so nothing went below zero.
    expect(ledger.lowest).toBeGreaterThanOrEqual(0);
    expect(ledger.charged).toBeLessThanOrEqual(60 * charge);
    expect(served).toBeGreaterThan(0);
    expect(ledger.charged).toBeGreaterThanOrEqual(served * charge);
    expectTold(dataDir, answers);
    const twice = query(
      dataDir,
      `SELECT request FROM ledger_entries WHERE kind = 'charge' GROUP BY request HAVING count(*) > 1`,
    );
    expect(twice).toEqual([]);
    const owed = query(
      dataDir,
      `SELECT r.id FROM requests r WHERE r.paid_from = 1 AND r.status <> 502
         AND r.charged_tokens <> (SELECT -ifnull(sum(tokens), 0) FROM ledger_entries WHERE request = r.id)`,
    );
    expect(owed).toEqual([]);
  });
});
