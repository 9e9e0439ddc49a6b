import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Vault, VaultError } from '../../../gateway/vault/vault.ts';
import { TestHome } from '../../connect/setup/home.ts';
import { startProvider } from '../../support/provider/provider.ts';
import { openAdmin } from './admin-app.ts';

const KEY = 'sk-credential-nobody-else-has-0123456789';
const FOLDERS = ['CLAUDE_CONFIG_DIR', 'CODEX_HOME', 'CONTINUE_GLOBAL_DIR', 'XDG_CONFIG_HOME'];
const VARIABLES = ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL'];

let home: TestHome;
beforeEach(() => {
  home = new TestHome();
  vi.stubEnv('HOME', home.path);
  for (const name of [...FOLDERS, ...VARIABLES]) vi.stubEnv(name, '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  home[Symbol.dispose]();
});

/** Settings of Claude Code for a service. */
function settings(url: string, key = KEY): void {
  const env = { ANTHROPIC_BASE_URL: url, ANTHROPIC_AUTH_TOKEN: key, ANTHROPIC_MODEL: 'claude-x' };
  home.write('.claude/settings.json', JSON.stringify({ env }));
}

describe('what is set up elsewhere', () => {
  it('is listed without a file being read, looked at, and taken over once', async () => {
    await using service = await startProvider({ credential: KEY });
    settings(service.url);
    const before = home.state();
    const admin = await openAdmin();
    const { body: sources } = await admin.call('GET', '/imports');
    expect(
      sources.data.map(({ id, isThere, files }: { id: string; isThere: boolean; files: string[] }) => [
        ...[id, isThere, files],
      ]),
    ).toEqual([
      ['environment', false, []],
      ['claude-code', true, ['~/.claude/settings.json']],
      ['codex', false, []],
      ['continue', false, []],
      ['claude-code-router', false, []],
      ['env-file', false, []],
      ['litellm', false, []],
    ]);

    const { body: looked } = await admin.call('POST', '/imports/claude-code/look', {});
    const [finding] = looked.findings;
    expect(finding).toMatchObject({
      ...{ id: 'ANTHROPIC_AUTH_TOKEN', name: '127.0.0.1', kind: 'anthropic-compatible', hasKey: true },
      ...{ keyHint: '…6789', baseUrl: service.url, known: null, headers: [], notes: [] },
      places: ['~/.claude/settings.json, env.ANTHROPIC_AUTH_TOKEN'],
      models: [{ id: 'claude-x', upstream: 'claude-x' }],
    });
    expect(admin.parts.providers.list()).toEqual([]);

    const wish = { finding: finding.id, mark: finding.mark };
    const answers = await Promise.all([
      admin.call('POST', '/imports/claude-code/take', wish),
      admin.call('POST', '/imports/claude-code/take', wish),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([201, 409]);
    expect(answers[1]?.body.error.message).toContain(
      'The provider 127.0.0.1 has this address and this key already',
    );
    const { id } = answers[0]?.body ?? {};
    const { body: test } = await admin.call('POST', `/providers/${id}/test`);
    expect(test).toMatchObject({ ok: true });
    expect(home.state()).toEqual(before);

    const again = await admin.call('POST', '/imports/claude-code/look', {});
    expect(again.body.findings[0].known).toEqual({ id, name: '127.0.0.1' });
    const { body: changes } = await admin.call('GET', '/changes');
    expect(changes.data[0]).toMatchObject({
      action: 'provider.create',
      after: { name: '127.0.0.1', credential: 'stored', importedFrom: 'claude-code' },
    });
  });

  it('tells its key in no answer, no log of changes and no file', async () => {
    settings('https://llm.example.com');
    home.write('.codex/auth.json', JSON.stringify({ OPENAI_API_KEY: `${KEY}-openai` }));
    home.write(
      '.continue/config.yaml',
      `models:\n  - {provider: mistral, model: m, apiKey: "${KEY} broken"}\n`,
    );
    const admin = await openAdmin();
    const answers = [];
    for (const source of ['claude-code', 'codex', 'continue', 'environment']) {
      const { text, body } = await admin.call('POST', `/imports/${source}/look`, {});
      answers.push(text);
      for (const { id: finding, mark } of body.findings)
        answers.push((await admin.call('POST', `/imports/${source}/take`, { finding, mark })).text);
    }
    expect(admin.parts.providers.list()).toHaveLength(2);
    for (const path of ['/changes', '/providers', '/status', '/diagnostics'])
      answers.push((await admin.call('GET', path)).text);
    for (const text of answers) expect(text).not.toContain(KEY);
    const files = readdirSync(admin.dataDir, { recursive: true, encoding: 'utf8' })
      .map((name) => join(admin.dataDir, name))
      .filter((path) => statSync(path).isFile());
    for (const path of files) expect(readFileSync(path).includes(KEY)).toBe(false);
    // What the comparison is made of is no help to who guesses: it is another in every process.
    const other = await openAdmin();
    const marks = [];
    for (const one of [admin, other])
      marks.push((await one.call('POST', '/imports/codex/look', {})).body.findings[0].mark);
    expect(marks[0]).not.toBe(marks[1]);
  });

  it('is taken over as it was looked at, or not at all', async () => {
    settings('https://llm.example.com');
    const admin = await openAdmin();
    const { body } = await admin.call('POST', '/imports/claude-code/look', {});
    const { id: finding, mark } = body.findings[0];
    settings('https://llm.example.com', `${KEY}-changed`);
    const changed = await admin.call('POST', '/imports/claude-code/take', { finding, mark });
    expect(changed).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('changed') } },
    });
    home.write('.claude/settings.json', '{}');
    const gone = await admin.call('POST', '/imports/claude-code/take', { finding, mark });
    expect(gone).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('not there') } },
    });
    expect(admin.parts.providers.list()).toEqual([]);
  });

  it('gets the next free name, or the one that was asked for', async () => {
    const text = `OPENAI_API_KEY=${KEY}\nGROQ_API_KEY=${KEY}\n`;
    const admin = await openAdmin();
    await admin.call('POST', '/providers', { name: 'OpenAI', kind: 'openai', credential: 'another' });
    const { body } = await admin.call('POST', '/imports/env-file/look', { text });
    expect(body.findings.map(({ known }: { known: unknown }) => known)).toEqual([null, null]);
    const [openai, groq] = body.findings.map(({ id: finding, mark }: { id: string; mark: string }) => ({
      finding,
      mark,
    }));
    const first = await admin.call('POST', '/imports/env-file/take', { text, ...openai });
    expect(first.body.name).toBe('OpenAI 2');
    const second = await admin.call('POST', '/imports/env-file/take', { text, ...groq, name: 'Quick' });
    expect(second.body.name).toBe('Quick');
  });

  it('of a file that was chosen needs its text, and is told by no name of a path', async () => {
    const admin = await openAdmin();
    const missing = await admin.call('POST', '/imports/litellm/look', {});
    expect(missing).toMatchObject({ status: 400, body: { error: { param: 'text' } } });
    const text =
      'model_list:\n  - model_name: a\n    litellm_params: {model: groq/a, api_key: os.environ/K}\n';
    const { body } = await admin.call('POST', '/imports/litellm/look', { text, variables: `K=${KEY}\n` });
    expect(body.findings).toMatchObject([{ kind: 'groq', places: ['The file, model_list[0]'] }]);
    const broken = await admin.call('POST', '/imports/litellm/look', { text: 'a: [\n' });
    expect(broken.body.problems).toEqual([expect.stringMatching(/^The file, line \d, is no valid YAML\./)]);
    expect((await admin.call('POST', '/imports/nothing/look', {})).status).toBe(404);
  });

  it('leaves nothing behind where the vault is locked', async () => {
    settings('https://llm.example.com');
    const locked = async () => {
      throw new VaultError('locked', 'The keychain is locked. Unlock it.');
    };
    const admin = await openAdmin({
      vault: (vault): Vault =>
        Object.assign(Object.create(vault), { get: locked, set: locked, delete: locked }),
    });
    const { body } = await admin.call('POST', '/imports/claude-code/look', {});
    const { id: finding, mark } = body.findings[0];
    const refused = await admin.call('POST', '/imports/claude-code/take', { finding, mark });
    expect(refused).toMatchObject({
      status: 503,
      body: { error: { message: 'The keychain is locked. Unlock it.' } },
    });
    expect(admin.parts.providers.list()).toEqual([]);
    expect((await admin.call('GET', '/changes')).body.data).toEqual([]);
  });

  it('is for nobody elsewhere, though the owner may come over the network', async () => {
    settings('https://llm.example.com');
    const admin = await openAdmin({ ownerFromNetwork: true });
    const headers = {
      host: 'gateway.lan:7411',
      cookie: `ntl_session=${admin.sessions.start('Firefox', 'password')}`,
    };
    const ask = (method: string, route: string, body?: object) =>
      admin.inject({
        method,
        path: `/admin/api${route}`,
        headers,
        remoteAddress: '192.168.1.5',
        ...(body && { body }),
      });
    expect((await ask('GET', '/providers')).status).toBe(200);
    expect((await ask('GET', '/imports')).status).toBe(403);
    expect((await ask('POST', '/imports/claude-code/look', {})).status).toBe(403);
    expect((await ask('POST', '/imports/claude-code/take', { finding: 'x', mark: 'x' })).status).toBe(403);
    expect((await ask('POST', '/imports/known', { providers: [] })).status).toBe(403);
  });
});

it('a caller that looked itself is told what is there already', async () => {
  const admin = await openAdmin();
  const facts = { name: 'Lab', kind: 'openai-compatible', baseUrl: 'http://localhost:9/v1', credential: KEY };
  const { body } = await admin.call('POST', '/providers', { ...facts, importedFrom: 'litellm' });
  await admin.call('POST', '/providers', { name: 'Open', kind: 'ollama' });
  const providers = [
    { baseUrl: 'http://127.0.0.1:9/', credential: KEY },
    { baseUrl: 'http://127.0.0.1:9/', credential: `${KEY}x` },
    { baseUrl: 'http://127.0.0.1:9/', credential: null },
    { baseUrl: 'http://localhost:11434/v1', credential: null },
    { baseUrl: 'http://localhost:11434/v1', credential: 'x' },
  ];
  const answer = await admin.call('POST', '/imports/known', { providers });
  expect(answer.body.data).toEqual([
    ...[{ id: body.id, name: 'Lab' }, null, null, expect.objectContaining({ name: 'Open' }), null],
  ]);
  expect(answer.text).not.toContain(KEY);
  const wrong = await admin.call('POST', '/imports/known', {
    providers: [{ baseUrl: 'x', credential: null }],
  });
  expect(wrong).toMatchObject({ status: 400, body: { error: { param: 'providers[0].baseUrl' } } });
});
