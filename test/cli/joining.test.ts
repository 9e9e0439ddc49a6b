import { afterAll, beforeAll, expect, it } from 'vitest';
import { fakeBrowser } from '../doors/people/browser.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { ntlHere } from './ntl-here.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const ntl = (...words: string[]) => ntlHere([...words, '--data-dir', gateway.dataDir]);

it('switches joining on, lists who asks, lets one in on terms and turns another away', async () => {
  expect((await ntl('settings', 'joining', 'on')).code).toBe(0);
  expect((await ntl('members', 'requests')).stdout).toBe('Nobody asks to join.\n');
  const [sol, eve] = [fakeBrowser(gateway), fakeBrowser(gateway)];
  await sol.ask('POST', '/join', { name: 'Sol', purpose: 'Cline' });
  await eve.ask('POST', '/join', { name: 'Eve' });
  const listed = await ntl('members', 'requests');
  expect(listed.stdout).toMatch(/Sol +waiting .+127\.0\.0\.1 .+Cline/);

  const terms = [
    '--plan',
    'free',
    '--limit',
    'tokens/day=2M',
    '--limit',
    'cost/month=40',
    '--expires',
    '30d',
  ];
  const approved = await ntl(
    'members',
    'approve',
    'sol',
    ...terms,
    '--kind',
    'standard',
    '--no-self-service',
  );
  expect(approved).toMatchObject({ code: 0, stderr: '' });
  expect(approved.stdout).toMatch(/^Sol is in\. The key can be fetched until /);
  expect((await sol.ask('POST', '/join/key')).status).toBe(201);
  const members = (await gateway.admin('GET', '/members')).body.data;
  const member = members.find(({ name }: { name: string }) => name === 'Sol');
  expect(member).toMatchObject({ status: 'active', planId: 'free', selfService: false, keys: 1 });
  const limits = (await gateway.admin('GET', `/limits?subjectId=${member.id}`)).body.data;
  expect(limits).toMatchObject([
    { metric: 'tokens', windowSeconds: 86_400, amount: 2_000_000 },
    { metric: 'cost', windowSeconds: 2_592_000, amount: 40_000_000 },
  ]);

  expect((await ntl('members', 'refuse', 'Eve', '--say', 'Not now.')).stdout).toBe('Turned Eve away.\n');
  expect((await eve.ask('GET', '/join/state')).body.request).toMatchObject({
    state: 'refused',
    words: 'Not now.',
  });

  expect((await ntl('members', 'offer', 'Sol')).code).toBe(2);
  expect((await ntl('members', 'offer', 'Sol', '--yes')).stdout).toMatch(/^Sol can fetch the key until /);
  expect((await ntl('members', 'approve', 'Nobody')).stderr).toContain('members requests');
  expect((await ntl('members', 'approve', 'Sol', '--limit', 'tokens')).stderr).toContain('tokens/day=2M');
});
