import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { KEY_PLACEHOLDER, type Place } from '../../../gateway/connect/recipe.ts';
import { connect, type Desk, disconnect, preview } from '../../../gateway/connect/setup/connection.ts';
import { Records } from '../../../gateway/connect/setup/records.ts';
import { SETUPS } from '../../../gateway/connect/setup/setups.ts';
import type { ToolSetup } from '../../../gateway/connect/setup/tool-setup.ts';
import { TestHome, TestKeys } from './home.ts';

const PLACE: Place = {
  ...{ origin: 'http://127.0.0.1:7411', system: 'linux', model: 'big/one', smallModel: 'small' },
  ...{ contextWindow: 200_000, maxOutputTokens: 32_000, images: true },
  offered: [{ id: 'blind', contextWindow: 8_000, maxOutputTokens: 4_000, images: false }],
};

/** What people have in the files that tools are set up by. */
const THEIRS: Readonly<Record<string, string>> = {
  '.claude/settings.json': '{\r\n\t"verbose": true,\r\n\t"env": { "ANTHROPIC_MODEL": "opus" }\r\n}',
  '.codex/config.toml': '# mine\nmodel = "gpt-5" # the usual\n\n[tui]\ntheme = "dark"',
  '.codex/.env': 'OTHER=1\n',
  '.config/opencode/opencode.jsonc': '{"theme": "x", /* y */ "provider": {"mine": {}}}\n',
  '.config/kilo/kilo.json': '\ufeff{\n}\n',
  '.local/share/opencode/auth.json': '{"other":{"type":"api","key":"sk-theirs-theirs-theirs"}}',
  '.qwen/settings.json': '{\n  "modelProviders": {\n    "openai": [\n      { "id": "mine" }\n    ]\n  }\n}\n',
  '.factory/settings.json': '{\n  "customModels": []\n}\n',
  '.kimi-code/config.toml': '[providers.mine]\ntype = "kimi"\n',
  '.pi/agent/settings.json': '{ "theme": "light" }',
  '.aider.conf.yml': '# aider\n\n## model\nmodel: gpt-4o\ndark-mode: true\n',
  '.cline/data/settings/providers.json': '{"version":1,"lastUsedProvider":"cline","modes":{},"providers":{}}',
  '.continue/config.yaml':
    'name: Mine\nversion: 0.0.1\nschema: v1\nmodels:\n  # first\n  - name: a\n    provider: openai\n',
  '.config/Code/User/chatLanguageModels.json': '[\n  // mine\n  {"name": "x", "vendor": "y"}\n]\n',
  '.config/zed/settings.json':
    '// Zed settings\n{\n  "theme": "One Dark",\n  "agent": { "default_model": { "provider": "x", "model": "y" } }\n}\n',
  '.bashrc': 'alias ll="ls -l"',
};
const WITH_FILES = SETUPS.filter(({ id }) => !['cursor', 'roo-code', 'jetbrains'].includes(id));

let home: TestHome;
let data: TestHome;
let keys: TestKeys;
let desk: Desk;
beforeEach(() => {
  home = new TestHome();
  data = new TestHome();
  keys = new TestKeys();
  desk = { machine: home.machine(), records: new Records(data.path), keys, now: () => 1 };
  onTestFinished(() => {
    home[Symbol.dispose]();
    data[Symbol.dispose]();
  });
});

const setupOf = (id: string) => SETUPS.find((setup) => setup.id === id) as ToolSetup;

describe.each(WITH_FILES.map((setup) => [setup.id, setup] as const))('%s', (id, setup) => {
  it.each(['an empty home', 'a home with settings of its own'])(
    'in %s comes and goes without a trace',
    async (kind) => {
      if (kind !== 'an empty home')
        for (const [path, text] of Object.entries(THEIRS)) home.write(path, text, 0o640);
      // Copilot's file is VS Code's.
      home.write('.config/Code/User/settings.json', '{}');
      const before = home.state();
      const { record, newKey, changes } = await connect(desk, setup, PLACE);
      expect(changes.length).toBeGreaterThan(0);
      expect(keys.made).toMatchObject([{ name: id, live: true }]);
      const written = changes.map(({ path }) => readFileSync(path, 'utf8')).join('\n');
      expect(written).toContain(PLACE.origin);
      if (id !== 'zed') expect(written).toContain(newKey);
      expect(written).not.toContain(KEY_PLACEHOLDER);
      for (const { path, now } of changes)
        expect(statSync(path).mode & 0o777).toBe(
          now === null ? 0o600 : before[path.slice(home.path.length + 1)]?.startsWith('644') ? 0o644 : 0o640,
        );
      expect(readFileSync(join(data.path, `connected/${id}.json`), 'utf8')).not.toContain(newKey);
      expect(statSync(join(data.path, `connected/${id}.json`)).mode & 0o777).toBe(0o600);

      const after = home.state();
      expect(await connect(desk, setup, PLACE)).toMatchObject({
        record: { keyId: record.keyId },
        newKey: null,
      });
      expect(home.state()).toEqual(after);
      expect(keys.made).toHaveLength(1);

      await connect(desk, setup, { ...PLACE, model: 'another' });
      const again = changes.map(({ path }) => readFileSync(path, 'utf8')).join('\n');
      expect(again).not.toContain('big/one');

      expect(await disconnect(desk, id)).toMatchObject({ failures: [] });
      expect(home.state()).toEqual(before);
      expect(keys.made.map(({ live }) => live)).not.toContain(true);
      expect(await disconnect(desk, id)).toBeNull();
    },
  );

  it('leaves what came since, and takes its own out', async () => {
    home.write('.config/Code/User/settings.json', '{}');
    const { changes, newKey } = await connect(desk, setup, PLACE);
    const comment = (path: string) => (/\.(json|jsonc)$/.test(path) ? '// later\n' : '# later\n');
    for (const { path } of changes)
      home.write(path.slice(home.path.length), comment(path) + readFileSync(path, 'utf8'), 0o600);
    const between = home.state();
    await connect(desk, setup, PLACE);
    expect(home.state()).toEqual(between);

    const gone = await disconnect(desk, id);
    expect(gone?.changes.map(({ exact, kept }) => [exact, kept])).toEqual(changes.map(() => [false, []]));
    for (const { path } of changes) {
      const left = readFileSync(path, 'utf8');
      expect(left).toContain('later');
      expect(left).not.toContain('127.0.0.1');
      expect(left).not.toContain(newKey);
    }
  });
});

describe('a file', () => {
  it('behind a link stays behind it', async () => {
    const real = home.write('dotfiles/claude.json', '{"a": 1}', 0o600);
    home.write('.claude/x', '');
    symlinkSync(real, join(home.path, '.claude/settings.json'));
    const before = home.state();
    await connect(desk, setupOf('claude-code'), PLACE);
    expect(JSON.parse(home.read('dotfiles/claude.json')).env.ANTHROPIC_MODEL).toBe('big/one');
    expect(home.state()['.claude/settings.json']).toBe(`link to ${real}`);
    await disconnect(desk, 'claude-code');
    expect(home.state()).toEqual(before);
  });

  it('that is broken is named with its line; nothing is written and no key is left', async () => {
    home.write('.pi/agent/auth.json', '{\n  "x": \n}');
    const before = home.state();
    await expect(connect(desk, setupOf('pi'), PLACE)).rejects.toThrow(
      /auth\.json, line 3, is no valid JSON .*It is left as it is\./,
    );
    expect(home.state()).toEqual(before);
    expect(keys.made.filter(({ live }) => live)).toEqual([]);
    expect(desk.records.list()).toEqual([]);
  });

  it('in which a comment would hide all from the tool is not written to, and may be taken out of', async () => {
    home.write('.claude/settings.json', '{\n  // mine\n  "verbose": true\n}');
    await expect(connect(desk, setupOf('claude-code'), PLACE)).rejects.toThrow(
      /settings\.json, line 2, has a comment .* It is left as it is\./,
    );
    home.write('.claude/settings.json', '{}');
    await connect(desk, setupOf('claude-code'), PLACE);
    home.write('.claude/settings.json', home.read('.claude/settings.json').replace('{', '{ // later'));
    expect(await disconnect(desk, 'claude-code')).toMatchObject({ failures: [] });
    expect(home.read('.claude/settings.json')).toMatch(/^\{ \/\/ later\s*\}$/);
  });

  it('that cannot be written takes the others back', async () => {
    home.write('.pi/agent/models.json', '{}');
    // A folder stands where the last file belongs.
    home.write('.pi/agent/auth.json/x', '');
    const before = home.state();
    await expect(connect(desk, setupOf('pi'), PLACE)).rejects.toThrow('auth.json is no file');
    expect(home.state()).toEqual(before);
  });

  it('that broke since keeps its record, and the key is revoked', async () => {
    await connect(desk, setupOf('claude-code'), PLACE);
    const path = '.claude/settings.json';
    const ours = home.read(path);
    home.write(path, ours.slice(0, -3));
    expect((await disconnect(desk, 'claude-code'))?.failures).toHaveLength(1);
    expect(keys.made.filter(({ live }) => live)).toEqual([]);
    home.write(path, ours, 0o600);
    expect((await disconnect(desk, 'claude-code'))?.failures).toEqual([]);
    expect(existsSync(join(home.path, path))).toBe(false);
  });

  it('whose value somebody changed keeps that value, and says so', async () => {
    home.write('.claude/settings.json', '{"env": {"ANTHROPIC_MODEL": "opus"}}');
    await connect(desk, setupOf('claude-code'), PLACE);
    home.write('.claude/settings.json', home.read('.claude/settings.json').replace('7411/api', '9999/mine'));
    const gone = await disconnect(desk, 'claude-code');
    expect(gone?.changes[0]).toMatchObject({ exact: false, kept: [['env', 'ANTHROPIC_BASE_URL']] });
    expect(JSON.parse(home.read('.claude/settings.json'))).toEqual({
      env: { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9999/mine', ANTHROPIC_MODEL: 'opus' },
    });
  });
});

it('a table of ours that somebody changed stays whole, until it is connected again', async () => {
  const theirs = '# mine\nmodel = "gpt"\n\n[tui]\ntheme = "dark"\n';
  home.write('.codex/config.toml', theirs);
  const before = home.state();
  const change = () =>
    home.write('.codex/config.toml', home.read('.codex/config.toml').replace(':7411/', ':9999/'), 0o644);

  await connect(desk, setupOf('codex'), PLACE);
  const written = home.read('.codex/config.toml');
  change();
  const gone = await disconnect(desk, 'codex');
  expect(gone?.changes[0]?.kept).toEqual([['model_providers', 'ntl', 'base_url']]);
  const left = home.read('.codex/config.toml');
  expect(left).toContain(
    '[model_providers.ntl]\nname = "NoTokenLimit Desktop"\nbase_url = "http://127.0.0.1:9999/',
  );
  expect(left).toContain('# mine\nmodel = "gpt"\n');

  home.write('.codex/config.toml', theirs);
  await connect(desk, setupOf('codex'), PLACE);
  change();
  home.write('.codex/config.toml', `${home.read('.codex/config.toml')}query_params = {}\n`);
  await connect(desk, setupOf('codex'), PLACE);
  expect(home.read('.codex/config.toml')).toBe(written);
  await disconnect(desk, 'codex');
  expect(home.state()).toEqual(before);
});

it('the models there are stand in the tool’s own list, with what each takes', async () => {
  await connect(desk, setupOf('opencode'), PLACE);
  const { provider, model, small_model } = JSON.parse(home.read('.config/opencode/opencode.json'));
  expect([model, small_model]).toEqual(['ntl/big/one', 'ntl/small']);
  expect(Object.keys(provider.ntl.models)).toEqual(['big/one', 'small', 'blind']);
  expect(provider.ntl.models.blind).toEqual({ limit: { context: 8_000, output: 4_000 } });
  await connect(desk, setupOf('pi'), PLACE);
  const { models } = JSON.parse(home.read('.pi/agent/models.json')).providers.ntl;
  expect(models[2]).toEqual({ id: 'blind', input: ['text'], contextWindow: 8_000, maxTokens: 4_000 });
  await connect(desk, setupOf('pi'), { ...PLACE, offered: [] });
  expect(home.read('.pi/agent/models.json')).not.toContain('blind');
});

it('Copilot is set in each VS Code there is, and in the shell for its program', async () => {
  home.write('.config/Code/User/settings.json', '{}');
  home.write('.config/Code - Insiders/User/settings.json', '{}');
  home.write('.local/bin/copilot', '', 0o755);
  const { record, newKey } = await connect(desk, setupOf('copilot'), PLACE);
  expect(record.files).toHaveLength(3);
  for (const editor of ['Code', 'Code - Insiders']) {
    const [entry] = JSON.parse(home.read(`.config/${editor}/User/chatLanguageModels.json`));
    expect(entry).toMatchObject({ vendor: 'customendpoint', apiKey: newKey });
    expect(entry.models.map(({ vision }: { vision: boolean }) => vision)).toEqual([true, true, false]);
  }
  expect(home.read('.bashrc')).toContain(`export COPILOT_PROVIDER_API_KEY=${newKey}`);
});

it('what a tool wrote into our part of its file goes with it', async () => {
  home.write('.cline/data/x', '');
  await connect(desk, setupOf('cline'), PLACE);
  const path = '.cline/data/settings/providers.json';
  const settings = JSON.parse(home.read(path));
  settings.providers['openai-compatible'].updatedAt = '2026-11-26T00:00:00.000Z';
  settings.providers.mine = {};
  home.write(path, JSON.stringify(settings));
  await disconnect(desk, 'cline');
  expect(JSON.parse(home.read(path))).toEqual({ providers: { mine: {} } });
});

it('a key that was revoked is replaced by a new one', async () => {
  const setup = setupOf('aider');
  await connect(desk, setup, PLACE);
  await keys.revoke('1');
  expect((await preview(desk, setup, PLACE)).settled).toBe(false);
  const { newKey } = await connect(desk, setup, PLACE);
  expect(home.read('.aider.conf.yml')).toContain(newKey);
  expect((await preview(desk, setup, PLACE)).settled).toBe(true);
});

it('a tool that is set by hand gets a key once', async () => {
  const setup = setupOf('jetbrains');
  const before = home.state();
  expect((await connect(desk, setup, PLACE)).newKey).toMatch(/^ntl_live_/);
  expect((await connect(desk, setup, PLACE)).newKey).toBeNull();
  expect(home.state()).toEqual(before);
  await disconnect(desk, 'jetbrains');
  expect(keys.made).toMatchObject([{ live: false }]);
});
