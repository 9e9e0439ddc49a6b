import { afterAll, beforeAll, expect, it } from 'vitest';
import { modelsText } from '../../gateway/cli/models-text.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { ntlHere } from './ntl-here.ts';

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
  return ntlHere([...words.split(' '), '--data-dir', gateway.dataDir]);
}

async function model(id: string) {
  return (await gateway.admin('GET', `/models/${encodeURIComponent(id)}`)).body;
}

it('adds a model with targets, multiplier and price in dollars', async () => {
  const added = await ntl(
    `models add team/big --target Main:llama3:8b,priority=2,weight=5 --target ${ids.Spare}:org/x --multiplier 1.5 --price-input 2.5 --price-output 0.075`,
  );
  expect(added).toMatchObject({ code: 0, stderr: '' });
  expect(added.stdout).toMatch(/^team\/big .* yes +– +– +x1\.5 +\$2\.50 +\$0\.075$/m);
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

it('says what is known of a model, shows it, and takes it back', async () => {
  await ntl('models add known --target Main:a --context-window 200k');
  const said = await ntl(
    'models update known --max-output 64k --modalities text,image --efforts low,high --thinking nothing --sampling no',
  );
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toMatch(/^known +Main:a +yes +200k +64k +x1/m);
  expect((await model('known')).facts).toEqual({
    ...{ contextWindow: 200_000, maxOutputTokens: 64_000, inputModalities: ['text', 'image'] },
    ...{ efforts: ['low', 'high'], thinking: [], sampling: false },
  });
  const [shown, json] = await Promise.all([ntl('models show known'), ntl('models show known --json')]);
  expect(shown.stdout).toMatch(/^Context window +200,000 tokens \(set by you\)$/m);
  expect(shown.stdout).toMatch(/^Efforts +low, high \(set by you\)$/m);
  expect(shown.stdout).toMatch(/^Thinking +does not think \(set by you\)$/m);
  expect(JSON.parse(json.stdout)).toEqual(await model('known'));

  const taken =
    'models update known --context-window known --efforts known --sampling known --modalities known';
  expect((await ntl(taken)).code).toBe(0);
  expect((await model('known')).facts).toMatchObject({
    contextWindow: null,
    efforts: null,
    maxOutputTokens: 64_000,
  });
  expect((await ntl('models show known')).stdout).toMatch(/^Context window +not known$/m);
});

it('tells on 80 columns as much as fits', async () => {
  await ntl(
    'models add anthropic/claude-opus-4-7 --target Main:claude-opus-4-7 --context-window 1M --max-output 128k --price-input 5 --price-output 25',
  );
  const { data } = (await gateway.admin('GET', '/models?pageSize=1000')).body;
  const some = data.filter(({ id }: { id: string }) => /^(anthropic|quota|ntl)\//.test(id));
  const lines = modelsText(some, 80).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.find((line) => line.startsWith('anthropic/'))).toMatch(/ yes +1M +128k( +x1)?$/);
  expect(modelsText(some)).toContain('OUT $/M');
  expect(modelsText(some, 20)).toContain('MAX OUT');
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
  ['models show nothing-here', 1, 'There is no model nothing-here.'],
  ['models update ntl/echo --context-window 0', 2, 'Give at least 1'],
  ['models update ntl/echo --max-output lots', 2, 'Give a whole number'],
  ['models update ntl/echo --modalities text,smell', 2, 'There is no smell'],
  ['models update ntl/echo --efforts ultra', 2, 'There is no ultra'],
  ['models update ntl/echo --sampling maybe', 2, 'Give yes, no or known'],
])('%s ends with %i', async (words, code, message) => {
  const refused = await ntl(words);
  expect(refused).toMatchObject({ code, stdout: '' });
  expect(refused.stderr).toContain(message);
});
