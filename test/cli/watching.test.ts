import { afterAll, beforeAll, expect, it } from 'vitest';
import { recorder } from '../providers/upstream-setup.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { TunnelTools } from '../support/tunnel-tool.ts';
import { until } from '../support/until.ts';
import { ntlHere } from './ntl-here.ts';

const CHAT = { model: 'ntl/echo', messages: [{ role: 'user', content: 'hello' }] };

const tools = new TunnelTools();
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ toolEnvironment: tools.env });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  tools[Symbol.dispose]();
});

const ntl = (words: string) => ntlHere([...words.split(' '), '--data-dir', gateway.dataDir]);

it('names trusted proxies', async () => {
  expect((await ntl('settings trusted-proxies 127.0.0.1,10.0.0.0/8')).stdout).toContain(
    '127.0.0.1, 10.0.0.0/8',
  );
  expect((await ntl('settings trusted-proxy-header Forwarded')).stdout).toContain('forwarded');
  expect(await ntl('settings trusted-proxy-header via')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Give x-forwarded-for or forwarded'),
  });
  expect((await ntl('settings trusted-proxies proxy.local')).stderr).toContain('trustedProxies[0]');
  await ntl('settings trusted-proxy-header x-forwarded-for');
});

it('answers alerts, and takes that back', async () => {
  const mia = await gateway.member({ name: 'Mia' });
  const from = (address: string) =>
    gateway.post('/v1/chat/completions', CHAT, { key: mia.key, headers: { 'x-forwarded-for': address } });
  await from('198.51.100.1');
  await from('203.0.113.9');
  await until('the alert', async () => (await gateway.admin('GET', '/alerts')).body.data.length === 1);
  const { id } = (await gateway.admin('GET', '/alerts')).body.data[0];
  const listed = (await ntl('alerts')).stdout;
  expect(listed).toContain(`ntl alerts answer ${id} fine|block|suspend|revoke`);
  expect((await ntl(`alerts answer ${id} unblock`)).stderr).toContain(
    `cannot be answered with unblock. There are: fine, block, suspend, revoke.`,
  );
  expect((await ntl(`alerts answer ${id} revoke`)).stderr).toContain('cannot be brought back');
  expect((await ntl(`alerts answer ${id} block`)).stdout).toContain('Its address is blocked');
  expect((await from('203.0.113.9')).status).toBe(403);
  expect((await ntl(`alerts answer ${id} fine`)).stderr).toContain('is settled already');
  expect((await ntl(`alerts undo ${id}`)).stdout).toBe('The alert is open again.\n');
  expect((await from('203.0.113.9')).status).toBe(200);
  expect((await ntl(`alerts delete ${id}`)).stdout).toBe('The alert is deleted.\n');
  expect((await ntl(`alerts delete ${id}`)).code).toBe(1);
});

it('sends alerts to an address, and tries it out', async () => {
  const receiver = await recorder();
  expect((await ntl('alerts webhook')).stdout).toContain('Alerts are sent nowhere.');
  expect((await ntl('alerts webhook http://hooks.example.com')).stderr).toContain('must begin with https://');
  const set = await ntl(`alerts webhook ${receiver.origin}/a --test`);
  expect(set.stdout).toMatch(/shown this once: whsec_\S+\n[\s\S]*It was taken \(200\)\./);
  expect((await ntl('alerts webhook')).stdout).not.toContain('whsec_');
  expect((await ntl('alerts webhook off')).stdout).toBe('Alerts are sent nowhere.\n');
  expect(receiver.seen).toHaveLength(1);
});

it('opens a tunnel, allows a key for it, and closes it', async () => {
  expect((await ntl('tunnel')).stdout).toContain('Install cloudflared, tailscale or ngrok to open one.');
  expect((await ntl('tunnel start')).stderr).toContain('is not installed');
  tools.install('cloudflared');
  expect((await ntl('tunnel')).stdout).toContain('Found: cloudflared.');
  const opened = await ntl('tunnel start --hours 2');
  expect(opened.stdout).toContain('Open at https://made-up-words-here.trycloudflare.com until ');
  expect(opened.stdout).toContain('https://made-up-words-here.trycloudflare.com/cursor/v1');
  expect(opened.stdout).toContain('No key may come through it.');
  const { stdout: made } = await ntl('keys create cursor');
  expect(made).toContain('ntl_live_');
  expect((await ntl('tunnel allow cursor')).stdout).toContain(
    'may come through the tunnel from the next request on',
  );
  expect((await ntl('tunnel status')).stdout).toContain('Keys that may come through it: cursor');
  expect((await ntl('tunnel refuse cursor')).stdout).toContain('may not come through');
  const connected = (await ntl('connect cursor --yes')).stdout;
  expect(connected).toMatch(/Override OpenAI Base URL: https:\/\/\S+\/cursor\/v1\n/);
  expect(connected).not.toContain('cannot reach');
  expect((await ntl('tunnel status')).stdout).toContain('Keys that may come through it: cursor');
  expect((await ntl('tunnel stop')).stdout).toBe('The tunnel is closed.\n');
  expect((await ntl('tunnel start --hours 0')).code).not.toBe(0);
}, 60_000);
