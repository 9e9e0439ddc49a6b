import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { until } from '../support/until.ts';
import { ntlHere } from './ntl-here.ts';

let gateway: TestGateway;
let provider: Provider;

beforeAll(async () => {
  gateway = await startGateway();
  provider = await startProvider();
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
});

function ntl(words: string) {
  return ntlHere([...words.split(' '), '--data-dir', gateway.dataDir]);
}

function ask(model: string, key?: string) {
  const body = { model, messages: [{ role: 'user', content: 'hello there' }] };
  return gateway.post('/v1/chat/completions', body, key === undefined ? {} : { key });
}

/** The cells of the lines that begin so. */
function cells(text: string, start: string): string[] {
  const line = text.split('\n').find((candidate) => candidate.startsWith(start)) ?? '';
  return line.split(/ {2,}/);
}

describe('on a new gateway, each says what it is for or what to do', () => {
  it.each([
    ['usage', /^No requests since \d{4}-\d\d-\d\d \d\d:00\. .*--since 90d/],
    ['alerts', /^No alerts\. They tell of wrong keys/],
    ['alerts --unseen --since 1h', /^No new alerts in this time\./],
    ['changes', /^Nothing was changed yet\. /],
    ['changes --since 1h', /^Nothing was changed in this time\.$/m],
    ['settings', /^Change one: ntl settings NAME VALUE/m],
    ['status', /^Add a provider: ntl providers add openai/m],
  ])('%s', async (words, message) => {
    const run = await ntl(words);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(message);
  });
});

describe('ntl usage', () => {
  beforeAll(async () => {
    await gateway.publish(provider, ['gpt-4o'], { name: 'Work' });
    for (const model of ['ntl/echo', 'ntl/echo', 'gpt-4o', 'no-such-model']) await ask(model);
    await ask('ntl/echo', `ntl_live_${'y'.repeat(40)}`);
  });

  it('sums up by model, and says in which units and since when', async () => {
    const { stdout } = await ntl('usage');
    expect(stdout).toMatch(/^Since \d{4}-\d\d-\d\d \d\d:00\. INPUT to CHARGED are tokens/);
    const titles = cells(stdout, 'MODEL');
    expect(titles.slice(0, 4)).toEqual(['MODEL', 'ADMITTED', 'FAILED', 'REFUSED']);
    expect(cells(stdout, 'ntl/echo').slice(0, 4)).toEqual(['ntl/echo', '2', '0', '0']);
    expect(cells(stdout, 'no-such-model').slice(0, 4)).toEqual(['no-such-model', '0', '0', '1']);
    expect(cells(stdout, 'not read').slice(0, 4)).toEqual(['not read', '0', '0', '1']);
    expect(cells(stdout, 'Total').slice(0, 4)).toEqual(['Total', '3', '0', '2']);
  });

  it('sums up by day and member, and names whom nobody knows', async () => {
    const { stdout } = await ntl('usage --by day,member --since 2d');
    expect(stdout).toMatch(/^DAY +MEMBER +ADMITTED/m);
    expect(stdout).toMatch(/^\d{4}-\d\d-\d\d +Owner +3 +0 +1 /m);
    expect(stdout).toMatch(/^\d{4}-\d\d-\d\d +nobody known +0 +0 +1 /m);
  });

  it('tells the built-in echo from requests without a provider, where it can', async () => {
    const [both, alone] = await Promise.all([ntl('usage --by model,provider'), ntl('usage --by provider')]);
    expect(both.stdout).toMatch(/^ntl\/echo +built in +2 /m);
    expect(both.stdout).toMatch(/^gpt-4o +Work +1 /m);
    expect(both.stdout).toMatch(/^no-such-model +none +0 /m);
    expect(alone.stdout).toMatch(/^built in or none +2 +0 +2 /m);
  });

  it('is JSON where asked, and refuses a grouping that is none', async () => {
    expect(JSON.parse((await ntl('usage --by hour --json')).stdout)).toMatchObject({
      data: [{ start: expect.any(String) }],
      totals: { requests: 3, refused: 2, failed: 0 },
    });
    expect(await ntl('usage --by week')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('ntl alerts', () => {
  it('lists alerts, says what to do, and marks them as seen', async () => {
    for (let tries = 0; tries < 30; tries += 1) await ask('ntl/echo', `ntl_live_${'x'.repeat(40)}`);
    await until('the alert', async () => (await gateway.admin('GET', '/alerts')).body.data.length > 0);
    const { stdout } = await ntl('alerts');
    expect(stdout).toMatch(/ new +Many wrong API keys/);
    expect(stdout).toContain('Mark these as seen: ntl alerts --mark-seen');
    expect((await ntl('status')).stdout).toContain('See the alerts: ntl alerts');
    expect((await ntl('alerts --unseen --mark-seen')).stdout).toMatch(/^Marked 1 as seen\.$/m);
    expect((await ntl('alerts --unseen')).stdout).toMatch(/^No new alerts\./);
    expect(JSON.parse((await ntl('alerts --json')).stdout).data).toHaveLength(1);
    for (const limit of ['some', '0']) {
      expect(await ntl(`alerts --limit ${limit}`)).toMatchObject({ code: 2, stdout: '' });
    }
  });
});

describe('ntl settings', () => {
  it('shows and changes settings', async () => {
    expect((await ntl('settings')).stdout).toMatch(/^retention-days +365 days +how long/m);
    expect((await ntl('settings default-model ntl/echo')).stdout).toMatch(/^default-model +ntl\/echo /m);
    expect((await ntl('settings metrics')).stdout).toMatch(/^metrics +off /m);
    expect((await ntl('settings port')).stdout).toMatch(/^port +usual \(now \d+\) /m);
    const metrics = await ntl('settings metrics on --json');
    expect(JSON.parse(metrics.stdout)).toMatchObject({ defaultModel: 'ntl/echo', metrics: true });
    expect((await ntl('settings default-model none')).stdout).toMatch(/^default-model +none /m);
  });

  it('turns Ollama’s API on, and says whose key counts and which port', async () => {
    expect((await ntl('settings ollama on')).stdout).toMatch(/^ollama +on /m);
    const { ollamaKeyId } = (await gateway.admin('GET', '/settings')).body;
    expect((await ntl('settings ollama-key-id')).stdout).toMatch(
      new RegExp(`^ollama-key-id +${ollamaKeyId} `, 'm'),
    );
    const port = await freePort();
    expect((await ntl(`settings ollama-port ${port}`)).stdout).toMatch(
      new RegExp(`^ollama-port +${port} `, 'm'),
    );
    expect((await ntl('status')).stdout).toMatch(
      new RegExp(`^Ollama’s API +${gateway.url}, http://127.0.0.1:${port}$`, 'm'),
    );
    expect((await ntl('settings ollama-key-id none')).stdout).toMatch(/^ollama-key-id +none /m);
    expect((await ntl('settings ollama off')).stdout).toMatch(/^ollama +off /m);
    expect((await ntl('settings ollama-port')).stdout).toMatch(
      new RegExp(`^ollama-port +${port} \\(off\\) `, 'm'),
    );
  });

  it('asks before a shorter retention deletes requests', async () => {
    const asked = await ntl('settings retention-days 30');
    expect(asked).toMatchObject({ code: 2, stdout: '' });
    expect(asked.stderr).toContain('older than 30 days will be deleted');
    expect((await gateway.admin('GET', '/settings')).body.retentionDays).toBe(365);
    expect(await ntl('settings retentionDays 30 --yes')).toMatchObject({ code: 0, stderr: '' });
    expect((await gateway.admin('GET', '/settings')).body.retentionDays).toBe(30);
    expect(await ntl('settings retention-days 90')).toMatchObject({ code: 0, stderr: '' });
  });

  it.concurrent.each([
    ['settings colour', 2, 'There is no setting colour.'],
    ['settings metrics maybe', 2, 'metrics cannot be "maybe". Give on or off.'],
    ['settings retention-days long', 2, 'retention-days cannot be "long". Give a whole number from 1'],
    ['settings retention-days 0', 2, 'Give a whole number from 1 to 36,500.'],
    ['settings default-model no-such', 1, 'There is no model no-such. All of them: ntl models list'],
    ['changes --since never', 2, 'Give a span'],
    ['settings port 70000', 2, 'port cannot be "70000"'],
    ['backups restore yesterday', 1, 'There is no backup yesterday. All of them: ntl backups list'],
  ])('%s ends with %i', async (words, code, message) => {
    const refused = await ntl(words);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(message);
  });
});

describe('ntl changes', () => {
  async function newest(): Promise<string> {
    return (await ntl('changes --limit 1')).stdout.split('\n')[1] ?? '';
  }

  it('tells who changed what, from what to what, in the words people type', async () => {
    const member = (await gateway.admin('POST', '/members', { name: 'Mia' })).body;
    expect(await newest()).toMatch(
      new RegExp(`ntl or script +member\\.create +member ${member.id} \\(Mia\\) +new$`),
    );

    await ntl('members update Mia --allow-models ntl/echo');
    expect(await newest()).toMatch(/allowedModels: all → ntl\/echo$/);
    await ntl('members grant Mia --tokens 2M --dollars 3.50');
    expect(await newest()).toMatch(/granted 2\.0 M tokens and \$3\.50$/);
    await ntl('limits set member Mia cost day 2.50');
    expect(await newest()).toMatch(/\$2\.50 cost per day$/);
    await ntl('limits set member Mia cost day 5');
    expect(await newest()).toMatch(/\$2\.50 cost per day → \$5\.00 cost per day$/);
    await ntl('limits remove member Mia cost day --yes');
    expect(await newest()).toMatch(/\$5\.00 cost per day, lifted$/);
    await ntl('plans update free --price 1.50 --requests-per-minute none');
    expect(await newest()).toMatch(
      /plan free \(Free\) +priceMicros: \$0\.00 → \$1\.50, requestsPerMinute: 60 → no limit$/,
    );
    await ntl('models update gpt-4o --price-input 2 --price-output 10');
    expect(await newest()).toMatch(/model gpt-4o +price: as in the catalogue → \$2\.00 in and \$10\.00 out$/);
    await ntl('members remove Mia --yes');
    expect(await newest()).toMatch(/member\.delete +member \d+ \(Mia\) +removed$/);
    expect(JSON.parse((await ntl('changes --limit 1 --json')).stdout).data).toHaveLength(1);
  });
});

describe('ntl pause, resume and backups', () => {
  it('pause, say so, and serve again', async () => {
    expect((await ntl('pause')).stdout).toMatch(/^Paused\. Serve again: ntl resume/);
    expect((await ntl('status')).stdout).toMatch(/^Paused\. /);
    expect((await ask('ntl/echo')).body.error.code).toBe('paused');
    expect((await ntl('resume')).stdout).toBe('Inference is served again.\n');
    expect((await ask('ntl/echo')).status).toBe(200);
  });

  it('make a backup and put it back at the next start', async () => {
    const [, id = ''] = /^Made (\S+), \d+/.exec((await ntl('backups create')).stdout) ?? [];
    expect((await ntl('backups list')).stdout).toContain(id);
    expect((await ntl(`backups restore ${id}`)).stderr).toContain('add --yes');
    expect((await ntl(`backups restore ${id} --yes`)).stdout).toContain('at its next start');
    expect((await gateway.admin('DELETE', '/storage/restore')).status).toBe(204);
  });
});

describe('ntl status', () => {
  it('tells how the running gateway is', async () => {
    const [status, json, elsewhere] = await Promise.all([
      ntl('status'),
      ntl('status --json'),
      ntlHere(['status', '--json', '--data-dir', join(gateway.dataDir, 'none')]),
    ]);
    expect(status).toMatchObject({ code: 0, stderr: '' });
    expect(status.stdout).toContain(gateway.gateway.vault.protection);
    expect(status.stdout).toMatch(/^Control panel +http\S+ticket=/m);
    expect(JSON.parse(json.stdout)).toMatchObject({ pid: process.pid, addresses: [gateway.url] });
    expect(elsewhere.code).toBe(1);
    expect(JSON.parse(elsewhere.stdout)).toMatchObject({ running: false });
  });
});
