import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { FakeNetwork, LAN, LAN_ADDRESS } from '../../sharing/fake-network.ts';
import { createTestAuthority } from '../../support/certificates.ts';
import { freePort } from '../../support/free-port.ts';
import { Clinic } from './clinic.ts';

const CLOCK = join(import.meta.dirname, '../../faults/children/clock-shift.ts');

describe.skipIf(!LAN)('a tool that is told an encrypted address', () => {
  let clinic: Clinic;
  let url: string;
  beforeAll(async () => {
    const network = new FakeNetwork({ lan0: [`${LAN_ADDRESS}/32`] });
    clinic = await Clinic.open({ network: network.view });
    const port = await freePort(LAN_ADDRESS);
    const change = { on: true, addresses: [LAN_ADDRESS], port };
    expect((await clinic.gateway.admin('PUT', '/sharing', change)).body.state).toBe('on');
    url = `https://${LAN_ADDRESS}:${port}`;
  });
  afterAll(() => clinic[Symbol.asyncDispose]());

  it('works once this computer trusts the authority, and is told what to do before', async () => {
    const patient = clinic.home();
    await patient.connect('claude-code', '--address', url);
    const [untrusted] = await patient.ills();
    expect(untrusted).toMatchObject({
      ...{ check: 'certificate', tool: 'claude-code', state: 'bad' },
      what: expect.stringMatching(`${url} .*tools on this computer do not trust`),
      mend: expect.stringMatching(/NODE_EXTRA_CA_CERTS where the tool starts: .*share ca --file/),
    });
    const file = join(patient.home.path, 'ca.pem');
    expect((await patient.ntl(['share', 'ca', '--file', file])).code).toBe(0);
    const trusting = { NODE_EXTRA_CA_CERTS: file };
    const { code, findings } = await patient.doctorApart([], trusting);
    expect(findings.filter(({ state }) => state === 'bad')).toEqual([]);
    expect(code).toBe(0);
    expect(findings.at(-1)?.what).toMatch(`${url}/api and asks for ntl/echo; address, key and model work`);

    const later = { CLOCK_SHIFT_MS: String(3 * 365 * 86_400_000), NODE_OPTIONS: `--import=${CLOCK}` };
    const expired = await patient.doctorApart([], { ...trusting, ...later });
    expect(
      expired.findings.filter(({ check, tool }) => check === 'certificate' && tool === null),
    ).toMatchObject([
      { state: 'bad', what: expect.stringContaining('certificate for your network expired') },
    ]);
  });

  it('of somebody else’s certificate, or one that expired, does not get its key', async () => {
    const authority = await createTestAuthority();
    const imposter = async (notAfter: Date) => {
      const asked: string[] = [];
      const identity = await authority.issue({
        ...{ hosts: [LAN_ADDRESS], notBefore: new Date(Date.now() - 9e8), notAfter },
      });
      const server = createServer(identity, (request, response) => {
        asked.push(String(request.headers.authorization));
        response.end('{}');
      }).listen(0, LAN_ADDRESS);
      onTestFinished(() => void server.close());
      await new Promise((resolve) => server.once('listening', resolve));
      return { asked, at: `https://${LAN_ADDRESS}:${(server.address() as AddressInfo).port}` };
    };
    const patient = clinic.home();
    const other = await imposter(new Date(Date.now() + 9e8));
    await patient.connect('codex', '--address', other.at);
    expect(await patient.ills(['codex'])).toMatchObject([
      { check: 'certificate', state: 'bad', what: expect.stringContaining('is not this gateway’s') },
    ]);
    const file = patient.home.write('test-ca.pem', authority.ca);
    const old = await imposter(new Date(Date.now() - 1_000));
    await patient.connect('codex', '--address', old.at);
    const { findings } = await patient.doctorApart(['codex'], { NODE_EXTRA_CA_CERTS: file });
    expect(findings.at(-1)).toMatchObject({ state: 'bad', what: expect.stringContaining('has expired') });
    expect([...other.asked, ...old.asked]).toEqual([]);
  });
});
