import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';
import { ntlHere } from './ntl-here.ts';
import { Running } from './run-ntl.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
  await gateway.admin('POST', '/members', { name: 'Mia' });
  await ask('ntl/echo');
  await ask('no-such-model');
});
afterAll(() => gateway[Symbol.asyncDispose]());

function ntl(words: string) {
  return ntlHere([...words.split(' '), '--data-dir', gateway.dataDir]);
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
    expect(lines[0]).toMatch(/^ID +TIME +STATUS +MEMBER/);
    expect(lines[1]).toMatch(
      /^\d+ +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +400 unknown_model +Owner .* no-such-model +–/,
    );
    expect(lines[2]).toMatch(/ 200 .*Owner .* ntl\/echo +built in +\d+ +\d+ +\$0\.0000 +\d+ ms$/);
    expect(refused.stdout.trim().split('\n')).toHaveLength(2);
    expect(ok.stdout.trim().split('\n')).toHaveLength(2);
    expect(member.stdout).toMatch(/^No request matches\. .*--since/);
    expect(JSON.parse(json.stdout).data).toEqual(await gateway.rows());
  });

  it('says when there is more than it shows, and what to do when there is nothing', async () => {
    const { stdout } = await ntl('requests --limit 1');
    const total = (await gateway.rows()).length;
    expect(stdout.trim().split('\n')).toHaveLength(3);
    expect(stdout).toContain(`\nThe newest 1 of ${total}; --limit shows more.\n`);

    await using empty = await startGateway();
    const { stdout: none } = await ntlHere(['requests', '--data-dir', empty.dataDir]);
    expect(none).toContain(`No requests yet. Point a tool at ${empty.url}/v1 with a key: ntl keys create`);
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
    ['requests --limit 0', 2, "'--limit <number>'"],
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
