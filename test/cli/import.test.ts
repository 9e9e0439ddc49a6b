import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { TestHome } from '../connect/setup/home.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { until } from '../support/until.ts';
import { ntlHere } from './ntl-here.ts';
import { cleanEnvironment, NTL, type Run, runNtl } from './run-ntl.ts';

/** Each test starts the command several times, each a process of its own. */
vi.setConfig({ testTimeout: 180_000 });

const CACHE = join(homedir(), '.cache');
const KEY = 'sk-nobody-else-has-this-0123456789';

let gateway: TestGateway;
let service: Provider;
let home: TestHome;

beforeAll(async () => {
  gateway = await startGateway();
  service = await startProvider({ credential: KEY });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await service.close();
});
beforeEach(async () => {
  home = new TestHome();
  // Node asks the system for it, not its own variables.
  vi.stubEnv('HOME', home.path);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    home[Symbol.dispose]();
  });
  for (const { id } of await providers()) await gateway.admin('DELETE', `/providers/${id}`);
  for (const { id } of (await gateway.admin('GET', '/models')).body.data)
    if (id !== 'ntl/echo' && !id.startsWith('quota/'))
      await gateway.admin('DELETE', `/models/${encodeURIComponent(id)}`);
});

function environment(env: Record<string, string> = {}): Record<string, string> {
  const folders = { XDG_CONFIG_HOME: '', CLAUDE_CONFIG_DIR: '', CODEX_HOME: '', CONTINUE_GLOBAL_DIR: '' };
  // Compiled code is kept where other tests have it.
  const XDG_CACHE_HOME = process.env.XDG_CACHE_HOME ?? CACHE;
  return { ...folders, XDG_CACHE_HOME, HOME: home.path, NTL_DATA_DIR: gateway.dataDir, ...env };
}

/** Of every run, that it told no key. @param run how: in this process unless said */
async function ntl(words: string, env: Record<string, string> = {}, how = ntlHere): Promise<Run> {
  const run = await how(['providers', 'import', ...words.split(' ').filter((word) => word !== '')], {
    env: environment(env),
  });
  expect(run.stdout + run.stderr).not.toContain(KEY);
  return run;
}

async function providers() {
  return (await gateway.admin('GET', '/providers')).body.data;
}

describe('ntl providers import', () => {
  it('shows where there may be something, then what there is, asks, and takes it over', async () => {
    const settings = {
      env: { ANTHROPIC_BASE_URL: service.url, ANTHROPIC_AUTH_TOKEN: KEY, ANTHROPIC_MODEL: 'gpt-4o' },
    };
    home.write('.claude/settings.json', JSON.stringify({ ...settings, apiKeyHelper: 'false' }));
    const before = home.state();
    const sources = await ntl('');
    expect(sources).toMatchObject({ code: 0, stderr: '' });
    expect(sources.stdout).toMatch(/^claude-code +Claude Code +~\/\.claude\/settings\.json$/m);
    expect(sources.stdout).toMatch(/^codex +Codex +no$/m);
    expect(sources.stdout).toMatch(/^litellm +LiteLLM +choose it: --file$/m);

    const dry = await ntl('claude --dry-run');
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toContain('A command prints the key, and no command is run for this.');
    expect(dry.stdout).toMatch(
      /127\.0\.0\.1\n {2}kind +Anthropic-compatible\n {2}address +http\S+\n {2}key +…6789\n {2}from +~\/\.claude\/settings\.json, env\.ANTHROPIC_AUTH_TOKEN\n {2}models +gpt-4o\n/,
    );
    const unanswered = await ntl('claude-code');
    expect(unanswered).toMatchObject({ code: 2, stderr: expect.stringContaining('add --yes') });
    expect(await providers()).toEqual([]);

    const done = await ntl('claude-code --yes --publish', {}, runNtl);
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toMatch(/Took 127\.0\.0\.1 over \(id \d+\)\.\n127\.0\.0\.1 works/);
    expect(done.stdout).toContain('gpt-4o: published');
    expect(await providers()).toMatchObject([
      { name: '127.0.0.1', kind: 'anthropic-compatible', hasCredential: true },
    ]);
    expect(home.state()).toEqual(before);

    const again = JSON.parse((await ntl('claude-code --yes --json')).stdout);
    expect(again.findings).toMatchObject([
      { keyHint: '…6789', known: { name: '127.0.0.1' }, provider: null },
    ]);
    expect(await providers()).toHaveLength(1);
    const { body: changes } = await gateway.admin('GET', '/changes?pageSize=20');
    expect(JSON.stringify(changes)).not.toContain(KEY);
    expect(filesHolding(gateway.dataDir, KEY)).toEqual([]);
    expect(changes.data).toContainEqual(
      expect.objectContaining({
        action: 'provider.create',
        after: expect.objectContaining({ importedFrom: 'claude-code' }),
      }),
    );
  });

  it('a LiteLLM file comes over with its names, and what serves one there serves it here', async () => {
    await using other = await startProvider({ credential: `${KEY}-other` });
    home.write(
      'work/config.yaml',
      `model_list:
  - model_name: smart
    litellm_params: { model: openai/gpt-4o, api_base: "${service.url}", api_key: os.environ/FIRST }
  - model_name: smart
    litellm_params: { model: openai/gpt-5-mini, api_base: "${other.url}/v1", api_key: os.environ/SECOND }
  - model_name: smart
    litellm_params: { model: openai/gpt-5-mini, api_base: "${service.url}", api_key: os.environ/FIRST }
  - model_name: taken
    litellm_params: { model: openai/gpt-4o, api_base: "${service.url}", api_key: os.environ/FIRST }
`,
    );
    home.write('work/.env', `FIRST=${KEY}\nSECOND=${KEY}-other\n`);
    const mine = await gateway.publish(other, [], { name: 'Mine', credential: 'x' });
    await gateway.admin('POST', '/models', {
      id: 'taken',
      targets: [{ providerId: mine, upstreamModel: 'm' }],
    });

    const byNpm = { npm_lifecycle_event: 'ntl', INIT_CWD: join(home.path, 'work') };
    const words = 'litellm --file config.yaml --variables .env --yes --publish --json';
    const { stdout, stderr, code } = await ntl(words, byNpm);
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('smart: got another target'),
    });
    const { findings, left, problems } = JSON.parse(stdout);
    expect({ left, problems }).toEqual({ left: [], problems: [] });
    expect(findings.map(({ published }: { published: object }) => published)).toEqual([
      [
        { id: 'smart', how: 'published' },
        { id: 'smart', how: 'got another target' },
        { id: 'taken', how: 'skipped: the name is in use' },
      ],
      [{ id: 'smart', how: 'got another target' }],
    ]);
    const { body } = await gateway.admin('GET', '/models/smart');
    expect(body.targets.map(({ upstreamModel }: { upstreamModel: string }) => upstreamModel)).toEqual([
      'gpt-4o',
      'gpt-5-mini',
      'gpt-5-mini',
    ]);
    expect((await providers()).map(({ name }: { name: string }) => name)).toEqual([
      'Mine',
      '127.0.0.1',
      '127.0.0.1 2',
    ]);
    const answer = await gateway.post('/v1/chat/completions', {
      ...{ model: 'smart', messages: [{ role: 'user', content: 'hi' }] },
    });
    expect(answer.status).toBe(200);
  });

  it('the terminal’s own variables are taken, some of them, and one that does not work is kept and said', async () => {
    const env = {
      OPENAI_API_KEY: `${KEY}-wrong`,
      OPENAI_BASE_URL: service.url,
      GROQ_API_KEY: `ntl_live_${'x'.repeat(40)}`,
    };
    const none = await ntl('environment --only Mistral --yes', env);
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toContain('There is no Mistral to take over. Found: 127.0.0.1.');
    const done = await ntl('env --only openai_api_key --yes', env);
    expect(done).toMatchObject({ code: 1, stderr: '' });
    expect(done.stdout).toContain('Groq, GROQ_API_KEY: Its key is one of a NoTokenLimit gateway');
    expect(done.stdout).toContain('127.0.0.1 does not work');
    expect(done.stdout).toMatch(
      /It is kept\. Put it right, say with: ntl providers update \d+ --new-credential/,
    );
    expect(await providers()).toHaveLength(1);
    const own = await ntl('env --yes', { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${gateway.url}/v1` });
    expect(own).toMatchObject({ code: 0, stderr: '' });
    expect(own.stdout).toContain('It leads to this gateway itself.');
    expect(own.stdout).toContain('Nothing to take over was found in Environment variables.');
  });

  it.each([
    ['nonsense', 2, 'There is no source nonsense. All of them: ntl providers import'],
    ['litellm', 2, '--file FILE'],
    ['codex --file x', 2, 'leave --file out'],
    ['env-file --file nowhere.env', 1, 'There is no file'],
  ])('%s ends with %i', async (words, code, message) => {
    const refused = await ntl(words);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(message);
  });

  it('the log of changes says where a provider was set up before', async () => {
    await ntl('env --yes', { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: service.url });
    const { stdout } = await ntlHere(['changes'], { env: environment() });
    expect(stdout).toMatch(/provider\.create +provider \d+ \(127\.0\.0\.1\) +new, from environment\n/);
  });

  it('a broken file is named with its line, and nothing is stored', async () => {
    home.write('.codex/config.toml', `a = 1\nb = "${KEY}\n`);
    const broken = await ntl('codex --yes');
    expect(broken).toMatchObject({
      code: 1,
      stderr: '~/.codex/config.toml, line 2, is no valid TOML. It is left as it is.\n',
    });
    const moved = await ntlHere(['import', 'codex'], { env: environment() });
    expect(moved.stderr).toContain('Providers of other tools come with: ntl providers import codex');
    expect(await providers()).toEqual([]);
  });
});

/** Database, logs, vault and all. */
function filesHolding(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(folder, name);
    return statSync(path).isFile() && readFileSync(path).includes(text);
  });
}

/** `script` of util-linux gives a command a terminal. */
describe.skipIf(process.platform !== 'linux' || !hasScript())('on a terminal', () => {
  it('each provider is asked for, and its models too', async () => {
    const text = `OPENAI_API_KEY=${KEY}\nOPENAI_BASE_URL=${service.url}\nANTHROPIC_BASE_URL=${service.url}\nANTHROPIC_API_KEY=${KEY}\nANTHROPIC_MODEL=gpt-5-mini\n`;
    const file = home.write('.env', text);
    const screen = await onTerminal(
      ['providers', 'import', 'env-file', '--file', file],
      [
        ['Take 127.0.0.1 over with its key? [y/N]', 'n\r'],
        ['Take 127.0.0.1 over with its key? [y/N]', 'y\r'],
        ['Publish its model gpt-5-mini? [y/N]', 'y\r'],
      ],
    );
    // Ctrl-C at the second of two says what the first one left.
    home.write('.env', text.replaceAll(KEY, `${KEY}-2`));
    const stopped = await onTerminal(
      ['providers', 'import', 'env-file', '--file', file],
      [
        ['Take 127.0.0.1 over with its key? [y/N]', 'y\r'],
        ['Take 127.0.0.1 over with its key? [y/N]', '\x03'],
      ],
    );
    expect(stopped.text).toContain('Stopped. Taken over before: 127.0.0.1 2.');
    expect(stopped.code).toBe(1);
    expect(screen.text).toContain('gpt-5-mini: published');
    expect(screen.text).not.toContain(KEY);
    expect(screen.code).toBe(0);
    expect(await providers()).toMatchObject([
      { kind: 'anthropic-compatible' },
      { kind: 'openai-compatible' },
    ]);
  });
});

function hasScript(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
}

/** Types each answer when its question stands there, once more than before. */
async function onTerminal(args: readonly string[], answers: readonly (readonly [string, string])[]) {
  const line = [...NTL, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qefc', line, '/dev/null'], {
    env: { ...cleanEnvironment(), ...environment() },
  });
  let text = '';
  let read = 0;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = once(child, 'close');
  for (const [question, answer] of answers) {
    await until(`the question ${question} in ${text}`, () => text.indexOf(question, read) >= 0);
    read = text.indexOf(question, read) + question.length;
    child.stdin.write(answer);
  }
  const [code] = await ended;
  return { text, code };
}
