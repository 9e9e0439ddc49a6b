import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRuntimeFile } from '../../gateway/runtime-file.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { until } from '../support/until.ts';
import { ntlHere } from './ntl-here.ts';
import { NTL, type RunOptions, runNtl, TestFolder } from './run-ntl.ts';

const CREDENTIAL = 'sk-very-secret-0123456789';

let gateway: TestGateway;
let provider: Provider;

beforeAll(async () => {
  gateway = await startGateway();
  provider = await startProvider({ credential: CREDENTIAL });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
});

function ntl(words: string, options: RunOptions = {}) {
  return ntlHere([...words.split(' '), '--data-dir', gateway.dataDir], options);
}

async function providers() {
  return (await gateway.admin('GET', '/providers')).body.data;
}

describe('ntl providers add', () => {
  it('stores a piped credential, tests the connection, publishes models, and shows the credential nowhere', async () => {
    const added = await ntl(
      `providers add openai-compatible --name Work --base-url ${provider.url} --priority 3 --header x-team=blue --models gpt-4o,gpt-5-mini`,
      { input: `${CREDENTIAL}\n` },
    );
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect(added.stdout).toMatch(/^Added Work \(id \d+\) at http:/);
    expect(added.stdout).toMatch(/Work works .* lists 5 models/);
    expect(added.stdout).toContain('gpt-4o: published\ngpt-5-mini: published\n');
    expect(provider.requests.at(-1)?.headers).toMatchObject({
      authorization: `Bearer ${CREDENTIAL}`,
      'x-team': 'blue',
    });

    const answer = await gateway.post('/v1/chat/completions', {
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'hi' }],
    });
    expect(answer.status).toBe(200);

    const outputs = await Promise.all(
      ['providers list', 'providers list --json', 'changes --json', 'status --json'].map((words) =>
        ntl(words),
      ),
    );
    for (const { stdout, stderr } of [added, ...outputs]) expect(stdout + stderr).not.toContain(CREDENTIAL);
    expect(filesHolding(gateway.dataDir, CREDENTIAL)).toEqual([]);
    expect(outputs[0]?.stdout).toMatch(/Work +openai-compatible +http\S+ +stored +3 +ok/);
  });

  it('adds a second provider of a model as one more target, and leaves an alias alone', async () => {
    await gateway.admin('POST', '/models', { id: 'claude-haiku-4-5', aliasOf: 'gpt-4o' });
    const added = await ntl(
      `providers add openai-compatible --base-url ${provider.url} --models all --json`,
      {
        input: CREDENTIAL,
      },
    );
    expect(added, added.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(added.stdout)).toMatchObject({ name: 'OpenAI-compatible', hasCredential: true });
    expect(added.stderr).toContain('gpt-4o: got another target');
    expect(added.stderr).toContain('claude-haiku-4-5: skipped: it is an alias');
    const model = (await gateway.admin('GET', '/models/gpt-4o')).body;
    expect(model.targets.map((target: { providerName: string }) => target.providerName)).toEqual([
      'Work',
      'OpenAI-compatible',
    ]);
  });

  it('takes the credential from a variable', async () => {
    const env = { MY_KEY: CREDENTIAL };
    const words = `providers add openai-compatible --name Env --base-url ${provider.url} --credential-env`;
    const added = await ntl(`${words} MY_KEY`, { env });
    expect(added.code).toBe(0);
    expect(added.stdout).toMatch(/Publish its models: ntl providers models \d+ --publish all --data-dir/);
    const unset = await ntl(`${words} OTHER_KEY`, { env });
    expect(unset).toMatchObject({ code: 2, stdout: '' });
    expect(unset.stderr).toContain('OTHER_KEY');
  });

  it.each([`--credential ${CREDENTIAL}`, `--credential=${CREDENTIAL}`])(
    'refuses %s and says why',
    async (flag) => {
      const before = await providers();
      const refused = await ntl(`providers add openai ${flag}`);
      expect(refused).toMatchObject({ code: 2, stdout: '' });
      expect(refused.stderr).toMatch(/history.*process list/);
      expect(refused.stderr).not.toContain(CREDENTIAL);
      expect(await providers()).toEqual(before);
    },
  );

  it('keeps a provider whose test fails, says what to do, and ends with 1', async () => {
    const added = await ntl(`providers add openai-compatible --name Typo --base-url ${provider.url}`, {
      input: 'sk-wrong',
    });
    expect(added.code).toBe(1);
    expect(added.stdout).toContain('Typo does not work');
    expect(added.stdout).toMatch(/ntl providers update \d+ --new-credential/);
    expect(added.stdout).not.toContain('sk-wrong');

    const mended = await ntl('providers update Typo --new-credential', { input: CREDENTIAL });
    expect(mended.code).toBe(0);
    expect((await ntl('providers test typo')).stdout).toContain('Typo works');
  });

  it.concurrent.each([
    ['providers add nonsense', 2, 'There is no kind nonsense.'],
    ['providers add openai-compatible', 2, 'give --base-url'],
    ['providers add openai', 1, 'No credential came in for OpenAI.'],
    ['providers add ollama --no-credential --base-url ftp://x', 1, '(baseUrl)'],
    ['providers add ollama --no-credential --header authorization=x', 1, 'credential'],
    ['providers add ollama --no-credential --proxy http://me:pw@10.0.0.1:1', 2, '--proxy-env'],
    ['providers add ollama --no-credential --ca /nowhere.pem', 1, '/nowhere.pem'],
    ['providers add ollama --no-credential --header x', 2, 'Give name=value.'],
  ])('%s ends with %i', async (words, code, message) => {
    const refused = await ntl(words);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(message);
  });
});

describe('ntl providers', () => {
  it('lists kinds, and the models of a provider', async () => {
    const [kinds, models, json] = await Promise.all([
      ntl('providers kinds'),
      ntl('providers models Work'),
      ntl('providers models Work --json'),
    ]);
    expect(kinds.stdout).toMatch(/^KIND +NAME/);
    expect(kinds.stdout).toMatch(/^ollama +Ollama .* yes +optional/m);
    expect(models.stdout.split('\n')).toContain('text-embedding-3-small');
    expect(JSON.parse(json.stdout).data).toContainEqual(
      expect.objectContaining({ id: 'gpt-4o', facts: expect.objectContaining({ contextWindow: 128_000 }) }),
    );
  });

  it('publishes models of a provider later, and refuses ones it does not have', async () => {
    const published = await ntl('providers models Env --publish gpt-4o');
    expect(published).toMatchObject({ code: 0, stdout: 'gpt-4o: got another target\n' });
    expect((await ntl('providers models Env --publish gpt-4o')).stdout).toBe(
      'gpt-4o: had this target already\n',
    );
    const refused = await ntl('providers models Env --publish gpt-9');
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: 'Env does not list gpt-9.\n' });
  });

  it('changes what is given and keeps the rest', async () => {
    const before = (await providers()).find(({ name }: { name: string }) => name === 'Env');
    expect((await ntl('providers update Env --name Renamed --disable')).code).toBe(0);
    const after = (await gateway.admin('GET', `/providers/${before.id}`)).body;
    const off = { kind: 'off', since: null, until: null, message: null };
    expect(after).toEqual({ ...before, name: 'Renamed', enabled: false, state: off });
    const nothing = await ntl('providers update Renamed');
    expect(nothing).toMatchObject({ code: 2, stdout: '' });
    const removed = await ntl(`providers update ${before.id} --remove-credential --json`);
    expect(JSON.parse(removed.stdout)).toMatchObject({ hasCredential: false });
  });

  it('removes only when told twice', async () => {
    const asked = await ntl('providers remove Renamed');
    expect(asked).toMatchObject({ code: 2, stdout: '' });
    expect(asked.stderr).toContain('--yes');
    expect(await providers()).toContainEqual(expect.objectContaining({ name: 'Renamed' }));
    expect(await ntl('providers remove Renamed --yes')).toMatchObject({ code: 0 });
    const again = await ntl('providers remove Renamed --yes');
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toMatch(/^There is no provider Renamed\. All of them: ntl providers list/);
  });

  it('asks for an id where two providers share a name', async () => {
    const facts = { name: 'Twin', kind: 'ollama' };
    const one = await gateway.admin('POST', '/providers', facts);
    const two = await gateway.admin('POST', '/providers', facts);
    const refused = await ntl('providers test twin');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`${one.body.id}, ${two.body.id}`);
  });

  it('tells a gateway that was killed from one that runs', async () => {
    using folder = new TestFolder();
    const other = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const list = ['providers', 'list', '--data-dir', folder.path];
    writeRuntimeFile(folder.path, { pid: 1, url, adminToken: 'stale', panelUrl: url });
    const stranger = await runNtl(list);
    expect(stranger).toMatchObject({ code: 1, stdout: '' });
    expect(stranger.stderr).toContain(`Something else answers at ${url}.`);
    await new Promise((resolve) => other.close(resolve));
    const killed = await runNtl(list);
    expect(killed).toMatchObject({ code: 1, stdout: '' });
    expect(killed.stderr).toContain('The gateway is not running');
  });
});

/** `script` of util-linux gives a command a terminal. */
describe.skipIf(process.platform !== 'linux' || !hasScript())('on a terminal', () => {
  it('reads the credential from a hidden prompt', async () => {
    const words = ['providers', 'add', 'openai-compatible', '--name', 'Typed', '--base-url', provider.url];
    const screen = await onTerminal(
      [...words, '--data-dir', gateway.dataDir],
      [['API key for OpenAI-compatible (hidden', `${CREDENTIAL}\r`]],
    );
    expect(screen.text).toContain('Typed works');
    expect(screen.text).not.toContain(CREDENTIAL);
    expect(screen.code).toBe(0);
  });

  it('asks before something is removed', async () => {
    const remove = ['providers', 'remove', 'Typed', '--data-dir', gateway.dataDir];
    const kept = await onTerminal(remove, [['[y/N]', '\r']]);
    expect(kept.text).toContain('Nothing was changed.');
    expect(kept.code).toBe(1);
    const interrupted = await onTerminal(remove, [['[y/N]', '\x03']]);
    expect(interrupted.code).toBe(1);
    expect(await providers()).toContainEqual(expect.objectContaining({ name: 'Typed' }));
    const gone = await onTerminal(remove, [['[y/N]', 'y\r']]);
    expect(gone.text).toContain('Removed Typed');
    expect(gone.code).toBe(0);
  });
});

function hasScript(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
}

/** Runs `ntl` on a terminal of its own and types an answer when its question stands there. */
async function onTerminal(args: readonly string[], answers: readonly (readonly [string, string])[]) {
  const line = [...NTL, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qefc', line, '/dev/null']);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = once(child, 'close');
  for (const [question, answer] of answers) {
    await until(`the question ${question}`, () => text.includes(question));
    child.stdin.write(answer);
  }
  const [code] = await ended;
  return { text, code };
}

function filesHolding(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(folder, name);
    return statSync(path).isFile() && readFileSync(path).includes(text);
  });
}
