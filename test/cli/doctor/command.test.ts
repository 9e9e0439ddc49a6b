import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Provider, startProvider } from '../../support/provider/provider.ts';
import { runNtl } from '../run-ntl.ts';
import { Clinic } from './clinic.ts';

let clinic: Clinic;
let service: Provider;
beforeAll(async () => {
  clinic = await Clinic.open();
  service = await startProvider({ models: ['one'] });
  await clinic.gateway.publish(service, ['one'], { name: 'Service' });
});
afterAll(async () => {
  await clinic[Symbol.asyncDispose]();
  await service.close();
});

const calls = () => service.requests.filter(({ method }) => method === 'POST').length;

it('is text for people with a mend below what is wrong, and ends with 1', async () => {
  const patient = clinic.home();
  await patient.connect('claude-code', '--model', 'one');
  const fine = await runNtl(['doctor'], { env: patient.env });
  expect(fine).toMatchObject({ code: 0, stderr: '' });
  expect(fine.stdout).toMatch(/^ok {5}The gateway runs at http/);
  await patient.ntl(['models', 'remove', 'one', '--yes']);
  const { code, stdout } = await runNtl(['doctor', 'claude'], { env: patient.env });
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^wrong {2}claude-code: it asks for one, .*\n {7}Choose another model.*models list/m,
  );
  await clinic.gateway.publish(service, ['one'], { name: 'Service again' });
});

it('looks at one tool alone where that is named, also at one that is not set up', async () => {
  const patient = clinic.home();
  await patient.connect('codex');
  const { code, findings } = await patient.doctor(['qwen']);
  expect(code).toBe(0);
  expect(findings.filter(({ tool }) => tool !== null)).toMatchObject([
    {
      tool: 'qwen-code',
      state: 'warn',
      what: expect.stringContaining('not set up'),
      mend: expect.stringMatching(/connect qwen-code/),
    },
  ]);
  expect(await patient.ntl(['doctor', 'nothing'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no tool nothing'),
  });
});

it('asks the built-in echo by each protocol, and a provider only with consent', async () => {
  const patient = clinic.home();
  for (const tool of ['claude-code', 'codex', 'cline']) {
    if (tool === 'cline') patient.home.write('.cline/data/x', '');
    await patient.connect(tool, '--model', 'one');
  }
  const before = calls();
  const seen = (await clinic.gateway.admin('GET', '/connect/tools')).body.data;
  const tried = (await patient.doctor()).findings.filter(({ check }) => check === 'request');
  expect(tried.map(({ what }) => what)).toEqual([
    expect.stringMatching(/^claude-code .*asks for one; address, key and model work, tried with ntl\/echo/),
    expect.stringMatching(/^codex .*tried with ntl\/echo/),
    expect.stringMatching(/^cline .*\/cline\/v1 .*tried with ntl\/echo/),
  ]);
  expect(calls()).toBe(before);
  const rows = (await clinic.gateway.rows()).slice(0, 3);
  expect(rows.map(({ tool, model }) => [tool, model])).toEqual(Array(3).fill(['doctor', 'ntl/echo']));
  // The tools themselves have sent nothing.
  expect((await clinic.gateway.admin('GET', '/connect/tools')).body.data).toEqual(seen);

  const unasked = await patient.ntl(['doctor', '--try']);
  expect(unasked).toMatchObject({ code: 2, stdout: '' });
  expect(unasked.stderr).toMatch(/one token each: one at Service.*may charge.*add --yes/s);
  expect(calls()).toBe(before);
  const { findings } = await patient.doctor(['--try', '--yes']);
  expect(findings.filter(({ check }) => check === 'request').map(({ what }) => what)).toEqual(
    Array(3).fill(expect.stringContaining('tried with one.')),
  );
  expect(calls()).toBe(before + 3);
});
