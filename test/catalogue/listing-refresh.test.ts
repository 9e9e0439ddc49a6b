import { describe, expect, it } from 'vitest';
import { listingRefresh } from '../../gateway/catalogue/listing-refresh.ts';
import { type AdminApp, openAdmin } from '../doors/admin/admin-app.ts';
import { recorder } from '../providers/upstream-setup.ts';

const DAY = 86_400_000;
const never = new AbortController().signal;

async function withProvider(answer: unknown, status = 200) {
  const admin = await openAdmin();
  const server = await recorder((response) => response.writeHead(status).end(JSON.stringify(answer)));
  const { body } = await admin.call('POST', '/providers', {
    name: 'P',
    kind: 'vllm',
    baseUrl: server.origin,
  });
  const refresh = listingRefresh(admin.parts);
  return { ...admin, server, id: Number(body.id), refresh };
}

async function use({ parts }: AdminApp, id: number): Promise<void> {
  const provider = parts.providers.get(id);
  if (provider !== undefined) await parts.upstreams.of(provider);
}

describe('listings', () => {
  it('of providers in use are asked for again, once a day at most', async () => {
    const admin = await withProvider({ data: [{ id: 'm', max_model_len: 4_096 }] });
    const { refresh, server, clock, parts, id } = admin;
    await refresh(never);
    expect(server.seen).toEqual([]);

    await use(admin, id);
    await refresh(never);
    await refresh(never);
    expect(server.seen).toHaveLength(1);
    expect(parts.listed.of(id, 'm')).toEqual({ contextWindow: 4_096 });

    clock.now += DAY - 1;
    await refresh(never);
    expect(server.seen).toHaveLength(1);
    clock.now += 1;
    await refresh(never);
    expect(server.seen).toHaveLength(2);
    // Somebody looked at them meanwhile.
    clock.now += DAY / 2;
    await admin.call('POST', `/providers/${id}/test`);
    clock.now += DAY / 2;
    await refresh(never);
    expect(server.seen).toHaveLength(3);
  });

  it('that fail are left alone for a day, too, and leave what was known', async () => {
    const admin = await withProvider({ error: 'down' }, 503);
    const { refresh, server, clock, parts, id } = admin;
    parts.listed.note(id, [{ id: 'm', facts: { contextWindow: 9 } }], clock.wall() - DAY);
    await use(admin, id);
    await refresh(never);
    await refresh(never);
    expect(server.seen).toHaveLength(1);
    expect(parts.listed.of(id, 'm')).toEqual({ contextWindow: 9 });
  });

  it('of providers that are off, or after the end, are not asked for', async () => {
    const admin = await withProvider({ data: [] });
    const { refresh, server, id } = admin;
    await use(admin, id);
    await refresh(AbortSignal.abort());
    await admin.call('PATCH', `/providers/${id}`, { enabled: false });
    await use(admin, id);
    await refresh(never);
    expect(server.seen).toEqual([]);
  });
});

it('a credential that a listing is refused with is told to the owner, once', async () => {
  const admin = await withProvider({}, 401);
  await use(admin, admin.id);
  await admin.refresh(never);
  admin.clock.now += DAY;
  await admin.refresh(never);
  admin.store.commits.flush();
  const { alerts } = admin.parts.alerts.list({
    ...{ from: 0, to: Number.MAX_SAFE_INTEGER, limit: 10, offset: 0, unseenOnly: true },
  });
  expect(alerts.map(({ kind, message }) => [kind, message])).toEqual([
    ['provider_credential', expect.stringContaining('P refused the stored credential (401) when its models')],
  ]);
});
