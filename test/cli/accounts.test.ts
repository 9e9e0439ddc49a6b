import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { runNtl } from './run-ntl.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

function ntl(words: string) {
  return runNtl([...words.split(' '), '--data-dir', gateway.dataDir]);
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
    expect(shown.stdout).toMatch(/ntl_live_\w{6}… +laptop +Owner +pay_per_token .* live until /);
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

describe('ntl blocks and plans', () => {
  it('blocks a range, lists it and lifts it', async () => {
    const added = await runNtl([
      'blocks',
      'add',
      '10.9.0.0/16',
      '--reason',
      'too many',
      '--expires',
      '2h',
      '--data-dir',
      gateway.dataDir,
    ]);
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect((await ntl('blocks list')).stdout).toMatch(/^10\.9\.0\.0\/16 .* too many$/m);
    expect(JSON.parse((await ntl('blocks list --json')).stdout).data).toEqual(await list('/ip-blocks'));
    expect(await ntl('blocks remove 10.9.0.0/16')).toMatchObject({ code: 2, stdout: '' });
    expect(await ntl('blocks remove 10.9.0.0/16 --yes')).toMatchObject({ code: 0 });
    expect(await list('/ip-blocks')).toEqual([]);
    const refused = await ntl('blocks add nowhere');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('(cidr)');
  });

  it('lists plans with their limits', async () => {
    expect((await ntl('plans list')).stdout).toMatch(
      /^free +Free +\$0\.00 +50 +7 days +60 requests per minute$/m,
    );
    expect(JSON.parse((await ntl('plans list --json')).stdout).data).toEqual(await list('/plans'));
  });
});
