import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';
import { Running, runNtl } from './run-ntl.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
  await gateway.admin('POST', '/members', { name: 'Mia' });
  await ask('ntl/echo');
  await ask('no-such-model');
});
afterAll(() => gateway[Symbol.asyncDispose]());

function ntl(words: string) {
  return runNtl([...words.split(' '), '--data-dir', gateway.dataDir]);
}

function ask(model: string) {
  return gateway.post('/v1/chat/completions', {
    model,
    messages: [{ role: 'user', content: 'hello there' }],
  });
}

describe('ntl requests', () => {
  it('lists the audit log, newest first, and filters it', async () => {
    const [all, refused, ok, member, json] = await Promise.all([
      ntl('requests'),
      ntl('requests --status refused'),
      ntl('requests --status 200 --model ntl/echo --since 1h --limit 5'),
      ntl('requests --member Mia'),
      ntl('requests --json'),
    ]);
    const lines = all.stdout.trim().split('\n');
    expect(lines[0]).toMatch(/^TIME +STATUS +MEMBER/);
    expect(lines[1]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +400 unknown_model +Owner/);
    expect(lines[2]).toMatch(/ 200 .*Owner .* ntl\/echo .* \d+ +\d+ +\$0\.0000 +\d+ ms$/);
    expect(refused.stdout.trim().split('\n')).toHaveLength(2);
    expect(ok.stdout.trim().split('\n')).toHaveLength(2);
    expect(member.stdout).toBe('No requests.\n');
    expect(JSON.parse(json.stdout).data).toEqual(await gateway.rows());
  });

  it('exports to a file of the owner alone, and to standard output', async () => {
    const file = join(gateway.dataDir, 'audit.csv');
    const written = await ntl(`requests export --format csv --out ${file}`);
    expect(written).toMatchObject({ code: 0, stdout: `Written to ${file}.\n` });
    const csv = readFileSync(file, 'utf8').trim().split('\r\n');
    expect(csv[0]).toMatch(/^id,at,requestId,/);
    expect(csv).toHaveLength(1 + (await gateway.rows()).length);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);

    const again = await ntl(`requests export --format csv --out ${file}`);
    expect(again).toMatchObject({ code: 2, stdout: '' });

    const jsonl = await ntl('requests export --format jsonl --status ok');
    const rows = jsonl.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toEqual((await gateway.rows()).filter(({ status }) => status === 200));
  });

  it('follows new ones that match', async () => {
    await using following = new Running([
      'requests',
      '--follow',
      '--model',
      'ntl/echo',
      '--json',
      '--data-dir',
      gateway.dataDir,
    ]);
    await until('the rows of before', () => following.stdout.includes('\n'));
    await ask('no-such-model');
    await ask('ntl/echo');
    const newest = await until('the new row', async () => {
      const row = (await gateway.rows())[0];
      return following.stdout.includes(row.requestId) && row;
    });
    const rows = following.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.at(-1)).toEqual(newest);
    expect(rows.map(({ model }) => model)).toEqual(rows.map(() => 'ntl/echo'));
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  it('ends when the gateway ends', async () => {
    await using other = await startGateway();
    await using following = new Running(['requests', '--follow', '--data-dir', other.dataDir]);
    await following.says('STATUS');
    await other.gateway.stop();
    expect(await following.ended).toBe(1);
    expect(following.stderr).toBe('The gateway has ended.\n');
  });

  it.concurrent.each([
    ['requests --status maybe', 2, 'Give a status such as 429'],
    ['requests --since yesterday', 2, 'Give a span'],
    ['requests --member Nobody', 1, 'There is no member Nobody.'],
    ['requests export', 2, '--format'],
    ['requests export --format csv --out /nowhere/audit.csv', 1, 'ENOENT'],
  ])('%s ends with %i', async (words, code, message) => {
    const refused = await ntl(words);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(message);
  });
});

describe('ntl usage', () => {
  it('sums up by model, and by day and member', async () => {
    const [model, day, json] = await Promise.all([
      ntl('usage'),
      ntl('usage --by day,member --since 2d'),
      ntl('usage --by hour --json'),
    ]);
    expect(model.stdout).toMatch(/^ntl\/echo +\d+ +0 +0 /m);
    expect(model.stdout).toMatch(/^Total +\d+ /m);
    expect(day.stdout).toMatch(/^DAY +MEMBER +REQUESTS/);
    expect(day.stdout).toMatch(/^\d{4}-\d\d-\d\d +Owner +\d+/m);
    expect(JSON.parse(json.stdout)).toMatchObject({
      data: [{ start: expect.any(String) }],
      totals: { failed: 0 },
    });
    const refused = await ntl('usage --by week');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('ntl alerts, changes, settings and status', () => {
  it('lists alerts and marks them as seen', async () => {
    expect((await ntl('alerts')).stdout).toBe('No alerts.\n');
    for (let tries = 0; tries < 30; tries += 1) {
      await gateway.post('/v1/chat/completions', {}, { key: `ntl_live_${'x'.repeat(40)}` });
    }
    await until('the alert', async () => (await gateway.admin('GET', '/alerts')).body.data.length > 0);
    expect((await ntl('alerts --unseen --mark-seen')).stdout).toMatch(/ new +Many wrong API keys/);
    expect((await ntl('alerts --unseen')).stdout).toBe('No alerts.\n');
    expect(JSON.parse((await ntl('alerts --json')).stdout).data).toHaveLength(1);
    expect(await ntl('alerts --limit some')).toMatchObject({ code: 2, stdout: '' });
  });

  it('shows and changes settings, and tells what was changed', async () => {
    expect((await ntl('settings')).stdout).toMatch(/^retention-days +365 days$/m);
    expect((await ntl('settings default-model ntl/echo')).stdout).toBe('default-model  ntl/echo\n');
    expect((await ntl('settings retentionDays 30')).code).toBe(0);
    const metrics = await ntl('settings metrics on --json');
    expect(JSON.parse(metrics.stdout)).toEqual({
      defaultModel: 'ntl/echo',
      retentionDays: 30,
      metrics: true,
    });
    expect((await ntl('settings default-model none')).code).toBe(0);
    expect((await ntl('changes')).stdout).toMatch(
      /token +settings\.update +settings +retentionDays: 365 → 30$/m,
    );
    expect(JSON.parse((await ntl('changes --limit 1 --json')).stdout).data).toHaveLength(1);
  });

  it.concurrent.each([
    ['settings colour', 2, 'There is no setting colour.'],
    ['settings metrics maybe', 2, 'Give on or off.'],
    ['settings retention-days long', 2, 'Give a whole number'],
    ['settings default-model no-such', 1, '(defaultModel)'],
    ['changes --since never', 2, 'Give a span'],
  ])('%s ends with %i', async (words, code, message) => {
    const refused = await ntl(words);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(message);
  });

  it('tells how the running gateway is', async () => {
    const [status, json, elsewhere] = await Promise.all([
      ntl('status'),
      ntl('status --json'),
      runNtl(['status', '--json', '--data-dir', join(gateway.dataDir, 'none')]),
    ]);
    expect(status).toMatchObject({ code: 0, stderr: '' });
    expect(status.stdout).toContain(gateway.gateway.vault.protection);
    expect(status.stdout).toMatch(/^Control panel +http\S+ticket=/m);
    expect(JSON.parse(json.stdout)).toMatchObject({ pid: process.pid, addresses: [gateway.url] });
    expect(elsewhere.code).toBe(1);
    expect(JSON.parse(elsewhere.stdout)).toMatchObject({ running: false });
  });
});
