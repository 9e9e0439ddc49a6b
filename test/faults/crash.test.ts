import { expect, test } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import type { RecordedRequest } from '../support/provider/request.ts';
import { launchGateway } from './gateway-process.ts';
import { seededRandom } from './random.ts';
import { sized } from './size.ts';
import { dataFolder, integrityOf, MESSAGES, query, type StoredRow, send, storedRows } from './support.ts';
import { CAPPED_MODEL, type Delivered, startTraffic } from './traffic.ts';

const KILLS = sized(30, 300);
/** Every so many runs the gateway is killed before it listens. */
const KILLED_AT_START = 7;
const EVENTS_BEFORE_KILL = 120;
const DAY_LIMIT = 30;
const GRANT = 10_000_000;

/** A usage that differs from prompt to prompt, so that no two rows can be taken for each other. */
function numberedReply(request: RecordedRequest) {
  const { messages } = request.json as { messages: { content: string }[] };
  const number = Number(/\d+/.exec(messages[0]?.content ?? '')?.[0] ?? 0);
  return reply.text('as you say, and no more', { usage: { input: 100 + number, output: 1 + (number % 50) } });
}

test(`kill -9 at ${KILLS} random instants loses no answered request and admits none too many`, {
  timeout: sized(120_000, 1_200_000),
}, async () => {
  const random = seededRandom(7_411);
  const dataDir = dataFolder();
  await using provider = await startProvider({ models: ['gpt-4o', CAPPED_MODEL] });
  provider.script(numberedReply);
  const { keys, cappedId, prepaidId } = await setUp();
  const delivered: Delivered[] = [];
  let cappedServed = 0;

  let launched = launchGateway();
  for (let run = 1; run <= KILLS; run++) {
    const current = launched;
    launched = launchGateway();
    if (run % KILLED_AT_START === 0) {
      const opening = current.open({ dataDir }).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, random.below(150)));
      await current.kill();
      await opening;
      continue;
    }
    const gateway = await current.open({ dataDir });
    expect(
      storedRows(dataDir).filter((row) => row.status === 0),
      `run ${run}`,
    ).toEqual([]);

    let left = 1 + random.below(EVENTS_BEFORE_KILL);
    const traffic = startTraffic(gateway.url, keys, random, () => {
      left--;
      if (left === 0) gateway.process.kill('SIGKILL');
    });
    await traffic.ended;
    await gateway.kill();
    delivered.push(...traffic.delivered);
    cappedServed += traffic.cappedServed;
  }

  const last = await launched.open({ dataDir });
  const exhausted = await exhaust(last.url, keys.capped);
  await last.stop();

  expect(integrityOf(dataDir)).toBe('ok');
  const rows = storedRows(dataDir);
  expectEveryAnswerAudited(rows);
  expectInterruptedKept(rows);
  expectDayLimitHeld(rows.filter((row) => row.memberId === cappedId));
  expectLedgerTrue(rows.filter((row) => row.memberId === prepaidId));

  async function setUp() {
    await using gateway = await startGateway({ dataDir });
    await gateway.publish(provider, ['gpt-4o', CAPPED_MODEL]);
    const capped = await gateway.member();
    const limit = { metric: 'requests', windowSeconds: 86_400, amount: DAY_LIMIT };
    await gateway.admin('PUT', '/limits', { scope: 'member', subjectId: capped.id, ...limit });
    const prepaid = await gateway.member({ prepaid: true, planId: 'enterprise' });
    await gateway.admin('POST', `/members/${prepaid.id}/grants`, { tokens: GRANT });
    return {
      keys: { free: gateway.key, capped: capped.key, prepaid: prepaid.key },
      cappedId: Number(capped.id),
      prepaidId: Number(prepaid.id),
    };
  }

  /** Sends until the day's limit refuses. @returns how many were served */
  async function exhaust(url: string, key: string): Promise<number> {
    for (let served = 0; served <= DAY_LIMIT; served++) {
      const answer = await send(url, key, { model: CAPPED_MODEL, messages: MESSAGES });
      if (answer.status === 429) return served;
      expect(answer.status).toBe(200);
    }
    throw new Error('the limit never refused');
  }

  function expectEveryAnswerAudited(stored: StoredRow[]): void {
    expect(delivered.length).toBeGreaterThan(KILLS);
    const byRequest = new Map(stored.map((row) => [row.requestId, row]));
    expect(byRequest.size).toBe(stored.length);
    const audited = delivered.map(({ requestId }) => {
      const row = byRequest.get(requestId);
      return row?.status === 200
        ? { requestId, inputTokens: row.inputTokens, outputTokens: row.outputTokens }
        : { requestId, row };
    });
    expect(audited).toEqual(delivered);
  }

  function expectInterruptedKept(stored: StoredRow[]): void {
    const interrupted = stored.filter((row) => row.code === 'interrupted');
    expect(interrupted.length).toBeGreaterThan(0);
    for (const row of interrupted) {
      // max_tokens was 50; the input is an estimate.
      expect(row).toMatchObject({ status: 499, estimated: 1, outputTokens: 50, counted: 1 });
      expect(row.inputTokens).toBeGreaterThan(0);
    }
    expect(stored.filter((row) => ![200, 429, 499].includes(row.status))).toEqual([]);
  }

  function expectDayLimitHeld(stored: StoredRow[]): void {
    expect(stored.filter((row) => row.counted > 0)).toHaveLength(DAY_LIMIT);
    expect(cappedServed + exhausted).toBeLessThanOrEqual(DAY_LIMIT);
    const seen = provider.requests.filter(({ json }) => (json as { model: string }).model === CAPPED_MODEL);
    expect(seen.length).toBeLessThanOrEqual(DAY_LIMIT);
    expect(seen.length).toBeGreaterThanOrEqual(cappedServed + exhausted);
    expect(stored.filter((row) => row.status === 429).length).toBeGreaterThan(0);
  }

  function expectLedgerTrue(stored: StoredRow[]): void {
    const charges = query<{ request: number; tokens: number }>(
      dataDir,
      `SELECT request, tokens FROM ledger_entries WHERE kind = 'charge' ORDER BY request`,
    );
    const paid = stored.filter((row) => row.paidFrom > 0);
    expect(charges).toEqual(paid.map((row) => ({ request: row.id, tokens: -row.chargedTokens })));
    const [balance] = query<{ tokens: number }>(dataDir, 'SELECT tokens FROM balances');
    const spent = paid.reduce((sum, row) => sum + row.chargedTokens, 0);
    expect(balance).toEqual({ tokens: GRANT - spent });
  }
});
