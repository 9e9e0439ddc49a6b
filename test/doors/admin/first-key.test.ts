import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startGateway } from '../../support/gateway.ts';
import { openAdmin } from './admin-app.ts';

it('is shown until it is dismissed, and works on', async () => {
  await using gateway = await startGateway();
  const { body } = await gateway.admin('GET', '/first-key');
  expect(body).toEqual({ key: gateway.key, prefix: expect.stringMatching(/^ntl_live_\w+$/) });
  expect(gateway.key.startsWith(body.prefix)).toBe(true);
  expect((await gateway.admin('DELETE', '/first-key')).status).toBe(204);
  expect((await gateway.admin('GET', '/first-key')).body).toEqual({ key: null, prefix: null });
  const list = await fetch(`${gateway.url}/v1/models`, { headers: { 'x-api-key': gateway.key } });
  expect(list.status).toBe(200);
});

it('is gone after a start, and on no disk before', async () => {
  await using gateway = await startGateway();
  await gateway.admin('GET', '/first-key');
  const files = readdirSync(gateway.dataDir, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(files.length).toBeGreaterThan(2);
  for (const { parentPath, name } of files) {
    expect(readFileSync(join(parentPath, name), 'latin1')).not.toContain(gateway.key);
  }
  await gateway.restart();
  expect((await gateway.admin('GET', '/first-key')).body).toEqual({ key: null, prefix: null });
});

it('is not shown once it was revoked', async () => {
  const { call } = await openAdmin();
  await call('DELETE', '/keys/1');
  expect((await call('GET', '/first-key')).body).toEqual({ key: null, prefix: null });
});
