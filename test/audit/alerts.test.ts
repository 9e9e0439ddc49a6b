import { describe, expect, it, onTestFinished } from 'vitest';
import { IpBlocks } from '../../gateway/accounts/ip-blocks.ts';
import { Keys } from '../../gateway/accounts/keys.ts';
import { Members } from '../../gateway/accounts/members.ts';
import type { Alert } from '../../gateway/audit/alert-log.ts';
import { Alerts } from '../../gateway/audit/alerts.ts';
import { LiveEvents } from '../../gateway/audit/events.ts';
import { Books, outcome, used } from '../quotas/books.ts';
import { tempDir } from '../store/support.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

async function openAlerts() {
  const books = await Books.open(tempDir());
  onTestFinished(() => books.close());
  const { store, names, clock } = books;
  const members = new Members(store.db);
  const keys = new Keys(store.db);
  const blocks = new IpBlocks(store.db);
  const events = new LiveEvents();
  const told: Alert[] = [];
  const errors: unknown[] = [];
  events.subscribe((event) => event.type === 'alert' && told.push(event.data));
  const open = () =>
    new Alerts({
      ...{ store, names, keys, blocks, events },
      rolledUpTo: () => books.settings.get('rolled_up_to'),
      memberName: (id) => members.get(id)?.name,
      providerName: (id) => (id === 1 ? 'Ollama' : undefined),
      wall: () => clock.wall(),
      onError: (error) => errors.push(error),
    });
  const member = members.create({
    ...{ name: 'Mia', email: null, status: 'active', planId: 'pro', allowedModels: null, allowedIps: null },
    ...{ prepaid: false, selfService: true, owner: false, createdAt: 0 },
  });
  const { key } = keys.create({
    memberId: member.id,
    name: 'laptop',
    kind: 'standard',
    expiresAt: null,
    now: 0,
  });
  const alerts = open();

  /** What stands in the table, once everything is written. */
  function listed(from: Alerts = alerts): Alert[] {
    store.commits.flush();
    return from.list({ from: 0, to: Number.MAX_SAFE_INTEGER, limit: 100, offset: 0, unseenOnly: false })
      .alerts;
  }
  return { books, clock, alerts, blocks, members, keys, key, told, errors, open, listed };
}

describe('a key used from a new address', () => {
  it('is told once, but not for its first address ever', async () => {
    const { alerts, key, clock, listed, told } = await openAlerts();
    const use = (address: string) =>
      alerts.keyUsedFrom({ memberId: 1, keyId: key.id, address, at: clock.wall() });
    use('10.0.0.1');
    expect(listed()).toEqual([]);
    use('10.0.0.2');
    use('10.0.0.2');
    use('::ffff:10.0.0.2');
    use('10.0.0.1');
    expect(listed()).toMatchObject([
      {
        kind: 'new_address',
        memberId: 1,
        keyId: key.id,
        address: '10.0.0.2',
        at: clock.wall(),
        seenAt: null,
      },
    ]);
    expect(listed()[0]?.message).toContain(`Key laptop (${key.prefix}…) was used from 10.0.0.2`);
    await Promise.resolve();
    expect(told).toEqual(listed());
  });

  it('is remembered over a restart', async () => {
    const { alerts, key, clock, listed, open } = await openAlerts();
    const use = (from: Alerts, address: string) =>
      from.keyUsedFrom({ memberId: 1, keyId: key.id, address, at: clock.wall() });
    use(alerts, '10.0.0.1');
    use(alerts, '10.0.0.2');
    listed();
    const restarted = open();
    use(restarted, '10.0.0.2');
    use(restarted, '10.0.0.1');
    expect(listed(restarted)).toHaveLength(1);
    use(restarted, '10.0.0.3');
    expect(listed(restarted)).toHaveLength(2);
  });

  it('is no news where it is this computer', async () => {
    const { alerts, key, clock, listed } = await openAlerts();
    for (const address of ['10.0.0.1', '127.0.0.1', '::1', '::ffff:127.0.0.1', 'in-process']) {
      alerts.keyUsedFrom({ memberId: 1, keyId: key.id, address, at: clock.wall() });
    }
    expect(listed()).toEqual([]);
  });

  it('is news after this computer', async () => {
    const { alerts, key, clock, listed } = await openAlerts();
    for (const address of ['127.0.0.1', '192.168.1.7']) {
      alerts.keyUsedFrom({ memberId: 1, keyId: key.id, address, at: clock.wall() });
    }
    expect(listed()).toMatchObject([{ address: '192.168.1.7' }]);
  });

  it('does not fail the request when it cannot be written', async () => {
    const { alerts, key, clock, errors, books } = await openAlerts();
    books.store.db.exec('DROP TABLE key_addresses');
    alerts.keyUsedFrom({ memberId: 1, keyId: key.id, address: '10.0.0.1', at: clock.wall() });
    expect(errors).toHaveLength(1);
  });
});

describe('a burst of refused keys', () => {
  it('is told and blocks its address for fifteen minutes', async () => {
    const { alerts, blocks, clock, listed } = await openAlerts();
    for (let count = 0; count < 19; count++) alerts.refusedKey('10.0.0.9', clock.wall() + count);
    expect(blocks.blocks('10.0.0.9', clock.wall())).toBe(false);
    alerts.refusedKey('10.0.0.9', clock.wall() + 19);
    expect(blocks.blocks('10.0.0.9', clock.wall() + 20)).toBe(true);
    expect(blocks.blocks('10.0.0.8', clock.wall() + 20)).toBe(false);
    for (let count = 0; count < 50; count++) alerts.refusedKey('10.0.0.9', clock.wall() + 30);
    expect(listed()).toMatchObject([{ kind: 'refused_keys', address: '10.0.0.9' }]);
    expect(listed()[0]?.message).toContain('blocked for 15 minutes');
    expect(blocks.blocks('10.0.0.9', clock.wall() + 19 + 15 * MINUTE)).toBe(false);
  });

  it('is none when the refusals lie apart, or come from many addresses', async () => {
    const { alerts, blocks, clock, listed } = await openAlerts();
    for (let count = 0; count < 60; count++) alerts.refusedKey('10.0.0.9', clock.wall() + count * 3_200);
    for (let count = 0; count < 60; count++) alerts.refusedKey(`10.0.1.${count}`, clock.wall());
    expect(listed()).toEqual([]);
    expect(blocks.list()).toEqual([]);
  });

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', 'in-process'])(
    'from %s is told but blocks nothing',
    async (address) => {
      const { alerts, blocks, clock, listed } = await openAlerts();
      for (let count = 0; count < 100; count++) alerts.refusedKey(address, clock.wall() + count);
      expect(blocks.list()).toEqual([]);
      expect(listed()).toHaveLength(1);
      expect(listed()[0]?.message).not.toContain('blocked');
    },
  );

  it('leaves the owner’s own block of the address as it is', async () => {
    const { alerts, blocks, clock, listed } = await openAlerts();
    blocks.add({ cidr: '10.0.0.9', reason: 'mine', expiresAt: null, createdAt: 0 });
    for (let count = 0; count < 20; count++) alerts.refusedKey('10.0.0.9', clock.wall());
    expect(blocks.list()).toMatchObject([{ reason: 'mine', expiresAt: null }]);
    expect(listed()).toHaveLength(1);
  });

  it('is noticed among more addresses than are remembered', async () => {
    const { alerts, blocks, clock } = await openAlerts();
    for (let round = 0; round < 20; round++) {
      for (let other = 0; other < 300; other++)
        alerts.refusedKey(`2001:db8:${round}:${other}::1`, clock.wall());
      alerts.refusedKey('10.0.0.9', clock.wall());
    }
    expect(blocks.blocks('10.0.0.9', clock.wall())).toBe(true);
  });
});

describe('a failing provider', () => {
  it('is told at its third failure in a row, and again only after it was well', async () => {
    const { alerts, listed } = await openAlerts();
    const fail = (times: number) => {
      for (let count = 0; count < times; count++) alerts.providerFailing(1, 'It refused the connection.');
    };
    fail(2);
    alerts.providerWell(1);
    fail(2);
    expect(listed()).toEqual([]);
    fail(20);
    expect(listed()).toMatchObject([
      { kind: 'provider_failing', message: 'Provider Ollama keeps failing. It refused the connection.' },
    ]);
    alerts.providerWell(1);
    fail(3);
    expect(listed()).toHaveLength(2);
  });
});

describe('unusual volume', () => {
  async function use(books: Books, keyId: number, times: number): Promise<void> {
    await Promise.all(
      Array.from({ length: times }, async () => {
        const row = await books.log.open(books.facts({ keyId }), used({}));
        await books.log.settle(row, outcome(used({})));
      }),
    );
  }

  it('is told once an hour above 200 requests', async () => {
    const { books, alerts, key, clock, listed, open } = await openAlerts();
    clock.now = Math.ceil(clock.now / HOUR) * HOUR;
    await use(books, key.id, 200);
    alerts.check();
    expect(listed()).toEqual([]);
    await books.rollUpAll();
    await use(books, key.id, 1);
    alerts.check();
    alerts.check();
    expect(listed()).toHaveLength(1);
    open().check();
    expect(listed()).toMatchObject([{ kind: 'unusual_volume', keyId: key.id, memberId: 1 }]);
    expect(listed()[0]?.message).toContain('Key laptop sent 201 requests');
    clock.now += HOUR;
    await use(books, key.id, 10);
    alerts.check();
    expect(listed()).toHaveLength(1);
  });

  it('is measured by the busiest hour of the last week', async () => {
    const { books, alerts, key, clock, listed } = await openAlerts();
    clock.now = Math.ceil(clock.now / HOUR) * HOUR;
    await use(books, key.id, 60);
    clock.now += 5 * 24 * HOUR;
    await books.rollUpAll();
    await use(books, key.id, 300);
    alerts.check();
    expect(listed()).toEqual([]);
    await use(books, key.id, 1);
    alerts.check();
    expect(listed()).toHaveLength(1);
    expect(listed()[0]?.message).toContain(
      'Key laptop sent 301 requests within this hour. Its busiest hour in the week before had 60. This is 5 times that.',
    );
  });
});

describe('unusual tokens', () => {
  it('of few requests are told too, in figures', async () => {
    const { books, alerts, key, clock, listed } = await openAlerts();
    clock.now = Math.ceil(clock.now / HOUR) * HOUR;
    const spend = async (inputTokens: number) => {
      const row = await books.log.open(books.facts({ keyId: key.id }), used({}));
      await books.log.settle(row, outcome(used({ inputTokens })));
    };
    for (const tokens of [100_000, 150_000, 500_000]) {
      await spend(tokens);
      clock.now += HOUR;
    }
    await books.rollUpAll();
    await spend(2_500_000);
    alerts.check();
    expect(listed()).toEqual([]);
    await spend(500_000);
    alerts.check();
    expect(listed()[0]?.message).toBe(
      'Key laptop sent 3,000,000 tokens within this hour. Its busiest hour in the week before had 500,000. This is 6 times that, and 20 times an hour that is usual for it (150,000).',
    );
  });
});

describe('a key that is about to expire', () => {
  const DAY = 24 * HOUR;
  it('is told a week and a day before, each once, over restarts too', async () => {
    const { alerts, clock, keys, listed, open } = await openAlerts();
    const expiresAt = clock.wall() + 30 * DAY;
    const made = { memberId: 1, name: 'ci', kind: 'standard', now: clock.wall() } as const;
    const { key } = keys.create({ ...made, expiresAt });
    const about = () => listed().filter(({ kind }) => kind === 'key_expiring');
    alerts.check();
    expect(about()).toEqual([]);
    clock.now = expiresAt - 7 * DAY;
    alerts.check();
    alerts.check();
    about();
    open().check();
    expect(about()).toMatchObject([{ keyId: key.id, memberId: 1 }]);
    expect(about()[0]?.message).toMatch(
      /^Key ci \(ntl_live_.{6}…\) of Mia expires in 7 days, on \d{4}-\d\d-\d\d \d\d:\d\d UTC\./,
    );
    clock.now = expiresAt - DAY;
    alerts.check();
    about();
    open().check();
    expect(about().map(({ message }) => /expires in (\d+ \w+)/.exec(message)?.[1])).toEqual([
      '24 hours',
      '7 days',
    ]);
    clock.now = expiresAt;
    alerts.check();
    expect(about()).toHaveLength(2);
  });

  it('is no news where it was made so, was revoked, or its member is gone', async () => {
    const { alerts, clock, keys, members, listed } = await openAlerts();
    const made = { memberId: 1, kind: 'standard', now: clock.wall() } as const;
    keys.create({ ...made, name: 'short', expiresAt: clock.wall() + 5 * DAY });
    const revoked = keys.create({ ...made, name: 'revoked', expiresAt: clock.wall() + 10 * DAY });
    keys.revoke(revoked.key.id, clock.wall());
    const left = members.create({
      ...{ name: 'Lou', email: null, status: 'active', planId: 'pro', allowedModels: null, allowedIps: null },
      ...{ prepaid: false, selfService: true, owner: false, createdAt: 0 },
    });
    keys.create({ ...made, memberId: left.id, name: 'left', expiresAt: clock.wall() + 10 * DAY });
    members.remove(left.id, clock.wall());
    clock.now += 3.5 * DAY;
    alerts.check();
    expect(listed()).toEqual([]);
    clock.now += DAY;
    alerts.check();
    expect(listed().map(({ message }) => message)).toEqual([expect.stringContaining('short')]);
  });
});

describe('a credential that a provider refuses', () => {
  it('is told at once and once, and again only after it was well', async () => {
    const { alerts, listed, open, books } = await openAlerts();
    const refuse = (by: Alerts) => by.providerFailing(1, 'Ollama refused the stored credential (401).', true);
    refuse(alerts);
    refuse(alerts);
    listed();
    refuse(open());
    expect(listed()).toMatchObject([{ kind: 'provider_credential', providerId: 1, seenAt: null }]);
    alerts.providerWell(1);
    books.store.commits.flush();
    expect(listed()[0]?.seenAt).not.toBeNull();
    refuse(alerts);
    expect(listed()).toHaveLength(2);
  });
});

describe('the list', () => {
  it('is paged, and knows what was seen', async () => {
    const { alerts, clock, listed, books } = await openAlerts();
    for (const id of [1, 2, 3]) for (let count = 0; count < 3; count++) alerts.providerFailing(id, 'x');
    expect(listed().map(({ id }) => id)).toEqual([3, 2, 1]);
    expect(alerts.markSeen(2)?.seenAt).toBe(clock.wall());
    clock.now += 1;
    expect(alerts.markSeen(2)?.seenAt).toBe(clock.wall() - 1);
    expect(alerts.markSeen(9)).toBeUndefined();
    books.store.commits.flush();
    const span = { from: 0, to: Number.MAX_SAFE_INTEGER };
    const unseen = alerts.list({ ...span, limit: 1, offset: 1, unseenOnly: true });
    expect([unseen.total, unseen.alerts.map(({ id }) => id)]).toEqual([2, [1]]);
  });
});
