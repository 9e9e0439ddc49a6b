import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { noSmallDisk, smallDisk } from '../../store/small-disk.ts';
import { tempDir } from '../../store/support.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { startProvider } from '../../support/provider/provider.ts';
import { Clinic, Patient } from './clinic.ts';

const CLOCK = join(import.meta.dirname, '../../faults/children/clock-shift.ts');
const DAY_MS = 86_400_000;

/** Nobody answers for the gateway of a data folder. */
async function stopped(): Promise<{ patient: Patient; port: number; dataDir: string }> {
  const dataDir = tempDir();
  const clinic = await Clinic.open({ dataDir });
  const patient = clinic.home();
  await patient.connect('claude-code', '--address', clinic.gateway.url);
  const port = Number(new URL(clinic.gateway.url).port);
  await clinic[Symbol.asyncDispose]();
  return { patient, port, dataDir };
}

describe('a gateway that does not run', () => {
  it('is told to be started, where its port is free', async () => {
    const { patient } = await stopped();
    const { code, findings } = await patient.doctor();
    expect(code).toBe(1);
    expect(findings[0]).toMatchObject({
      ...{ check: 'running', state: 'bad', what: expect.stringMatching(/is not running\.$/) },
      mend: expect.stringMatching(/^Start it: .*serve/),
    });
  });

  it('is told apart from another program at the port that tools are told', async () => {
    const { patient, port } = await stopped();
    const other = createServer((_, response) => response.end('hello')).listen(port, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    expect((await patient.doctor()).findings[0]).toMatchObject({
      ...{ check: 'port', state: 'bad' },
      what: expect.stringMatching(`another program listens at port ${port}, which claude-code is told`),
      mend: expect.stringMatching(`serve --port ${port + 1}`),
    });
  });

  it('is told apart from a gateway of another data folder, by its folder where that is known', async () => {
    const { patient, port, dataDir } = await stopped();
    await using other = await startGateway();
    expect((await other.admin('PATCH', '/settings', { port })).status).toBe(200);
    const [unknown] = (await patient.doctor()).findings;
    expect(unknown?.what).toContain(
      `another NoTokenLimit gateway, of another data folder, listens at port ${port}`,
    );
    const asked = ['--data-dir', dataDir];
    const [known] = (await patient.doctor(asked, { NTL_DATA_DIR: other.dataDir })).findings;
    expect(known?.what).toContain(`the NoTokenLimit gateway of ${other.dataDir} listens at port ${port}`);
  });
});

describe('a gateway at another port than tools are told', () => {
  it('is where they should go', async () => {
    const clinic = await Clinic.open();
    onTestFinished(() => clinic[Symbol.asyncDispose]());
    const patient = clinic.home();
    const other = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    await patient.connect('codex', '--address', `http://127.0.0.1:${port}`);
    const told = async () => (await patient.ills(['codex'])).filter(({ check }) => check === 'address');
    const mend = expect.stringContaining(`to ${clinic.gateway.url}/api/v1, or`);
    expect(await told()).toMatchObject([
      { state: 'bad', what: expect.stringMatching(`127.0.0.1:${port} .*another program answers`), mend },
    ]);
    await new Promise((resolve) => other.close(resolve));
    expect(await told()).toMatchObject([{ what: expect.stringContaining('nothing answers'), mend }]);
    await using second = await startGateway();
    await patient.connect('codex', '--address', second.url);
    expect(await told()).toMatchObject([
      { what: expect.stringContaining('another NoTokenLimit gateway answers, of another data folder'), mend },
    ]);
  });
});

it('a paused gateway refuses, and says how to resume', async () => {
  const clinic = await Clinic.open();
  onTestFinished(() => clinic[Symbol.asyncDispose]());
  const patient = clinic.home();
  await patient.connect('claude-code');
  await patient.ntl(['pause']);
  const { findings } = await patient.doctor();
  expect(findings).toContainEqual(
    expect.objectContaining({
      check: 'provider',
      state: 'warn',
      mend: expect.stringMatching(/providers add/),
    }),
  );
  expect(findings[0]).toMatchObject({ check: 'paused', state: 'bad', mend: expect.stringMatching(/resume/) });
  expect(findings.at(-1)).toMatchObject({ check: 'request', what: expect.stringContaining('503 paused') });
});

describe('credentials out of reach', () => {
  it('are told once, with what unlocks them', async () => {
    const dataDir = tempDir();
    await using provider = await startProvider({ models: ['one'] });
    const open = async (work: (gateway: TestGateway) => Promise<unknown>, vaultPassphrase?: string) => {
      await using gateway = await startGateway({ dataDir, vaultPassphrase });
      return await work(gateway);
    };
    await open((gateway) => gateway.publish(provider, ['one']), 'correct horse');
    await open(async (gateway) => {
      const { findings, code } = await new Patient(gateway, { path: dataDir } as Patient['home']).doctor();
      expect(code).toBe(1);
      expect(findings.filter(({ check }) => check === 'vault')).toMatchObject([
        {
          state: 'bad',
          what: expect.stringContaining('NTL_VAULT_PASSPHRASE'),
          mend: expect.stringContaining('status'),
        },
      ]);
    });
  });
});

describe('the clock', () => {
  it('that is slow is told, by what was written down under another', async () => {
    const clinic = await Clinic.open();
    onTestFinished(() => clinic[Symbol.asyncDispose]());
    const shifted = (ms: number) => ({ CLOCK_SHIFT_MS: String(ms), NODE_OPTIONS: `--import=${CLOCK}` });
    const patient = clinic.home();
    const { findings } = await patient.doctorApart([], shifted(-2 * DAY_MS));
    expect(findings.filter(({ check }) => check === 'clock')).toMatchObject([
      {
        state: 'warn',
        what: expect.stringContaining('it is slow now'),
        mend: 'Set the clock of this computer right.',
      },
    ]);
    const right = await patient.doctorApart();
    expect(right.findings.filter(({ check }) => check === 'clock')).toEqual([]);
  });
});

const noDisk = noSmallDisk();
it.skipIf(noDisk !== undefined)(
  'a full disk is told before and when the audit log cannot be written',
  async () => {
    const dataDir = smallDisk('12m');
    const clinic = await Clinic.open({ dataDir });
    onTestFinished(() => clinic[Symbol.asyncDispose]());
    const patient = clinic.home();
    await patient.connect('claude-code');
    const low = await patient.ills();
    expect(low).toMatchObject([
      { check: 'disk', state: 'warn', what: expect.stringMatching(/has [\d.]+ MB left/) },
    ]);
    for (let size = 4e6; size > 100; size = Math.floor(size / 2)) fill(join(dataDir, `fill-${size}`), size);
    const { code, findings } = await patient.doctor();
    expect(code).toBe(1);
    expect(findings.at(-1)).toMatchObject({
      check: 'request',
      what: expect.stringContaining('503 audit_unavailable'),
    });
  },
);

function fill(path: string, size: number): void {
  for (let at = 0; at < 4; at += 1) {
    try {
      writeFileSync(`${path}-${at}`, Buffer.alloc(size));
    } catch {
      return;
    }
  }
}
