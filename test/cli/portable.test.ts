import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { DEFAULT_CREDENTIAL, startProvider } from '../support/provider/provider.ts';
import { ntlHere } from './ntl-here.ts';
import { TestFolder } from './run-ntl.ts';

const CHAT = { model: 'gpt-4o', messages: [{ role: 'user', content: 'a word nobody else says' }] };

const ntl = (dataDir: string, ...words: string[]) => ntlHere([...words, '--data-dir', dataDir]);

/** What people would miss after a move, as the API tells it. */
async function told(gateway: TestGateway) {
  const of = async (path: string) => (await gateway.admin('GET', path)).body.data;
  return {
    members: await of('/members'),
    keys: await of('/keys'),
    plans: await of('/plans'),
    models: await of('/models'),
    limits: await of('/limits?scope=member&subjectId=2'),
    ledger: await of('/members/2/ledger'),
    usage: await of('/usage?step=total&groupBy=member,model'),
    requests: await of('/requests'),
  };
}

it('a team moves to another computer, and its keys go on working', async () => {
  await using provider = await startProvider();
  using folder = new TestFolder();
  const file = join(folder.path, 'team.jsonl');
  const target = join(folder.path, 'box');
  let key = '';
  let before: Awaited<ReturnType<typeof told>> | undefined;
  {
    await using source = await startGateway();
    await source.publish(provider, ['gpt-4o'], { name: 'Lab' });
    const mia = await source.member({ name: 'Mia', prepaid: true, allowedIps: ['127.0.0.0/8'] });
    await source.admin('POST', `/members/${mia.id}/grants`, { tokens: 1_000_000, note: 'for a start' });
    const limit = { metric: 'requests', windowSeconds: 86_400, amount: 2, model: null };
    await source.admin('PUT', '/limits', { scope: 'member', subjectId: mia.id, ...limit });
    expect((await source.post('/v1/chat/completions', CHAT, { key: mia.key })).status).toBe(200);
    key = mia.key;
    before = await told(source);
    const exported = await ntl(source.dataDir, 'export', file, '--audit');
    expect([exported.code, exported.stderr]).toEqual([0, '']);
    expect(exported.stdout).toMatch(/2 members, 2 keys, 1 providers, \d+ models, 1 audit rows\./);
    const again = await ntl(source.dataDir, 'export', file);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('is there already')]);
    const running = await ntl(source.dataDir, 'import', file, '--replace');
    expect([running.code, running.stderr]).toEqual([1, expect.stringContaining('already running')]);
  }
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, 'utf8');
  for (const secret of [key, DEFAULT_CREDENTIAL, 'a word nobody else says'])
    expect(text).not.toContain(secret);

  const imported = await ntl(target, 'import', file);
  expect([imported.code, imported.stderr]).toEqual([0, '']);
  expect(imported.stdout).toContain('These providers need their credential again: Lab.');

  await using moved = await startGateway({ dataDir: target });
  expect(await told(moved)).toEqual(before);
  expect((await moved.admin('GET', '/providers')).body.data[0].hasCredential).toBe(false);
  await moved.admin('PATCH', '/providers/1', { credential: DEFAULT_CREDENTIAL });
  expect((await moved.post('/v1/chat/completions', CHAT, { key })).status).toBe(200);
  // What was used before the move counts on: the limit is two a day.
  expect((await moved.post('/v1/chat/completions', CHAT, { key })).body.error.code).toBe('quota_day');
}, 60_000);

it('says what is wrong with a file, or with its name', async () => {
  using folder = new TestFolder();
  const missing = await ntl(folder.path, 'import', join(folder.path, 'nothing.jsonl'));
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('There is no file')]);
  const empty = await ntl(folder.path, 'export', join(folder.path, 'team.jsonl'));
  expect([empty.code, empty.stderr]).toEqual([1, expect.stringContaining('There is no gateway')]);
  const strange = await ntl(folder.path, 'import', import.meta.filename);
  expect([strange.code, strange.stderr]).toEqual([1, expect.stringContaining('no export of NoTokenLimit')]);
});
