import { describe, expect, it } from 'vitest';
import { openAdmin } from './admin-app.ts';

const PRO = { scope: 'plan', subjectId: 'pro', metric: 'tokens', windowSeconds: 86_400 } as const;

describe('limits', () => {
  it('are set one by one, and set again in place', async () => {
    const { call, parts } = await openAdmin();
    const set = await call('PUT', '/limits', { ...PRO, amount: 1_000 });
    expect(set.status).toBe(200);
    expect(set.body).toEqual({ ...PRO, model: null, amount: 1_000 });
    await call('PUT', '/limits', { ...PRO, model: null, amount: 2_000 });
    await call('PUT', '/limits', { ...PRO, model: 'ntl/echo', amount: 5 });
    expect(parts.limits.of('plan', 'pro')).toHaveLength(3);
    const found = await call('GET', '/limits?scope=plan&subjectId=pro&metric=tokens');
    expect(found.body.data.map(({ amount }: { amount: number }) => amount).sort()).toEqual([2_000, 5].sort());
    expect((await call('GET', '/limits?model=ntl%2Fecho')).body.pagination.total).toBe(1);
    expect((await call('GET', '/limits')).body.pagination.total).toBe(5);
  });

  it('are lifted by the fields they were set with, in body or query', async () => {
    const { call, parts } = await openAdmin();
    await call('PUT', '/limits', { ...PRO, amount: 1_000 });
    await call('PUT', '/limits', { ...PRO, model: 'ntl/echo', amount: 5 });
    expect((await call('DELETE', '/limits', { ...PRO, amount: 1_000 })).status).toBe(204);
    expect(parts.limits.find({ ...PRO, model: null })).toBeUndefined();
    expect((await call('DELETE', '/limits', PRO)).status).toBe(404);
    const query = 'scope=plan&subjectId=pro&metric=tokens&windowSeconds=86400&model=ntl%2Fecho';
    expect((await call('DELETE', `/limits?${query}`)).status).toBe(204);
    expect(parts.limits.find({ ...PRO, model: 'ntl/echo' })).toBeUndefined();
    expect((await call('DELETE', '/limits')).body.error).toMatchObject({
      code: 'invalid_request',
      param: 'scope',
    });
  });

  it.each([
    [{ ...PRO, subjectId: 'gold', amount: 1 }, 'subjectId'],
    [{ ...PRO, scope: 'member', subjectId: '77', amount: 1 }, 'subjectId'],
    [{ ...PRO, scope: 'key', subjectId: 'x', amount: 1 }, 'subjectId'],
    [{ ...PRO, scope: 'group', amount: 1 }, 'scope'],
    [{ ...PRO, model: 'nobody', amount: 1 }, 'model'],
    [{ ...PRO, windowSeconds: 3_600, amount: 1 }, 'windowSeconds'],
    [{ ...PRO, metric: 'words', amount: 1 }, 'metric'],
    [{ ...PRO, amount: -1 }, 'amount'],
    [{ ...PRO, amount: 1.5 }, 'amount'],
    [PRO, 'amount'],
    [{ ...PRO, amount: 1, window: 60 }, 'window'],
  ])('are refused as %j', async (body, param) => {
    const { call, parts } = await openAdmin();
    const refused = await call('PUT', '/limits', body);
    expect([refused.status, refused.body.error.param]).toEqual([400, param]);
    expect(parts.limits.list()).toHaveLength(3);
  });
});

describe('ip blocks', () => {
  it('are added, hold at once, and are lifted', async () => {
    const { call, parts } = await openAdmin();
    const now = parts.clock.wall();
    const added = await call('POST', '/ip-blocks', { cidr: '10.1.0.0/16', reason: 'noise' });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({ cidr: '10.1.0.0/16', reason: 'noise', expiresAt: null });
    expect(parts.blocks.blocks('10.1.2.3', now)).toBe(true);
    expect((await call('DELETE', `/ip-blocks/${added.body.id}`)).status).toBe(204);
    expect(parts.blocks.blocks('10.1.2.3', now)).toBe(false);

    await call('POST', '/ip-blocks', { cidr: '2001:db8::/32' });
    expect((await call('DELETE', '/ip-blocks', { cidr: '2001:db8::/32' })).status).toBe(204);
    await call('POST', '/ip-blocks', { cidr: '10.2.0.1' });
    expect((await call('DELETE', '/ip-blocks?cidr=10.2.0.1')).status).toBe(204);
    expect((await call('GET', '/ip-blocks')).body.data).toEqual([]);
    expect((await call('DELETE', '/ip-blocks', { cidr: '10.2.0.1' })).status).toBe(404);
    expect((await call('DELETE', '/ip-blocks')).body.error.param).toBe('cidr');
    expect((await call('DELETE', '/ip-blocks/5')).status).toBe(404);
  });

  it('end by themselves', async () => {
    const { call, clock } = await openAdmin();
    const expiresAt = new Date(clock.wall() + 60_000).toISOString();
    expect((await call('POST', '/ip-blocks', { cidr: '10.0.0.1', expiresAt })).body.expiresAt).toBe(
      expiresAt,
    );
    clock.now += 60_000;
    expect((await call('GET', '/ip-blocks')).body.data).toEqual([]);
  });

  it.each([
    [{ cidr: 'home' }, 'cidr'],
    [{ cidr: '10.0.0.0/40' }, 'cidr'],
    [{}, 'cidr'],
    [{ cidr: '10.0.0.1', expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
  ])('are refused as %j', async (body, param) => {
    const { call } = await openAdmin();
    expect((await call('POST', '/ip-blocks', body)).body.error).toMatchObject({
      code: 'invalid_request',
      param,
    });
  });
});
