import { expect, it, onTestFinished } from 'vitest';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { until } from '../support/until.ts';
import { type Running, startServe, TestFolder } from './run-ntl.ts';

async function served() {
  const folder = new TestFolder();
  const gateway = await startServe(folder.path);
  onTestFinished(async () => {
    await gateway[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });
  return { gateway, dataDir: folder.path };
}

/** What the admin API answers, with the token of the start that serves now. */
async function admin(dataDir: string, method: string, path: string, body?: unknown) {
  const { url, adminToken } = readRuntimeFile(dataDir) ?? { url: '', adminToken: '' };
  const answer = await fetch(`${url}/admin/api${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.status === 204 ? null : answer.json();
}

async function restoreFirstBackup(gateway: Running, dataDir: string): Promise<void> {
  const backup = await admin(dataDir, 'POST', '/backups');
  await admin(dataDir, 'POST', '/members', { name: 'Later' });
  expect(await admin(dataDir, 'POST', `/backups/${backup.id}/restore`)).toEqual({ restarting: true });
  await gateway.says('Started again.');
}

it('starts again in the same process, at the same port, with the backup; browsers stay signed in', async () => {
  const { gateway, dataDir } = await served();
  const signedIn = await fetch(readRuntimeFile(dataDir)?.panelUrl ?? '', { redirect: 'manual' });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const before = readRuntimeFile(dataDir);
  await restoreFirstBackup(gateway, dataDir);

  const after = readRuntimeFile(dataDir);
  expect([after?.pid, after?.url]).toEqual([gateway.child.pid, before?.url]);
  expect(after?.adminToken).not.toBe(before?.adminToken);
  const members = await fetch(`${gateway.url}/admin/api/members`, { headers: { cookie } });
  expect((await members.json()).data.map(({ name }: { name: string }) => name)).toEqual(['Owner']);
  expect(gateway.stdout).toMatch(/^!{72}\nThe backup [^!]* is in use now[^!]*\n!{72}$/m);

  const { backups, restartsItself } = await admin(dataDir, 'GET', '/storage');
  expect(restartsItself).toBe(true);
  const aside = backups.find(({ replaced }: { replaced: boolean }) => replaced);
  await admin(dataDir, 'POST', `/backups/${aside.id}/restore`);
  await until('the second start', async () => {
    const answer = await admin(dataDir, 'GET', '/members').catch(() => undefined);
    return answer?.data?.length === 2;
  });
  gateway.child.kill('SIGTERM');
  expect(await gateway.ended).toBe(0);
  expect(gateway.stderr).toBe('');
});

it('ends on a signal in the middle of a start', async () => {
  const { gateway, dataDir } = await served();
  const backup = await admin(dataDir, 'POST', '/backups');
  await admin(dataDir, 'POST', `/backups/${backup.id}/restore`);
  gateway.child.kill('SIGTERM');
  expect(await gateway.ended).toBe(0);
  expect(readRuntimeFile(dataDir)).toBeNull();
});
