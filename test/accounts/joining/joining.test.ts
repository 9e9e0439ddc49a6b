import { describe, expect, it, onTestFinished } from 'vitest';
import { AskRate } from '../../../gateway/accounts/joining/ask-rate.ts';
import { Joining, USUAL_TERMS } from '../../../gateway/accounts/joining/joining.ts';
import { Keys } from '../../../gateway/accounts/keys.ts';
import { Members } from '../../../gateway/accounts/members.ts';
import { Limits } from '../../../gateway/quotas/limits.ts';
import { openStore } from '../../../gateway/store/store.ts';
import { ManualClock } from '../../quotas/manual-clock.ts';
import { tempDir } from '../../store/support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function open() {
  const store = await openStore({ dataDir: tempDir() });
  onTestFinished(() => store.close());
  const clock = new ManualClock();
  const { db } = store;
  const parts = { store, clock, members: new Members(db), keys: new Keys(db), limits: new Limits(db) };
  const joining = new Joining(parts);
  const ask = (name: string) => joining.ask({ name, email: null, purpose: null, address: '10.0.0.7' });
  return { ...parts, joining, ask };
}

describe('time', () => {
  it('ends a request that waited 24 hours, and frees the name', async () => {
    const { joining, members, clock, ask } = await open();
    const { request, secret, member } = ask('Anna');
    clock.now += 24 * HOUR - 1;
    expect(joining.find(secret)?.state).toBe('waiting');
    expect(joining.sweep()).toEqual([]);
    clock.now += 1;
    // Also before anybody has swept.
    expect(joining.find(secret)?.state).toBe('unanswered');
    expect(() => joining.approve(request, USUAL_TERMS)).toThrow(/waited too long/);
    expect(joining.sweep()).toMatchObject([{ member: { id: member.id }, request: { state: 'unanswered' } }]);
    expect(joining.sweep()).toEqual([]);
    expect(members.get(member.id)).toBeUndefined();
    expect(joining.find(secret)?.state).toBe('unanswered');
    ask('Anna');
  });

  it('ends an offer after an hour: the member stays, without a key', async () => {
    const { joining, members, keys, clock, ask } = await open();
    const { request, secret, member } = ask('Anna');
    const approved = joining.approve(request, USUAL_TERMS);
    clock.now += HOUR;
    expect(() => joining.collect(approved)).toThrow(/not fetched in time/);
    expect(joining.sweep()).toMatchObject([{ member: null, request: { state: 'uncollected' } }]);
    expect(members.get(member.id)?.status).toBe('active');
    expect(keys.ofMember(member.id)).toEqual([]);
    const again = joining.find(secret);
    if (again === undefined) throw new Error('it is gone');
    joining.offerAgain(again);
    clock.now += HOUR - 1;
    expect(joining.collect(again).plaintext).toMatch(/^ntl_live_/);
  });

  it('forgets what was settled after a week, and nothing before', async () => {
    const { joining, clock, ask } = await open();
    const { request, secret } = ask('Anna');
    joining.refuse(request, 'No.');
    clock.now += 7 * 24 * HOUR;
    joining.sweep();
    expect(joining.find(secret)?.state).toBe('refused');
    clock.now += 2 * 24 * HOUR;
    joining.sweep();
    expect(joining.find(secret)).toBeUndefined();
  });

  it('does not hand out a key that has expired', async () => {
    const { joining, clock, ask } = await open();
    const { request } = ask('Anna');
    const key = { name: 'short', kind: 'standard' as const, expiresAt: clock.wall() + MINUTE };
    const approved = joining.approve(request, { ...USUAL_TERMS, key });
    clock.now += MINUTE;
    expect(() => joining.collect(approved)).toThrow(/expired/);
    expect(() => joining.offerAgain(approved)).toThrow(/expired/);
  });
});

describe('the list', () => {
  it('holds fifty who wait, no more; a place is free again when one is decided', async () => {
    const { joining, ask } = await open();
    const asked = Array.from({ length: 50 }, (_, index) =>
      ask(`Person ${String.fromCodePoint(0x4e00 + index)}`),
    );
    expect(() => ask('One more')).toThrow(/50 people wait/);
    const [first] = asked;
    if (first !== undefined) joining.refuse(first.request, null);
    ask('One more');
  });

  it('takes no name that is there, or that looks like one, whoever it is', async () => {
    const { members, ask } = await open();
    members.create({
      ...{ name: 'Ada Lovelace', email: null, status: 'disabled', planId: 'pro', allowedModels: null },
      ...{ allowedIps: null, prepaid: false, selfService: true, owner: true, createdAt: 1 },
    });
    ask('Anna');
    for (const name of ['Ada Lovelace', 'Anna']) expect(() => ask(name)).toThrow(/has this name already/);
    for (const name of ['ada lovelace', 'ADA LOVELACE', 'AdaLove1ace', 'ΑΝΝΑ', 'anna'])
      expect(() => ask(name)).toThrow(/looks like one/);
  });

  it('knows nobody by a wrong secret', async () => {
    const { joining, ask } = await open();
    const { secret } = ask('Anna');
    for (const wrong of ['', 'x', secret.slice(1), `${secret}x`, secret.toUpperCase()])
      expect(joining.find(wrong)).toBeUndefined();
    expect(joining.find(secret)?.name).toBe('Anna');
  });
});

describe('how often one may ask', () => {
  const rate = () => new AskRate({ size: 3, withinMs: HOUR }, { size: 5, withinMs: HOUR });

  it('is bounded for each address, exactly', () => {
    const asks = rate();
    expect([1, 2, 3].map((now) => asks.take('a', now))).toEqual([0, 0, 0]);
    expect(asks.take('a', 10)).toBe(HOUR - 9);
    expect(asks.take('b', 10)).toBe(0);
    // What was refused counts for nothing.
    expect(asks.take('a', HOUR + 1)).toBe(0);
    expect(asks.take('a', HOUR + 1)).toBe(1);
  });

  it('is bounded for all together', () => {
    const asks = rate();
    for (const address of 'abcde') expect(asks.take(address, 1)).toBe(0);
    expect(asks.take('f', 2)).toBe(HOUR - 1);
    expect(asks.take('f', HOUR + 1)).toBe(0);
  });

  it('holds in bounded memory however many addresses ask', () => {
    const asks = new AskRate({ size: 1, withinMs: HOUR }, { size: 1e9, withinMs: 1 });
    for (let index = 0; index < 10_000; index += 1) expect(asks.take(`2001:db8::${index}`, index)).toBe(0);
    expect(asks.take('2001:db8::9999', 10_000)).toBeGreaterThan(0);
  });
});
