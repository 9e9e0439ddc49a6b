import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeNetwork, LAN, LAN_ADDRESS } from '../sharing/fake-network.ts';
import { freePort } from '../support/free-port.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type RunOptions, runNtl } from './run-ntl.ts';

let gateway: TestGateway;
beforeAll(async () => {
  const network = new FakeNetwork({ lan0: [`${LAN_ADDRESS}/32`] });
  gateway = await startGateway({ network: network.view });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const ntl = (words: string, options: RunOptions = {}) =>
  runNtl(['share', ...words.split(' ').filter(Boolean), '--data-dir', gateway.dataDir], options);

it.skipIf(!LAN)(
  'shares from the terminal, and hands out what colleagues trust',
  async () => {
    expect((await ntl('')).stdout).toMatch(/Not shared: only this computer.*Share it: .*share on/s);
    const port = await freePort(LAN_ADDRESS);
    const on = await ntl(`on --address ${LAN_ADDRESS} --port ${port}`);
    expect(on).toMatchObject({ code: 0, stderr: '' });
    expect(on.stdout).toMatch(new RegExp(`For colleagues +https://${LAN_ADDRESS}:${port}`));
    const { body } = await gateway.admin('GET', '/sharing');
    expect(on.stdout).toContain(body.authority.fingerprint);

    const file = join(gateway.dataDir, 'ca.pem');
    const told = await ntl(`ca --file ${file}`);
    expect(told.stdout).toContain(body.authority.fingerprint);
    expect(told.stdout).toContain('NODE_EXTRA_CA_CERTS');
    expect(readFileSync(file, 'utf8')).toMatch(
      /^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n?$/,
    );

    expect(await ntl('on --plain-http')).toMatchObject({ code: 2, stdout: '' });
    expect(await ntl('ca --new')).toMatchObject({ code: 2, stdout: '' });
    const renewed = await ntl('ca --new --yes');
    expect(renewed.stdout).not.toContain(body.authority.fingerprint);
    expect((await ntl('on --address 192.0.2.9')).stderr).toContain('no address 192.0.2.9');
    expect((await ntl('on --panel')).stderr).toContain('Set a password first');
    const secret = { env: { OWNER_PASSWORD: 'correct horse battery' } };
    const set = await ntl('password --password-env OWNER_PASSWORD', secret);
    expect(set).toMatchObject({ code: 0, stderr: '' });
    expect((await ntl('on --panel')).stdout).toMatch(/Panel on the network +on/);
    expect((await ntl('password --remove')).stderr).toContain('Turn that off first');
    expect((await ntl('on --no-panel')).code).toBe(0);
    expect((await ntl('password --remove')).stdout).toContain('no password any more');
    expect((await ntl('off')).stdout).toContain('Only this computer reaches the gateway');
    expect((await gateway.admin('GET', '/sharing')).body.on).toBe(false);
  },
  60_000,
);
