import { expect, onTestFinished, test, vi } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { startProvider } from '../support/provider/provider.ts';
import { until } from '../support/until.ts';
import { launchGateway } from './gateway-process.ts';
import { dataFolder, MESSAGES, query, send, storedRows, tally, times } from './support.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAY_LIMIT = 10;
const SENT = 15;
const CHAT = { model: 'gpt-4o', messages: MESSAGES };

/** `clock`: what the wall clock is off by while the gateway runs. `served`: of 15 requests within a limit of 10. */
const RUNS = [
  { what: 'the right time', clock: 0, served: DAY_LIMIT },
  { what: 'set back by a day', clock: -DAY_MS, served: 0 },
  { what: 'set right again', clock: 0, served: 0 },
  { what: 'set back by a month and more', clock: -40 * DAY_MS, served: 0 },
  { what: 'an hour ahead', clock: HOUR_MS, served: 0 },
  {
    what: 'more than a day ahead, which is as if a day had passed',
    clock: DAY_MS + HOUR_MS,
    served: DAY_LIMIT,
  },
  { what: 'right again, with rows that are dated in the future', clock: 0, served: 0 },
] as const;

test('a clock that is set between restarts never opens a limit early', { timeout: 60_000 }, async () => {
  const dataDir = dataFolder();
  await using provider = await startProvider();
  let member = { id: '', key: '' };
  {
    await using setup = await startGateway({ dataDir });
    await setup.publish(provider, ['gpt-4o']);
    member = await setup.member();
    const limit = { metric: 'requests', windowSeconds: 86_400, amount: DAY_LIMIT };
    await setup.admin('PUT', '/limits', { scope: 'member', subjectId: member.id, ...limit });
  }
  const served: { what: string; served: number }[] = [];
  let next = launchShifted(0);
  for (const [index, { what }] of RUNS.entries()) {
    const gateway = await next.open({ dataDir });
    next = launchShifted(RUNS[index + 1]?.clock ?? 0);
    const answers = await Promise.all(times(SENT, () => send(gateway.url, member.key, CHAT)));
    const counts = tally(answers);
    expect(counts['429 quota_day'], what).toBe(SENT - (counts[200] ?? 0));
    served.push({ what, served: counts[200] ?? 0 });
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    // From here on a start reads the day from its roll-up.
    await until('the roll-up', () => rolledUp(dataDir));
    if (index % 2 === 0) await gateway.kill();
    else await gateway.stop();
  }
  expect(served).toEqual(RUNS.map(({ what, served: expected }) => ({ what, served: expected })));
  // Besides, the provider's models are listed anew once a day.
  const calls = provider.requests.filter(({ method }) => method === 'POST');
  expect(calls).toHaveLength(2 * DAY_LIMIT);
  expect(storedRows(dataDir).filter((row) => row.status === 200)).toHaveLength(2 * DAY_LIMIT);
});

test('a clock that is set while the gateway runs opens no limit and closes none', async () => {
  await using provider = await startProvider();
  await using gateway = await startGateway();
  await gateway.publish(provider, ['gpt-4o']);
  onTestFinished(() => void vi.restoreAllMocks());
  const realNow = Date.now.bind(Date);
  for (const jump of [2 * DAY_MS, -2 * DAY_MS]) {
    const { id, key } = await gateway.member();
    for (const windowSeconds of [60, 86_400, 2_592_000]) {
      const limit = { metric: 'requests', windowSeconds, amount: DAY_LIMIT };
      await gateway.admin('PUT', '/limits', { scope: 'member', subjectId: id, ...limit });
    }
    const burst = () => Promise.all(times(6, () => send(gateway.url, key, CHAT)));
    expect(tally(await burst())).toEqual({ 200: 6 });
    vi.spyOn(Date, 'now').mockImplementation(() => realNow() + jump);
    expect(tally(await burst())).toMatchObject({ 200: 4 });
    vi.restoreAllMocks();
    expect(tally(await burst())[200]).toBeUndefined();
  }
});

test('a clock that is ahead for a while deletes neither history nor what limits count by', {
  timeout: 60_000,
}, async () => {
  const dataDir = dataFolder();
  let member = { id: '', key: '' };
  {
    await using setup = await startGateway({ dataDir });
    member = await setup.member();
    const limit = { metric: 'requests', windowSeconds: 86_400, amount: DAY_LIMIT };
    await setup.admin('PUT', '/limits', { scope: 'member', subjectId: member.id, ...limit });
  }
  const echo = (url: string, key = member.key) => send(url, key, { model: 'ntl/echo', messages: MESSAGES });
  const gateway = await launchShifted(0).open({ dataDir });
  for (let sent = 0; sent < DAY_LIMIT; sent++) expect((await echo(gateway.url)).status).toBe(200);
  await until('the roll-up', () => rolledUp(dataDir));
  await gateway.setClock(4_000 * DAY_MS);
  // Each look of the roll-up deletes, too; the second one comes after the first has ended.
  for (let look = 0; look < 2; look++) {
    await echo(gateway.url, 'ntl_live_of-nobody');
    await until('the next roll-up', () => rolledUp(dataDir));
  }
  await gateway.setClock(0);
  await gateway.stop();
  expect(storedRows(dataDir).filter((row) => row.status === 200)).toHaveLength(DAY_LIMIT);
  const again = await launchShifted(0).open({ dataDir });
  expect(tally([await echo(again.url)])).toEqual({ '429 quota_day': 1 });
  await again.stop();
});

function rolledUp(dataDir: string): boolean {
  const [mark] = query<{ upTo: number; last: number }>(
    dataDir,
    "SELECT (SELECT value FROM settings WHERE key = 'rolled_up_to') AS upTo, max(id) AS last FROM requests",
  );
  return mark !== undefined && Number(mark.upTo) === mark.last;
}

function launchShifted(clock: number) {
  return launchGateway({ preload: ['clock-shift.ts', 'hurry.ts'], env: { CLOCK_SHIFT_MS: String(clock) } });
}
