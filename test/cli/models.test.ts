import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { runNtl } from './run-ntl.ts';

let gateway: TestGateway;
let ids: Record<'Main' | 'Spare', string>;

beforeAll(async () => {
  gateway = await startGateway();
  const add = async (name: string) =>
    (await gateway.admin('POST', '/providers', { name, kind: 'ollama' })).body.id as string;
  ids = { Main: await add('Main'), Spare: await add('Spare') };
});
afterAll(() => gateway[Symbol.asyncDispose]());

function ntl(words: string) {
  return runNtl([...words.split(' '), '--data-dir', gateway.dataDir]);
}

async function model(id: string) {
  return (await gateway.admin('GET', `/models/${encodeURIComponent(id)}`)).body;
}

it('adds a model with targets, multiplier and price in dollars', async () => {
  const added = await ntl(
    `models add team/big --target Main:llama3:8b,priority=2,weight=5 --target ${ids.Spare}:org/x --multiplier 1.5 --price-input 2.5 --price-output 0.075`,
  );
  expect(added).toMatchObject({ code: 0, stderr: '' });
  expect(added.stdout).toMatch(/^team\/big .* yes +x1\.5 +\$2\.50 +\$0\.075$/m);
  expect(added.stdout).toContain('Main:llama3:8b,priority=2,weight=5');
  const made = await model('team/big');
  expect(made).toMatchObject({ multiplier: 1.5, price: { input: 2_500_000, output: 75_000 }, enabled: true });
  expect(made.targets).toContainEqual(
    expect.objectContaining({ providerId: ids.Main, upstreamModel: 'llama3:8b', priority: 2, weight: 5 }),
  );
  expect(made.targets).toContainEqual(
    expect.objectContaining({ providerId: ids.Spare, upstreamModel: 'org/x', priority: 0, weight: 1 }),
  );
});

it('changes what is given and keeps the rest', async () => {
  await ntl('models add plain --target Main:a');
  expect((await ntl('models update plain --add-target Spare:b --price-input 1 --price-output 2')).code).toBe(
    0,
  );
  expect((await ntl('models update plain --price-output 3 --disable')).code).toBe(0);
  expect(await model('plain')).toMatchObject({
    enabled: false,
    price: { input: 1_000_000, output: 3_000_000 },
    targets: [{ upstreamModel: 'a' }, { upstreamModel: 'b' }],
  });
  const json = await ntl(
    'models update plain --id renamed --target Spare:c --catalogue-price --enable --json',
  );
  expect(JSON.parse(json.stdout)).toEqual(await model('renamed'));
  expect(await model('renamed')).toMatchObject({
    enabled: true,
    price: null,
    targets: [{ upstreamModel: 'c' }],
  });
});

it('binds a shipped alias and lists where each model leads', async () => {
  await ntl('models add served --target Main:a');
  expect((await ntl('models update quota/fast --alias-of served')).code).toBe(0);
  const [list, json] = await Promise.all([ntl('models list'), ntl('models list --json')]);
  expect(list.stdout).toMatch(/^quota\/fast +[=] served +yes/m);
  expect(list.stdout).toMatch(/^quota\/opus +nothing yet +no/m);
  expect(list.stdout).toMatch(/^ntl\/echo +built in +yes/m);
  const { body } = await gateway.admin('GET', '/models');
  expect(JSON.parse(json.stdout).data).toEqual(body.data);
});

it('removes only when told twice', async () => {
  await ntl('models add doomed --target Main:a');
  expect(await ntl('models remove doomed')).toMatchObject({ code: 2, stdout: '' });
  expect((await model('doomed')).id).toBe('doomed');
  expect(await ntl('models remove doomed --yes')).toMatchObject({ code: 0, stdout: 'Removed doomed.\n' });
  expect(await model('doomed')).toMatchObject({ error: { code: 'not_found' } });
});

it.concurrent.each([
  ['models add lonely', 2, '--target PROVIDER:MODEL'],
  ['models add bad --target Main', 2, '"Main" is no target.'],
  ['models add bad --target Main:x,priority=high', 2, 'is no target'],
  ['models add bad --target Nobody:x', 1, 'There is no provider Nobody.'],
  ['models add bad --target Main:x --price-input 1', 2, '--price-output'],
  ['models add bad --target Main:x --price-input cheap --price-output 1', 2, 'Give US dollars'],
  ['models add bad --target Main:x --multiplier 0', 2, 'Give a number above 0'],
  ['models add ntl/echo --target Main:x', 1, 'There is a model ntl/echo already.'],
  ['models update nothing-here --disable', 1, 'There is no model nothing-here.'],
  ['models update ntl/echo', 2, 'Say what to change'],
  ['models remove ntl/echo --yes', 1, 'built in'],
])('%s ends with %i', async (words, code, message) => {
  const refused = await ntl(words);
  expect(refused).toMatchObject({ code, stdout: '' });
  expect(refused.stderr).toContain(message);
});
