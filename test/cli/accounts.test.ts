import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { ntlHere } from './ntl-here.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

function ntl(words: string) {
  return ntlHere([...words.split(' '), '--data-dir', gateway.dataDir]);
}

async function list(path: string) {
  return (await gateway.admin('GET', path)).body.data;
}

async function member(name: string) {
  return (await list('/members')).find((candidate: { name: string }) => candidate.name === name);
}

describe('ntl members', () => {
  it('adds, changes, suspends, activates, grants and removes', async () => {
    const added = await ntl(
      'members add Mia --email mia@example.org --plan Free --allow-models ntl/echo --allow-ips 10.0.0.0/8,::1 --prepaid --no-self-service',
    );
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect(added.stdout).toMatch(/ntl keys create --member \d+/);
    const expected = {
      email: 'mia@example.org',
      planId: 'free',
      status: 'active',
      allowedModels: ['ntl/echo'],
      allowedIps: ['10.0.0.0/8', '::1'],
      prepaid: true,
      selfService: false,
    };
    expect(await member('Mia')).toMatchObject(expected);

    expect((await ntl('members suspend mia')).stdout).toMatch(/Mia +free +suspended/);
    expect((await ntl('members activate mia')).code).toBe(0);
    expect((await ntl('members update Mia --allow-models all --email none --plan pro')).code).toBe(0);
    expect(await member('Mia')).toMatchObject({
      ...expected,
      email: null,
      planId: 'pro',
      allowedModels: null,
    });

    const granted = await ntl('members grant Mia --tokens 2M --dollars 3.50 --note hello');
    expect(granted).toMatchObject({ code: 0, stdout: 'Mia now has 2.0 M tokens and $3.50.\n' });
    expect((await member('Mia')).balance).toEqual({ tokens: 2_000_000, micros: 3_500_000 });

    const [table, json] = await Promise.all([ntl('members list'), ntl('members list --json')]);
    expect(table.stdout).toMatch(/Owner \(owner\) +enterprise +active/);
    expect(JSON.parse(json.stdout).data).toEqual(await list('/members'));

    expect(await ntl('members remove Mia')).toMatchObject({ code: 2, stdout: '' });
    expect(await ntl('members remove Mia --yes')).toMatchObject({ code: 0, stdout: 'Removed Mia.\n' });
    expect(await member('Mia')).toBeUndefined();
  });

  it('shows no control characters of a name', async () => {
    await gateway.admin('POST', '/members', { name: 'Eve\u001b[2J\u202eSpy' });
    const { stdout } = await ntl('members list');
    expect(stdout).toContain('Eve [2J Spy');
    for (const control of ['\u001b', '\u202e']) expect(stdout).not.toContain(control);
  });

  it.concurrent.each([
    ['members add X --plan gold', 1, 'There is no plan gold.'],
    ['members add X --email nonsense', 1, 'email'],
    ['members add X --allow-ips everywhere', 1, 'allowedIps'],
    ['members update Owner', 2, 'Say what to change'],
    ['members suspend Nobody', 1, 'There is no member Nobody.'],
    ['members grant Owner', 2, 'Give --tokens, --dollars or both'],
    ['members grant Owner --dollars 1.2345678', 2, 'Give US dollars'],
  ])('%s ends with %i', async (words, code, message) => {
    const refused = await ntl(words);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(message);
    expect(refused.stderr).not.toContain('    at ');
  });
});

describe('ntl keys', () => {
  it('makes a key of the owner that works, and revokes it by its first characters', async () => {
    const made = await ntl('keys create laptop --kind pay_per_token --expires 30d');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const key = /ntl_live_[A-Za-z0-9]{40}/.exec(made.stdout)?.[0] ?? '';
    const [stored] = (await list('/keys')).filter(({ name }: { name: string }) => name === 'laptop');
    expect(stored).toMatchObject({ kind: 'pay_per_token', memberId: (await member('Owner')).id });
    const days = (Date.parse(stored.expiresAt) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThan(30.1);
    const models = { headers: { authorization: `Bearer ${key}` } };
    expect((await fetch(`${gateway.url}/v1/models`, models)).status).toBe(200);

    const shown = await ntl('keys list --member owner');
    expect(shown.stdout).toMatch(/ntl_live_\w{6}… +laptop +Owner +pay_per_token .* never +live until /);
    expect(shown.stdout).not.toContain(key);

    expect(await ntl(`keys revoke ${stored.prefix}`)).toMatchObject({ code: 2, stdout: '' });
    expect(await ntl(`keys revoke ${stored.prefix} --yes`)).toMatchObject({ code: 0, stderr: '' });
    expect((await fetch(`${gateway.url}/v1/models`, models)).status).toBe(401);
    expect((await ntl('keys list')).stdout).toMatch(/laptop .* revoked /);
    const again = await ntl('keys revoke laptop --yes');
    expect(again).toMatchObject({ code: 1, stdout: '' });
  });

  it('makes a key for a member, as JSON', async () => {
    await ntl('members add Robot');
    const made = await ntl('keys create --member Robot --json');
    const key = JSON.parse(made.stdout);
    expect(key).toMatchObject({ memberId: (await member('Robot')).id, kind: 'standard', expiresAt: null });
    expect(key.key).toMatch(/^ntl_live_/);
  });

  it.concurrent.each([
    ['keys create x --member Nobody', 1, 'There is no member Nobody.'],
    ['keys create x --kind golden', 2, 'golden'],
    ['keys create x --expires soon', 2, 'Give a span such as 90s'],
    ['keys revoke 999 --yes', 1, 'There is no key 999.'],
  ])('%s ends with %i', async (words, code, message) => {
    const refused = await ntl(words);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(message);
  });
});

describe('ntl limits', () => {
  it('sets, lists and lifts limits of plans, members and keys', async () => {
    const owner = await member('Owner');
    const set = await Promise.all([
      ntl('limits set plan Pro requests minute 5k'),
      ntl('limits set member owner cost 30d 2.50 --model ntl/echo'),
      ntl('limits set key 1 tokens 24h 1_000_000'),
    ]);
    expect(set.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(set[1]?.stdout).toBe('member owner: $2.50 cost per month for ntl/echo.\n');
    const limits = await list('/limits');
    const cost = {
      scope: 'member',
      subjectId: owner.id,
      model: 'ntl/echo',
      metric: 'cost',
      windowSeconds: 2_592_000,
      amount: 2_500_000,
    };
    expect(limits).toContainEqual(cost);
    expect(limits).toContainEqual({
      ...cost,
      ...{ scope: 'key', subjectId: '1', model: null, metric: 'tokens', windowSeconds: 86_400, amount: 1e6 },
    });

    const [table, json] = await Promise.all([ntl('limits list'), ntl('limits list --json')]);
    expect(table.stdout).toMatch(/^plan +pro +all +requests +minute +5,000$/m);
    expect(table.stdout).toMatch(/^member +Owner +ntl\/echo +cost +month +\$2\.50$/m);
    expect(JSON.parse(json.stdout).data).toEqual(limits);

    const remove = 'limits remove member Owner cost month --model ntl/echo';
    expect(await ntl(remove)).toMatchObject({ code: 2, stdout: '' });
    expect(await ntl(`${remove} --yes`)).toMatchObject({ code: 0, stderr: '' });
    expect(await list('/limits')).not.toContainEqual(cost);
    expect(await ntl(`${remove} --yes`)).toMatchObject({ code: 1, stdout: '' });
  });

  it.concurrent.each([
    ['limits set plan pro requests week 5', 2, 'Give minute, day or month'],
    ['limits set plan pro words day 5', 2, 'words'],
    ['limits set team pro requests day 5', 2, 'team'],
    ['limits set plan pro requests day 2.5', 2, 'Give a whole number'],
    ['limits set member Nobody requests day 5', 1, 'There is no member Nobody.'],
    ['limits set plan pro requests day 5 --model none/such', 1, 'model'],
  ])('%s ends with %i', async (words, code, message) => {
    const refused = await ntl(words);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(message);
  });
});

describe('ntl blocks', () => {
  it('blocks a range, lists it and lifts it', async () => {
    expect((await ntl('blocks list')).stdout).toMatch(/^No address is blocked\. Block one: ntl blocks add /);
    const args = ['--reason', 'too many', '--expires', '2h', '--data-dir', gateway.dataDir];
    const added = await ntlHere(['blocks', 'add', '10.9.0.0/16', ...args]);
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect((await ntl('blocks list')).stdout).toMatch(/^10\.9\.0\.0\/16 .* too many$/m);
    expect(JSON.parse((await ntl('blocks list --json')).stdout).data).toEqual(await list('/ip-blocks'));
    expect(await ntl('blocks remove 10.9.0.0/16')).toMatchObject({ code: 2, stdout: '' });
    expect(await ntl('blocks remove 10.9.0.0/16 --yes')).toMatchObject({ code: 0 });
    expect(await list('/ip-blocks')).toEqual([]);
  });

  it.each(['127.0.0.1', '::1', '127.0.0.9', '0.0.0.0/0', '::/0'])(
    'asks before %s locks this computer out',
    async (cidr) => {
      const asked = await ntl(`blocks add ${cidr}`);
      expect(asked).toMatchObject({ code: 2, stdout: '' });
      expect(asked.stderr).toContain('this computer');
      expect(await list('/ip-blocks')).toEqual([]);
      expect(await ntl(`blocks add ${cidr} --yes`)).toMatchObject({ code: 0, stderr: '' });
      expect(await ntl(`blocks remove ${cidr} --yes`)).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it.each([
    ['blocks add nowhere', 1, '(cidr)'],
    ['blocks add 10.0.0.1 --expires 2020-01-01', 1, 'expiresAt must lie in the future'],
    ['blocks remove 203.0.113.7', 1, 'There is no block 203.0.113.7. All of them: ntl blocks list'],
  ])('%s ends with %i', async (words, code, message) => {
    const refused = await ntl(words);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(message);
  });
});

describe('ntl plans', () => {
  async function plan(id: string) {
    return (await gateway.admin('GET', `/plans/${id}`)).body;
  }

  it('lists plans with their limits', async () => {
    expect((await ntl('plans list')).stdout).toMatch(
      /^free +Free +\$0\.00 +50 +7 days +60 requests per minute$/m,
    );
    expect(JSON.parse((await ntl('plans list --json')).stdout).data).toEqual(await list('/plans'));
  });

  it('adds a plan and changes what is given', async () => {
    const added = await ntl(
      'plans add team --name Team --requests-per-minute 1k --page-size 200 --history-days 90 --price 9.50',
    );
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect(added.stdout).toMatch(/^team +Team +\$9\.50 +200 +90 days +1,000 requests per minute$/m);
    expect(added.stdout).toContain('ntl members update NAME --plan team');
    const facts = { name: 'Team', pageSizeCap: 200, historyDays: 90, priceMicros: 9_500_000 };
    expect(await plan('team')).toMatchObject({ ...facts, requestsPerMinute: 1_000 });

    const changed = await ntl('plans update Team --name Crew --requests-per-minute none --price 0 --json');
    expect(JSON.parse(changed.stdout)).toEqual(await plan('team'));
    expect(await plan('team')).toMatchObject({
      ...facts,
      name: 'Crew',
      priceMicros: 0,
      requestsPerMinute: null,
    });
    expect((await ntl('plans update team --page-size 10')).stdout).toMatch(/ 10 +90 days +none$/m);
  });

  it('gives a plan without facts the usual ones', async () => {
    expect(await ntl('plans add bare --name Bare')).toMatchObject({ code: 0, stderr: '' });
    expect(await plan('bare')).toMatchObject({ pageSizeCap: 100, historyDays: 30, requestsPerMinute: null });
  });

  it.each([
    ['plans add crowd', 2, '--name'],
    ['plans add Crowd! --name x', 1, 'A plan id has small letters'],
    ['plans add free --name x', 1, 'There is a plan free already.'],
    ['plans add crowd --name x --page-size 0', 2, '--page-size'],
    ['plans add crowd --name x --history-days 1.5', 2, 'Give a whole number from 1 to 36,500.'],
    ['plans add crowd --name x --price cheap', 2, 'Give US dollars'],
    ['plans update free', 2, 'Say what to change'],
    ['plans update crowd --price 1', 1, 'There is no plan crowd. All of them: ntl plans list'],
  ])('%s ends with %i', async (words, code, message) => {
    const refused = await ntl(words);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(message);
  });
});
