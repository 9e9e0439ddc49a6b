import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startGateway } from '../../support/gateway.ts';
import { until } from '../../support/until.ts';

const ECHO = { model: 'ntl/echo', messages: [{ role: 'user', content: 'hi' }] };

describe('the storage', () => {
  it('is told: folder, size, rows, backups', async () => {
    await using gateway = await startGateway();
    for (let count = 0; count < 3; count++) await gateway.post('/v1/chat/completions', ECHO);
    const rows = await gateway.rows();
    const { body } = await gateway.admin('GET', '/storage');
    expect(body).toMatchObject({
      ...{ dataDir: gateway.dataDir, requestRows: 3, oldestRequestAt: rows.at(-1).at },
      ...{ restoring: null, restartsItself: false },
    });
    expect(body.databaseBytes).toBeGreaterThan(4_096);
  });

  it('has a backup more after one was asked for', async () => {
    await using gateway = await startGateway();
    const made = await gateway.admin('POST', '/backups');
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ id: expect.stringMatching(/^\d{8}T\d{6}\.\d{3}Z$/), replaced: false });
    expect(made.body.bytes).toBeGreaterThan(4_096);
    const { backups } = (await gateway.admin('GET', '/storage')).body;
    expect(backups[0]).toEqual(made.body);
  });
});

describe('a restore', () => {
  it('waits for the next start where the host cannot start again, and keeps what was there', async () => {
    await using gateway = await startGateway();
    const { body: backup } = await gateway.admin('POST', '/backups');
    await gateway.admin('POST', '/members', { name: 'Later' });
    const restored = await gateway.admin('POST', `/backups/${backup.id}/restore`);
    expect(restored.body).toEqual({ restarting: false });
    expect((await gateway.admin('GET', '/storage')).body.restoring).toBe(backup.id);
    expect((await gateway.admin('GET', '/changes')).body.data[0]).toMatchObject({
      ...{ action: 'backup.restore', subject: `backup:${backup.id}` },
    });

    await gateway.restart();
    const names = async () =>
      (await gateway.admin('GET', '/members')).body.data.map(({ name }: { name: string }) => name);
    expect(await names()).toEqual(['Owner']);
    const { backups, restoring } = (await gateway.admin('GET', '/storage')).body;
    expect(restoring).toBeNull();
    expect((await gateway.admin('GET', '/status')).body.notices).toMatchObject([{ kind: 'backup_restored' }]);
    expect((await gateway.admin('GET', '/changes')).body.data).toMatchObject([
      { actor: 'start', action: 'backup.restored', subject: `backup:${backup.id}` },
    ]);

    const aside = backups.find(({ replaced }: { replaced: boolean }) => replaced);
    await gateway.admin('POST', `/backups/${aside.id}/restore`);
    await gateway.restart();
    expect(await names()).toEqual(['Owner', 'Later']);
  });

  it('can be taken back before the start', async () => {
    await using gateway = await startGateway();
    const { body: backup } = await gateway.admin('POST', '/backups');
    await gateway.admin('POST', '/members', { name: 'Later' });
    await gateway.admin('POST', `/backups/${backup.id}/restore`);
    expect((await gateway.admin('DELETE', '/storage/restore')).status).toBe(204);
    expect((await gateway.admin('DELETE', '/storage/restore')).status).toBe(404);
    await gateway.restart();
    expect((await gateway.admin('GET', '/members')).body.data).toHaveLength(2);
  });

  it('asks the host for a start once the answer has left', async () => {
    let asked = 0;
    await using gateway = await startGateway({ restart: () => asked++ });
    const { body: backup } = await gateway.admin('POST', '/backups');
    const answer = await gateway.admin('POST', `/backups/${backup.id}/restore`);
    expect(answer.body).toEqual({ restarting: true });
    await until('the start', () => asked === 1);
    const inside = await gateway.gateway.app.inject({
      ...{ method: 'POST', url: `/admin/api/backups/${backup.id}/restore`, remoteAddress: 'in-process' },
    });
    expect(inside.json()).toEqual({ restarting: true });
    await until('the second start', () => asked === 2);
  });

  it('is refused for a backup that is not there or broken', async () => {
    await using gateway = await startGateway();
    const { body: backup } = await gateway.admin('POST', '/backups');
    expect((await gateway.admin('POST', '/backups/..%2Fntl/restore')).status).toBe(404);
    writeFileSync(join(gateway.dataDir, 'backups', `ntl-${backup.id}.db`), 'not a database '.repeat(1_000));
    const broken = await gateway.admin('POST', `/backups/${backup.id}/restore`);
    expect([broken.status, broken.body.error.code]).toEqual([409, 'conflict']);
    rmSync(join(gateway.dataDir, 'backups'), { recursive: true });
    expect((await gateway.admin('POST', `/backups/${backup.id}/restore`)).status).toBe(404);
    expect((await gateway.admin('GET', '/storage')).body).toMatchObject({ restoring: null, backups: [] });
  });
});
