import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:https';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { tempDir } from '../store/support.ts';
import { freePort } from '../support/free-port.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { FakeNetwork, LAN, LAN_ADDRESS, SECOND_ADDRESS } from './fake-network.ts';
import { askHttps } from './https.ts';

/** 127.0.0.2 stands in for a network: what comes in by a shared door is none of this computer's own, whatever its address. */
const OWN_NETWORK = { lan0: [`${LAN_ADDRESS}/32`] };

const BOTH = { lan0: [`${LAN_ADDRESS}/32`, `${SECOND_ADDRESS}/32`] };

/** A gateway that may be shared at 127.0.0.2. */
async function shareable(network = new FakeNetwork(OWN_NETWORK), options = {}) {
  const gateway = await startGateway({ network: network.view, ...options });
  const port = await freePort(LAN_ADDRESS);
  const put = async (change: object) => gateway.admin('PUT', '/sharing', change);
  const on = (change: object = {}) => put({ on: true, addresses: [LAN_ADDRESS], port, ...change });
  const ca = async () => (await gateway.admin('GET', '/sharing/trust')).body.certificate as string;
  return { gateway, network, port, put, on, ca, url: `https://${LAN_ADDRESS}:${port}` };
}

async function isRefused(address: string, port: number): Promise<boolean> {
  const socket = connect(port, address);
  onTestFinished(() => void socket.destroy());
  return once(socket, 'connect').then(
    () => false,
    ({ code }) => code === 'ECONNREFUSED',
  );
}

describe.skipIf(!LAN)('a gateway that is shared', () => {
  let shared: Awaited<ReturnType<typeof shareable>>;
  let gateway: TestGateway;
  let ca: string;
  beforeAll(async () => {
    shared = await shareable();
    gateway = shared.gateway;
    const answer = await shared.on();
    expect(answer.body).toMatchObject({ on: true, state: 'on', trouble: null, leftOut: [] });
    ca = await shared.ca();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it('proves itself by its authority, over TLS 1.2 at least, and to nobody else', async () => {
    const answer = await askHttps(`${shared.url}/healthz`, { ca });
    expect(answer).toMatchObject({ status: 200, protocol: 'TLSv1.3' });
    const { body } = await gateway.admin('GET', '/sharing');
    expect(answer.fingerprint).toBe(body.certificate.fingerprint);
    await expect(askHttps(`${shared.url}/healthz`, { ca: '' })).rejects.toMatchObject({
      code: expect.stringMatching(/UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF)/),
    });
    const old = connectTls({
      host: LAN_ADDRESS,
      port: shared.port,
      ca,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
    });
    onTestFinished(() => void old.destroy());
    await expect(once(old, 'secureConnect')).rejects.toThrow();
  });

  it('answers with a key, and loopback as before', async () => {
    const body = { model: 'ntl/echo', max_tokens: 9, messages: [{ role: 'user', content: 'hello there' }] };
    const headers = { authorization: `Bearer ${gateway.key}` };
    const from = { ca, method: 'POST', headers, localAddress: LAN_ADDRESS };
    const answer = await askHttps(`${shared.url}/v1/chat/completions`, { ...from, body });
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('hello there')]);
    expect((await askHttps(`${shared.url}/v1/models`, { ca })).status).toBe(401);
    const [row] = await gateway.rows();
    expect(row).toMatchObject({ address: LAN_ADDRESS, status: 200 });
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    expect((await gateway.admin('GET', '/status')).status).toBe(200);
  });

  it('hands out its authority as PEM and as DER, and says how to trust it', async () => {
    for (const path of ['/ca.crt', '/ca.pem']) {
      const answer = await askHttps(shared.url + path, { ca: null });
      expect(answer.text).toBe(ca);
      expect(answer.headers['content-disposition']).toContain('notokenlimit-ca.crt');
    }
    const der = await fetch(`${gateway.url}/ca.cer`);
    expect(Buffer.from(await der.arrayBuffer()).toString('base64')).toBe(
      ca.replace(/-----[^-]+-----|\s/g, ''),
    );
    const page = await askHttps(`${shared.url}/ca`, { ca });
    const { body } = await gateway.admin('GET', '/sharing');
    expect(page.text).toContain(body.authority.fingerprint);
    expect(page.text).toContain(`curl --insecure --output notokenlimit-ca.crt ${body.urls[0]}/ca.crt`);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(ca).not.toContain('PRIVATE');
  });

  it.each(['/', '/panel/', '/admin/api/status', '/admin/api/sharing', '/metrics', '/docs/', 'signin'])(
    'shows nothing of %s, whatever is presented',
    async (path) => {
      await gateway.admin('PATCH', '/settings', { metrics: true });
      const runtime = readRuntimeFile(gateway.dataDir);
      const ticket = new URL(runtime?.panelUrl ?? '');
      const asked = path === 'signin' ? ticket.pathname + ticket.search : path;
      const local = { host: '127.0.0.1:7411' };
      for (const host of [{}, local]) {
        const headers = { authorization: `Bearer ${runtime?.adminToken}`, ...host };
        expect((await askHttps(shared.url + asked, { ca, headers })).status).toBe(403);
      }
    },
  );

  it('answers what is no HTTP, and gives up who does not finish the handshake', async () => {
    await using quick = await startGateway({
      network: new FakeNetwork(OWN_NETWORK).view,
      arrival: { headMs: 300, bodyMs: 300 },
    });
    const port = await freePort(LAN_ADDRESS);
    await quick.admin('PUT', '/sharing', { on: true, addresses: [LAN_ADDRESS], port });
    const mute = connect(port, LAN_ADDRESS);
    await once(mute, 'close');
    const plain = connect(port, LAN_ADDRESS);
    plain.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(await text(plain)).toMatch(/^HTTP\/1\.1 400 .*This address speaks HTTPS: write https:/s);
    const slow = connectTls({ port, host: LAN_ADDRESS, rejectUnauthorized: false });
    slow.write('GET /healthz HTTP/1.1\r\nhost: x\r\n');
    let answered = '';
    slow.on('data', (data) => {
      answered += data;
    });
    await once(slow, 'close');
    expect(answered).toContain('HTTP/1.1 408');
    expect((await askHttps(`https://${LAN_ADDRESS}:${port}/healthz`, { ca: null })).status).toBe(200);
  });
});

describe.skipIf(!LAN)('the switch', () => {
  it('is off at first, listens nowhere then, and has made nothing', async () => {
    const { gateway, port, put } = await shareable();
    await using _ = gateway;
    const { body } = await gateway.admin('GET', '/sharing');
    expect(body).toMatchObject({
      on: false,
      state: 'off',
      port: 7412,
      urls: [],
      certificate: null,
      authority: null,
    });
    expect((await fetch(`${gateway.url}/ca.crt`)).status).toBe(404);
    expect(await isRefused(LAN_ADDRESS, port)).toBe(true);
    expect((await put({ on: true, addresses: [] })).status).toBe(400);
    expect((await gateway.admin('POST', '/sharing/certificate')).status).toBe(409);
  });

  it('holds after a start, with the same authority, and goes off at once', async () => {
    const { gateway, on, put, ca, port, url } = await shareable();
    await using _ = gateway;
    await on();
    const trusted = await ca();
    await gateway.restart();
    await until('sharing', async () => (await gateway.admin('GET', '/sharing')).body.state === 'on');
    expect((await askHttps(`${url}/healthz`, { ca: trusted })).status).toBe(200);
    expect((await put({ on: false })).body).toMatchObject({ on: false, state: 'off' });
    expect(await isRefused(LAN_ADDRESS, port)).toBe(true);
    const changes = await gateway.admin('GET', '/changes');
    expect(changes.body.data.map(({ action }: { action: string }) => action)).toEqual([
      ...['sharing.update', 'sharing.update', 'sharing.authority'],
    ]);
  });

  it('says which port is taken, and leaves everything as it was', async () => {
    const { gateway, on, ca, url } = await shareable();
    await using _ = gateway;
    const taken = createServer().listen(0, LAN_ADDRESS);
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port: other } = taken.address() as { port: number };
    const refused = await on({ port: other });
    expect(refused.status).toBe(409);
    expect(refused.body.error).toMatchObject({ param: 'port' });
    expect(refused.body.error.message).toContain(`Port ${other} on ${LAN_ADDRESS} is taken`);
    expect((await gateway.admin('GET', '/sharing')).body).toMatchObject({ on: false, state: 'off' });

    await on();
    expect((await on({ port: other })).status).toBe(409);
    expect((await askHttps(`${url}/healthz`, { ca: await ca() })).status).toBe(200);
    expect((await on({ addresses: ['192.0.2.1'] })).body.error).toMatchObject({ param: 'addresses' });
  });

  it('adds plain HTTP by a choice of its own', async () => {
    const { gateway, on, port } = await shareable();
    await using _ = gateway;
    const plainPort = await freePort(LAN_ADDRESS);
    await on();
    expect(await isRefused(LAN_ADDRESS, plainPort)).toBe(true);
    expect((await on({ plainHttp: true, plainPort: port })).status).toBe(409);
    const { body } = await on({ plainHttp: true, plainPort });
    expect(body.plainUrls).toEqual([`http://${LAN_ADDRESS}:${plainPort}`]);
    const origin = `http://${LAN_ADDRESS}:${plainPort}`;
    const { adminToken = '' } = readRuntimeFile(gateway.dataDir) ?? {};
    const token = { authorization: `Bearer ${adminToken}` };
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
    expect((await fetch(`${origin}/admin/api/status`, { headers: token })).status).toBe(403);
    await on({ plainHttp: false });
    expect(await isRefused(LAN_ADDRESS, plainPort)).toBe(true);
  });
});

describe.skipIf(!LAN)('a network that changes', () => {
  it('brings a new certificate at once; what is connected goes on', async () => {
    const network = new FakeNetwork(BOTH);
    const { gateway, on, ca, url, port } = await shareable(network);
    await using _ = gateway;
    const provider = await startProvider();
    onTestFinished(() => provider.close());
    await gateway.publish(provider, ['gpt-4o']);
    provider.script(reply.gated(reply.text('one two three')));
    await on({ addresses: [LAN_ADDRESS, SECOND_ADDRESS] });
    const trusted = await ca();
    network.is(OWN_NETWORK);
    const found = () => gateway.admin('GET', '/sharing');
    const alone = await until('the certificate', async () => {
      const { certificate } = (await found()).body;
      return certificate.hosts.includes(SECOND_ADDRESS) ? null : certificate;
    });
    const before = alone.fingerprint;

    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: trusted });
    onTestFinished(() => agent.destroy());
    const answer = askHttps(`${url}/v1/chat/completions`, {
      ...{ ca: trusted, agent, method: 'POST', headers: { authorization: `Bearer ${gateway.key}` } },
      body: { model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'hi' }] },
    });
    await until('the call', () => provider.requests.at(-1)?.path.endsWith('/chat/completions'));
    await provider.requests.at(-1)?.release();
    network.is(BOTH);
    network.hostName = 'Atelier';
    const after = await until('the next certificate', async () => {
      const { certificate } = (await found()).body;
      return certificate.hosts.includes('atelier.local') ? certificate : null;
    });
    expect(after.hosts).toEqual(['atelier.local', LAN_ADDRESS, SECOND_ADDRESS]);
    expect(after.fingerprint).not.toBe(before);
    provider.requests.at(-1)?.releaseAll();
    expect((await answer).text).toMatch(/three[\s\S]*\[DONE\]/);
    expect((await answer).fingerprint).toBe(before);
    const second = await askHttps(`https://${SECOND_ADDRESS}:${port}/healthz`, { ca: trusted });
    expect(second.fingerprint).toBe(after.fingerprint);
    // The bare name of the authority's day is all it may sign for beside what ends in .local.
    expect((await gateway.admin('GET', '/sharing')).body.leftOut).toEqual(['atelier']);
  });

  it('is noticed by itself: an address that goes is let go, one that comes is listened at', async () => {
    const network = new FakeNetwork(BOTH);
    const { gateway, on, ca, port } = await shareable(network);
    await using _ = gateway;
    await on({ addresses: [LAN_ADDRESS, SECOND_ADDRESS] });
    const trusted = await ca();
    network.is({ lan0: [`${SECOND_ADDRESS}/32`] });
    await until('the door to close', () => isRefused(LAN_ADDRESS, port));
    expect((await askHttps(`https://${SECOND_ADDRESS}:${port}/healthz`, { ca: trusted })).status).toBe(200);
    network.is({});
    await until('the other to close', () => isRefused(SECOND_ADDRESS, port));
    expect((await gateway.admin('GET', '/sharing')).body).toMatchObject({
      on: true,
      state: 'waiting',
      urls: [],
    });
    network.is({ lan0: [`${LAN_ADDRESS}/32`] });
    await until('the door to open', async () => !(await isRefused(LAN_ADDRESS, port)));
    const answer = await askHttps(`https://${LAN_ADDRESS}:${port}/healthz`, { ca: trusted });
    expect(answer.status).toBe(200);
  });

  it('is kept out where it is not shared, though it reaches the address', async () => {
    const network = new FakeNetwork({ lan0: [`${LAN_ADDRESS}/32`], guest0: ['127.0.0.1/32'] });
    const { gateway, on, url, ca } = await shareable(network);
    await using _ = gateway;
    await on();
    const trusted = await ca();
    const from = (localAddress: string) => askHttps(`${url}/healthz`, { ca: trusted, localAddress });
    await expect(from('127.0.0.1')).rejects.toThrow();
    expect((await from(LAN_ADDRESS)).status).toBe(200);
  });
});

describe.skipIf(!LAN)('the authority', () => {
  it('is replaced when the owner says so, and certificates are renewed by it', async () => {
    const { gateway, on, ca, url } = await shareable();
    await using _ = gateway;
    await on();
    const first = await ca();
    const renewed = await gateway.admin('POST', '/sharing/certificate');
    expect((await askHttps(`${url}/healthz`, { ca: first })).fingerprint).toBe(
      renewed.body.certificate.fingerprint,
    );
    await gateway.admin('POST', '/sharing/authority');
    await expect(askHttps(`${url}/healthz`, { ca: first })).rejects.toThrow();
    expect((await askHttps(`${url}/healthz`, { ca: await ca() })).status).toBe(200);
  });

  it('whose key cannot be had is told of, and had as soon as it can', async () => {
    const { gateway, on, put } = await shareable();
    await using _ = gateway;
    const { set } = gateway.gateway.vault;
    const vault = gateway.gateway.vault as { set: typeof set };
    vault.set = () => Promise.reject(new Error('The keychain is locked.'));
    expect((await on()).status).toBe(500);
    expect((await gateway.admin('GET', '/sharing')).body).toMatchObject({ on: false, authority: null });
    vault.set = set;
    expect((await on()).body).toMatchObject({ state: 'on' });
    expect((await put({ on: false })).status).toBe(200);
  });
});

it('nothing of what sharing needs is loaded by a gateway that does not share', () => {
  const child = join(import.meta.dirname, 'children/idle-gateway.ts');
  const told = JSON.parse(execFileSync(process.execPath, [child, tempDir()], { encoding: 'utf8' }));
  expect(told.statusCode).toBe(200);
  expect(told.loaded).toContain('fastify');
  const needed = ['@peculiar/x509', 'reflect-metadata', 'bonjour-service', '@simplewebauthn/server'];
  expect(told.loaded.filter((name: string) => needed.includes(name))).toEqual([]);
});
