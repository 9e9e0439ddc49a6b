/** Separate computers, as network namespaces: an owner, two colleagues on one network, an outsider on another. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkCaller } from '../../gateway/doors/network-routes.ts';
import { complete, type Route, routesOf, sampleUrl } from '../docs/network-table.ts';
import { startGateway } from '../support/gateway.ts';
import { type Host, Hosts, noNamespacesHere } from '../support/network-namespaces.ts';
import { until } from '../support/until.ts';
import { LanClient, LanGateway } from './lan.ts';

const LAN = '192.168.77.1';
const NEW_LAN = '192.168.77.9';
const GUEST = '10.99.0.1';

describe.skipIf(noNamespacesHere !== undefined)(
  `separate computers${noNamespacesHere === undefined ? '' : ` (left out: ${noNamespacesHere})`}`,
  () => {
    let hosts: Hosts;
    let owner: Host;
    let gateway: LanGateway;
    let ada: LanClient;
    let ben: LanClient;
    let eve: LanClient;
    let ca: string;
    beforeAll(async () => {
      hosts = new Hosts();
      owner = hosts.add('owner');
      const [hub, adas, bens, eves] = ['hub', 'ada', 'ben', 'eve'].map((name) => hosts.add(name)) as Host[];
      const lan = hub as Host;
      lan.run('ip', 'link', 'add', 'bridge0', 'type', 'bridge');
      lan.run('ip', 'link', 'set', 'bridge0', 'up');
      for (const [host, port, address] of [
        [owner, 'p0', `${LAN}/24`],
        [adas as Host, 'p1', '192.168.77.2/24'],
        [bens as Host, 'p2', '192.168.77.3/24'],
      ] as const) {
        hosts.connect(host, 'lan0', lan, port);
        lan.run('ip', 'link', 'set', port, 'master', 'bridge0');
        host.run('ip', 'addr', 'add', address, 'dev', 'lan0');
        host.run('ip', 'route', 'add', '224.0.0.0/4', 'dev', 'lan0');
      }
      hosts.connect(owner, 'guest0', eves as Host, 'eth0');
      owner.run('ip', 'addr', 'add', `${GUEST}/24`, 'dev', 'guest0');
      (eves as Host).run('ip', 'addr', 'add', '10.99.0.2/24', 'dev', 'eth0');
      // The owner's computer answers at all of its addresses: the outsider knows the way.
      (eves as Host).run('ip', 'route', 'add', '192.168.77.0/24', 'via', GUEST);
      gateway = new LanGateway(owner, mkdtempSync(join(tmpdir(), 'ntl-lan-')));
      [ada, ben, eve] = [
        new LanClient(adas as Host),
        new LanClient(bens as Host),
        new LanClient(eves as Host),
      ];
      await gateway.started();
    }, 90_000);
    afterAll(async () => {
      await Promise.all([ada?.end(), ben?.end(), eve?.end(), gateway?.end()]);
      hosts?.[Symbol.dispose]();
      if (gateway !== undefined) rmSync(gateway.dataDir, { recursive: true, force: true });
    });

    const ask = (who: LanClient, path: string, options: object = {}, host = LAN) =>
      who.do('https', { url: `https://${host}:7412${path}`, options: { ca, ...options } });
    const chat = (who: LanClient, key: string) =>
      ask(who, '/v1/chat/completions', {
        ...{ method: 'POST', headers: { authorization: `Bearer ${key}` } },
        body: { model: 'ntl/echo', max_tokens: 5, messages: [{ role: 'user', content: 'hello' }] },
      });

    it('reach nothing until it is shared', async () => {
      for (const port of [7411, 7412, 7413])
        expect(await ada.do('tcp', { address: LAN, port })).toMatchObject({ reached: false });
    });

    it('check the certificate by the authority, and refuse it without', async () => {
      const shared = await gateway.admin('PUT', '/sharing', { on: true, addresses: [LAN] });
      expect(shared).toMatchObject({ state: 'on', port: 7412, trouble: null });
      ca = (await gateway.admin('GET', '/sharing/trust')).certificate;
      expect(await ask(ada, '/healthz')).toMatchObject({ status: 200, protocol: 'TLSv1.3' });
      expect((await ask(ada, '/healthz', { ca: '' })).failed).toMatch(/UNABLE_TO|SELF_SIGNED/);
      expect(await ask(ben, '/ca.crt', { ca: null })).toMatchObject({ text: ca });
      expect(await ada.do('tcp', { address: LAN, port: 7411 })).toMatchObject({ reached: false });
    });

    it('ask to join, are let in, and use models within their share until they are suspended', async () => {
      await gateway.admin('PATCH', '/settings', { joining: true });
      const join = async (who: LanClient, name: string) => {
        const origin = { origin: `https://${LAN}:7412`, 'sec-fetch-site': 'same-origin' };
        const asked = await ask(who, '/join', { method: 'POST', headers: origin, body: { name } });
        const cookie = String(asked.headers['set-cookie']?.[0]).split(';')[0] ?? '';
        const [request] = (await gateway.admin('GET', '/join-requests?state=waiting')).data;
        expect(request).toMatchObject({ name });
        await gateway.admin('POST', `/join-requests/${request.id}/approve`, {});
        const headers = { ...origin, cookie };
        const shown = await ask(who, '/join/key', { method: 'POST', headers, body: {} });
        expect(shown.status).toBe(201);
        return { id: request.memberId, key: JSON.parse(shown.text).key };
      };
      const [one, two] = [await join(ada, 'Ada'), await join(ben, 'Ben')];
      const limit = { scope: 'member', subjectId: one.id, metric: 'requests', windowSeconds: 60, amount: 2 };
      await gateway.admin('PUT', '/limits', limit);
      expect([(await chat(ada, one.key)).status, (await chat(ben, two.key)).status]).toEqual([200, 200]);
      expect((await chat(ada, one.key)).status).toBe(200);
      const over = await chat(ada, one.key);
      expect([over.status, over.text]).toEqual([429, expect.stringContaining('rate_limit_minute')]);
      await gateway.admin('PATCH', `/members/${two.id}`, { status: 'suspended' });
      expect((await chat(ben, two.key)).status).toBe(403);
      const rows = (await gateway.admin('GET', '/requests?pageSize=100')).data;
      expect(new Set(rows.map((row: { address: string }) => row.address))).toEqual(
        new Set(['192.168.77.2', '192.168.77.3']),
      );
    });

    it('get the owner’s panel, admin API and metrics on no route, whatever they present', async () => {
      await gateway.admin('PATCH', '/settings', { metrics: true });
      const token = { authorization: `Bearer ${await gateway.started()}` };
      const closed = (await everyRoute()).filter(({ url }) =>
        ['owner', 'nobody'].includes(networkCaller(url)),
      );
      expect(closed.length).toBeGreaterThan(80);
      for (const { method, url } of closed) {
        const answer = await ask(ada, sampleUrl(url), { method, headers: token });
        expect(answer.status, `${method} ${url}`).toBe(403);
      }
    });

    it('get nothing at all from a network that is not shared, at any port of any address', async () => {
      const ports = listeningPorts(owner);
      expect(ports).toEqual(expect.arrayContaining([7411, 7412]));
      for (const address of [GUEST, LAN]) {
        for (const port of ports) {
          const { reached, bytes = 0 } = await eve.do('tcp', { address, port });
          expect([address, port, reached && bytes > 0]).toEqual([address, port, false]);
        }
        expect(await ask(eve, '/healthz', { ca: null }, address)).toHaveProperty('failed');
        expect(await ask(eve, '/v1/models', { ca: null }, address)).toHaveProperty('failed');
      }
      // It is a network all the same, and another switch away.
      expect((await ask(ada, '/healthz')).status).toBe(200);
    });

    it('keep their connections when an address comes, and get a certificate for it at once', async () => {
      await gateway.admin('PUT', '/sharing', { addresses: null });
      const old = await ada.do('https', { url: `https://${LAN}:7412/healthz`, options: { ca }, keep: true });
      owner.run('ip', 'addr', 'add', `${NEW_LAN}/24`, 'dev', 'lan0');
      const fresh = await until(
        'the new address',
        async () => {
          const answer = await ask(ben, '/healthz', {}, NEW_LAN);
          return answer.status === 200 ? answer : undefined;
        },
        30_000,
      );
      expect(fresh.fingerprint).not.toBe(old.fingerprint);
      const again = await ada.do('https', {
        url: `https://${LAN}:7412/healthz`,
        options: { ca },
        keep: true,
      });
      expect(again).toMatchObject({ status: 200, fingerprint: old.fingerprint });
      expect((await ask(ada, '/healthz')).fingerprint).toBe(fresh.fingerprint);
      owner.run('ip', 'addr', 'del', `${NEW_LAN}/24`, 'dev', 'lan0');
      await gateway.admin('PUT', '/sharing', { addresses: [LAN] });
    });

    it('see it by multicast DNS where it is shared, with that address alone, and see it go', async () => {
      await Promise.all([
        ada.do('watch', { address: '192.168.77.2' }),
        eve.do('watch', { address: '10.99.0.2' }),
      ]);
      await gateway.admin('PUT', '/sharing', { mdns: true });
      const [service] = await until(
        'the announcement',
        async () => {
          const { found } = await ada.do('seen', {});
          return found.length > 0 && found[0].addresses.length > 0 ? found : undefined;
        },
        30_000,
      );
      expect(service).toMatchObject({ port: 7412, addresses: [LAN] });
      expect(service.host).toMatch(/\.local$/);
      expect((await eve.do('seen', {})).found).toEqual([]);
      // Nobody ends it by what is no DNS: it says goodbye afterwards.
      for (const address of [LAN, '224.0.0.251']) await ada.do('junk', { address });
      expect((await ask(ben, '/healthz')).status).toBe(200);
      await gateway.admin('PUT', '/sharing', { mdns: false });
      await until('the goodbye', async () => (await ada.do('seen', {})).gone.length > 0, 30_000);
    });

    it('reach nothing once it is turned off; loopback was never touched', async () => {
      await gateway.admin('PUT', '/sharing', { on: false });
      expect(await ada.do('tcp', { address: LAN, port: 7412 })).toMatchObject({ reached: false });
      expect(owner.run('curl', '-sS', 'http://127.0.0.1:7411/healthz')).toContain('ok');
    });
  },
);

/** Of a gateway in this process, which has the same. */
async function everyRoute(): Promise<readonly Route[]> {
  await using gateway = await startGateway();
  await complete(gateway);
  return [...routesOf(gateway)];
}

/** Of proc(5), by hexadecimal: `0100007F:1CF3 … 0A` listens. */
function listeningPorts(host: Host): number[] {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => host.run('cat', path)).join('');
  const lines = [...tables.matchAll(/: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:0000 0A/g)];
  return [...new Set(lines.map(([, port = '']) => Number.parseInt(port, 16)))];
}
