import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Block, KEY_PLACEHOLDER } from '../../../gateway/connect/recipe.ts';
import { RECIPES } from '../../../gateway/connect/recipes.ts';
import type { ConnectRecipe, ConnectTool } from '../../../gateway/doors/admin/contract.ts';
import { readFile } from '../../connect/read-block.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { openAdmin } from './admin-app.ts';

const ROOT = new URL('../../..', import.meta.url);

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

async function recipe(id: string, query = ''): Promise<ConnectRecipe> {
  const { status, body } = await gateway.admin('GET', `/connect/tools/${id}${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

async function tools(): Promise<ConnectTool[]> {
  return (await gateway.admin('GET', '/connect/tools')).body.data;
}

const blocksOf = ({ ways }: ConnectRecipe): Block[] => ways.flatMap(({ blocks }) => blocks);

/** With the key put in, as the panel does. */
const withKey = ({ text }: Block) => text.replaceAll(KEY_PLACEHOLDER, gateway.key);

/** Runs a program to its end. @returns what it printed */
async function run(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const [printed, complained, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once('close', resolve)),
  ]);
  expect(code, complained).toBe(0);
  return printed;
}

describe('tools', () => {
  it('are listed with what a recipe can be filled with', async () => {
    const all = await tools();
    expect(all.map(({ id }) => id)).toEqual(RECIPES.map(({ id }) => id));
    expect(all[0]).toEqual({
      ...{ id: 'claude-code', label: 'Claude Code', group: 'agents', fields: ['model', 'smallModel'] },
      seenAs: ['claude-code'],
      setUp: true,
      speaks: 'Speaks Anthropic Messages. Any model here works, from every provider.',
      lastSeenAt: null,
    });
  });

  it('are seen once a request of theirs came with a key, over a restart too', async () => {
    const seen = async (id: string) => (await tools()).find((tool) => tool.id === id)?.lastSeenAt;
    const ask = (key: string) =>
      gateway.post('/v1/messages', {}, { key, headers: { 'user-agent': 'claude-cli/2.1.329 (external)' } });
    await ask('ntl_live_unknown');
    expect(await seen('claude-code')).toBeNull();
    await ask(gateway.key);
    const at = (await gateway.rows())[0].at;
    expect(await seen('claude-code')).toBe(at);
    await gateway.restart();
    expect(await seen('claude-code')).toBe(at);
    expect((await recipe('claude-code')).lastSeenAt).toBe(at);
    expect(await seen('codex')).toBeNull();
  });

  it('that nobody knows are not found', async () => {
    expect((await gateway.admin('GET', '/connect/tools/nothing')).status).toBe(404);
  });
});

describe('what is filled in', () => {
  it('is the model asked for, else the owner’s default, else one that answers', async () => {
    expect((await recipe('codex')).model).toBe('ntl/echo');
    await gateway.admin('PATCH', '/settings', { defaultModel: 'ntl/echo' });
    expect(await recipe('codex')).toMatchObject({ model: 'auto', smallModel: 'auto' });
    const asked = await recipe('claude-code', '?model=ntl%2Fecho&smallModel=quota%2Ffast');
    expect(asked).toMatchObject({ model: 'ntl/echo', smallModel: 'quota/fast', address: gateway.url });
    expect(await readFile(blocksOf(asked)[0] as Block)).toEqual({
      env: {
        ANTHROPIC_BASE_URL: `${gateway.url}/api`,
        ANTHROPIC_AUTH_TOKEN: KEY_PLACEHOLDER,
        ANTHROPIC_MODEL: 'ntl/echo',
        ANTHROPIC_DEFAULT_OPUS_MODEL: 'ntl/echo',
        ANTHROPIC_DEFAULT_SONNET_MODEL: 'ntl/echo',
        ANTHROPIC_DEFAULT_HAIKU_MODEL: 'quota/fast',
        CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: '1',
        CLAUDE_CODE_MAX_CONTEXT_TOKENS: '128000',
      },
    });
    await gateway.admin('PATCH', '/settings', { defaultModel: null });
  });

  it('is what the model takes, for tools that must be told', async () => {
    await gateway.admin('POST', '/models', { id: 'small', targets: [] });
    await gateway.admin('PATCH', '/models/small', {
      facts: { contextWindow: 8_000, maxOutputTokens: 6_000 },
    });
    const zed = await readFile(blocksOf(await recipe('zed', '?model=small'))[0] as Block);
    expect(JSON.stringify(zed)).toContain('"max_tokens":8000,"max_output_tokens":4000');
  });

  it('is refused by its field where it is wrong', async () => {
    const param = async (query: string) => {
      const { status, body } = await gateway.admin('GET', `/connect/tools/codex?${query}`);
      return [status, body.error?.param];
    };
    expect(await param('model=nothing')).toEqual([400, 'model']);
    expect(await param('smallModel=nothing')).toEqual([400, 'smallModel']);
    expect(await param('address=ntl.example.net')).toEqual([400, 'address']);
    expect(await param('adress=x')).toEqual([400, 'adress']);
  });

  it('is the address given, such as a tunnel’s', async () => {
    const cursor = await recipe('cursor', '?address=https%3A%2F%2Fntl.example.net%2F');
    expect(cursor.address).toBe('https://ntl.example.net');
    expect(cursor.notes.map(({ tone }) => tone)).not.toContain('warn');
    expect(blocksOf(cursor).map((block) => block.text)).toContain('https://ntl.example.net/cursor/v1');
    expect((await recipe('cursor')).notes[0]?.tone).toBe('warn');
  });

  it('is the usual address where the gateway listens nowhere, and says so', async () => {
    const { call, listens } = await openAdminThat();
    listens([]);
    const silent = (await call('GET', '/connect/tools/codex')).body;
    expect(silent).toMatchObject({ address: 'http://127.0.0.1:7411', notes: [{ tone: 'warn' }, {}, {}] });
    listens(['http://[::1]:4711']);
    expect((await call('GET', '/connect/tools/codex')).body).toMatchObject({ address: 'http://[::1]:4711' });
  });
});

/** An admin door whose addresses the test says. */
async function openAdminThat() {
  let addresses: string[] = [];
  const admin = await openAdmin({ addresses: () => addresses });
  return { call: admin.call, listens: (now: string[]) => (addresses = now) };
}

describe.each(RECIPES.map(({ id }) => id))('%s', (id) => {
  it('names addresses that answer', async () => {
    const blocks = blocksOf(await recipe(id, '?model=ntl%2Fecho'));
    const urls = new Set(blocks.flatMap((block) => block.text.match(/http:\/\/127[^\s"'`]+/g) ?? []));
    if (id !== 'cursor') expect(urls.size).toBeGreaterThan(0);
    for (const url of urls) {
      if (url === gateway.url) continue;
      expect(await answerAt(url), url).toBe(200);
    }
  });
});

/** Asks as a tool does that was given the URL: whole paths as they are, bases with their protocol's path. */
async function answerAt(url: string): Promise<number> {
  const headers = { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' };
  const post = (target: string, body: object) =>
    fetch(target, { method: 'POST', headers, body: JSON.stringify({ model: 'ntl/echo', ...body }) });
  const messages = { messages: [{ role: 'user', content: 'hi' }], max_tokens: 9 };
  if (url.endsWith('/responses')) return (await post(url, { input: 'hi' })).status;
  if (/\/(chat\/completions|messages)$/.test(url)) return (await post(url, messages)).status;
  const base = url.replace(/\/$/, '');
  if (!base.endsWith('/v1')) return (await post(`${base}/v1/messages`, messages)).status;
  const models = await fetch(`${base}/models`, { headers });
  return models.status === 200 ? (await post(`${base}/chat/completions`, messages)).status : models.status;
}

describe('what can be run from here', () => {
  it('curl’s lines answer', async () => {
    for (const block of blocksOf(await recipe('curl', '?model=ntl%2Fecho'))) {
      expect(block.language).toBe('shell');
      const answer = JSON.parse(await run('sh', ['-c', withKey(block).replace(/^curl /, 'curl -sS ')]));
      expect(JSON.stringify(answer)).toContain('Say hello.');
    }
    expect((await gateway.rows())[0]).toMatchObject({ tool: 'curl', status: 200 });
  });

  it.each([
    ['openai-sdk', 'openai-sdk'],
    ['anthropic-sdk', 'anthropic-sdk'],
    ['vercel-ai-sdk', 'ai-sdk'],
  ])('the programs of %s answer', async (id, tool) => {
    const programs = blocksOf(await recipe(id, '?model=ntl%2Fecho'));
    const typescript = programs.filter(({ language }) => language === 'typescript');
    expect(typescript.length).toBeGreaterThan(0);
    for (const block of typescript) {
      const printed = await run(process.execPath, ['--input-type=module', '--eval', withKey(block)]);
      expect(printed).toContain('Say hello.');
      expect((await gateway.rows())[0]).toMatchObject({ tool, status: 200, model: 'ntl/echo' });
    }
  });
});
