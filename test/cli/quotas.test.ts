import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, HELLO } from '../doors/member/ask.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { ntlHere } from './ntl-here.ts';

let gateway: TestGateway;
let mia: { id: string; key: string; keyId: string };

beforeAll(async () => {
  gateway = await startGateway();
  mia = await gateway.member({ planId: 'free' });
  const limit = { scope: 'key', subjectId: mia.keyId, metric: 'tokens', windowSeconds: 60 };
  await gateway.admin('PUT', '/limits', { ...limit, amount: 5_000 });
  const day = { scope: 'member', subjectId: mia.id, metric: 'cost', windowSeconds: 86_400 };
  await gateway.admin('PUT', '/limits', { ...day, amount: 2_500_000 });
  await gateway.post('/v1/chat/completions', HELLO, { key: mia.key });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const ntl = (words: string) => ntlHere([...words.split(' '), '--data-dir', gateway.dataDir]);

describe('ntl quotas', () => {
  it('shows what the key itself sees', async () => {
    const [table, json] = await Promise.all([
      ntl('quotas --key test --member Mia'),
      ntl('quotas --key test --json'),
    ]);
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).toMatch(/^MODEL +TYPE +NOW +PLAN'S +BY PLAN\n/);
    expect(table.stdout).toMatch(/ntl\/echo +RPM +60 +60 +free 60, pro 600, enterprise 6,000\n/);
    expect(table.stdout).toMatch(/ntl\/echo +TPM +5,000 +no limit +–\n/);
    const seen = await ask(gateway, '/openapi/v1/user/quota/list', { key: mia.key });
    expect(JSON.parse(json.stdout).data).toEqual(seen.body.data);
  });

  it('shows those of the owner unless told, by part of a model and type', async () => {
    expect((await ntl('quotas echo --type rpm')).stdout).toMatch(/ntl\/echo +RPM +6,000 +6,000/);
    const none = await ntl('quotas claude');
    expect(none).toMatchObject({ code: 0, stdout: 'No limit by the minute holds for such a model.\n' });
    expect(await ntl('quotas --member Nobody')).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('ntl limits show', () => {
  it('shows how full the limits of a member and its keys are', async () => {
    const { stdout, code } = await ntl('limits show mia');
    expect(code).toBe(0);
    expect(stdout).toMatch(/plan +all +requests +minute +1 +60 +1 at \d{4}-/);
    expect(stdout).toMatch(/member +all +cost +day +\$0\.00 +\$2\.50 +–/);
    expect(stdout).toMatch(/key test \(ntl_live_\w{6}…\) +all +tokens +minute +\d+ +5,000/);
  });
});

describe('ntl changes', () => {
  it('names a member that made itself a key', async () => {
    const other = await gateway.member({ name: 'Noor' });
    await ask(gateway, '/tenant/keys', { method: 'POST', key: other.key, body: { name: 'laptop' } });
    expect((await ntl('changes --limit 1')).stdout).toMatch(
      /the member +key\.create +key \d+ \(laptop\) +new/,
    );
  });
});
